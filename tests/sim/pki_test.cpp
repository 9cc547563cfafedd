#include "sim/pki.hpp"

#include <memory>
#include <string>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "sim/issue.hpp"
#include "sim/revocation.hpp"
#include "tests/sim/simulated.hpp"

// What the simulator writes is read here by libcrypto's own X.509 code.

using sim::Certificate;
using sim::Curve;
using sim::Role;
using sim::test::hex;

namespace {

using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;

X509Pointer foreign(const Certificate& certificate) {
  const auto& der = certificate.der();
  const auto* at = der.data();
  X509Pointer read(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
  REQUIRE(read != nullptr);
  REQUIRE(at == der.data() + der.size());
  return read;
}

bool foreign_issued(const Certificate& issuer, const Certificate& subject) {
  const auto above = foreign(issuer);
  const auto below = foreign(subject);
  return X509_verify(below.get(), X509_get0_pubkey(above.get())) == 1 &&
         X509_NAME_cmp(X509_get_issuer_name(below.get()), X509_get_subject_name(above.get())) == 0;
}

std::string policy(const Certificate& certificate) {
  const auto read = foreign(certificate);
  auto* const policies = static_cast<CERTIFICATEPOLICIES*>(
      X509_get_ext_d2i(read.get(), NID_certificate_policies, nullptr, nullptr));
  REQUIRE(policies != nullptr);
  REQUIRE(sk_POLICYINFO_num(policies) == 1);
  std::string text(80, '\0');
  const auto size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()),
                                sk_POLICYINFO_value(policies, 0)->policyid, 1);
  text.resize(static_cast<std::size_t>(size));
  CERTIFICATEPOLICIES_free(policies);
  return text;
}

const base::Bytes eid = hex("89049032000000000000000000042164");

}  // namespace

TEST_CASE("each certificate of the test PKI is one to another reader as well") {
  for (const auto curve : {Curve::nist, Curve::brainpool}) {
    const auto ci = sim::test_ci(curve).certificate;
    const auto eum = sim::test_eum(curve, "89049032").certificate;
    const auto euicc = sim::test_euicc(curve, eid).certificate;
    const auto auth = sim::test_server(curve, Role::dp_auth, "2.999.10").certificate;
    const auto pb = sim::test_server(curve, Role::dp_pb, "2.999.10").certificate;
    CHECK(foreign_issued(ci, ci));
    CHECK(foreign_issued(ci, eum));
    CHECK(foreign_issued(eum, euicc));
    CHECK(foreign_issued(ci, auth));
    CHECK(foreign_issued(ci, pb));
    CHECK_FALSE(foreign_issued(eum, auth));
    CHECK(policy(ci) == "2.23.146.1.2.1.0");
    CHECK(policy(euicc) == "2.23.146.1.2.1.1");
    CHECK(policy(eum) == "2.23.146.1.2.1.2");
    CHECK(policy(auth) == "2.23.146.1.2.1.4");
    CHECK(policy(pb) == "2.23.146.1.2.1.5");
    CHECK(X509_check_ca(foreign(ci).get()) == 1);
    CHECK(X509_check_ca(foreign(eum).get()) == 1);
    CHECK(X509_check_ca(foreign(euicc).get()) == 0);
  }
}

TEST_CASE("a TLS certificate is good for its name and for no other") {
  const auto ci = sim::test_ci(Curve::nist).certificate;
  const auto tls =
      sim::test_server(Curve::nist, Role::dp_tls, "2.999.10", {"localhost", "smdp.example"});
  const auto read = foreign(tls.certificate);
  CHECK(policy(tls.certificate) == "2.23.146.1.2.1.3");
  CHECK(X509_check_host(read.get(), "smdp.example", 0, 0, nullptr) == 1);
  CHECK(X509_check_host(read.get(), "other.example", 0, 0, nullptr) == 0);
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(),
                                                                      &X509_STORE_free);
  X509_STORE_add_cert(store.get(), foreign(ci).get());
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(
      X509_STORE_CTX_new(), &X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), read.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
  CHECK(X509_verify_cert(context.get()) == 1);
}

TEST_CASE("a chain holds for the eUICC that it was made for, and for none else") {
  const auto ci = sim::test_ci(Curve::nist);
  const auto eum = sim::test_eum(Curve::nist, "89049032");
  const auto euicc = sim::test_euicc(Curve::nist, eid);
  CHECK(sim::is_euicc_chain(euicc.certificate, eum.certificate, ci.certificate));

  const auto other_ci = sim::test_ci(Curve::brainpool);
  CHECK_FALSE(sim::is_euicc_chain(euicc.certificate, eum.certificate, other_ci.certificate));
  const auto other_eum = sim::test_eum(Curve::nist, "89044000");
  CHECK_FALSE(sim::is_euicc_chain(euicc.certificate, other_eum.certificate, ci.certificate));
  const auto auth = sim::test_server(Curve::nist, Role::dp_auth, "2.999.10");
  CHECK_FALSE(sim::is_euicc_chain(auth.certificate, eum.certificate, ci.certificate));

  sim::CertificateFields fields{.role = Role::euicc,
                                .issuer = eum.certificate.subject(),
                                .subject = euicc.certificate.subject(),
                                .registered_id = "",
                                .dns_names = {}};
  fields.subject.serial_number = "89044000000000000000000000042164";  // not an EID of this EUM
  const auto stranger = make_certificate(fields, euicc.key.public_key(), eum.key);
  CHECK(stranger.issued_by(eum.certificate));
  CHECK_FALSE(sim::is_euicc_chain(stranger, eum.certificate, ci.certificate));
  fields.subject = euicc.certificate.subject();
  fields.role = Role::dp_auth;
  fields.registered_id = "2.999.10";
  const auto wrong_role = make_certificate(fields, euicc.key.public_key(), eum.key);
  CHECK_FALSE(sim::is_euicc_chain(wrong_role, eum.certificate, ci.certificate));
  fields.role = Role::euicc;
  const auto forged = make_certificate(fields, euicc.key.public_key(), euicc.key);
  CHECK_FALSE(sim::is_euicc_chain(forged, eum.certificate, ci.certificate));
}

TEST_CASE("a certificate with one bit turned is refused or not issued by its issuer") {
  const auto ci = sim::test_ci(Curve::nist).certificate;
  const auto auth = sim::test_server(Curve::nist, Role::dp_auth, "2.999.10").certificate;
  for (std::size_t i = 0; i < auth.der().size(); ++i) {
    auto damaged = auth.der();
    damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ 0x04U);
    const auto read = Certificate::read(damaged);
    INFO("octet " << i);
    CHECK_FALSE((read && read->issued_by(ci)));
  }
}

TEST_CASE("the fresh card lists the issuers of the test PKI") {
  const auto state = sim::fresh();
  for (const auto curve : {Curve::nist, Curve::brainpool}) {
    const auto key_id = sim::test_ci(curve).key.public_key().key_id();
    CHECK(sim::known_ci(state, key_id));
    const auto identity = sim::identity(state, key_id);
    REQUIRE(identity);
    CHECK(sim::is_euicc_chain(identity->euicc.certificate, identity->eum, identity->ci));
    CHECK(identity->euicc.certificate.subject().serial_number ==
          "89049032000000000000000000042164");
  }
  CHECK_FALSE(sim::identity(state, hex("F54172BDF98A95D65CBEB88A38A1C11D800A85C3")));
}

TEST_CASE("a card may have keys of its own") {
  auto state = sim::fresh();
  const auto identity =
      sim::identity(state, sim::test_ci(Curve::brainpool).key.public_key().key_id()).value();
  const auto key = sim::PrivateKey::from_scalar(Curve::brainpool, base::Bytes(32, 0x11));
  state.keys = {{base::Bytes(32, 0x11), identity.euicc.certificate.der(), identity.eum.der(),
                 identity.ci.der()}};
  const auto own = sim::identity(state, identity.ci.key_id());
  REQUIRE(own);
  CHECK(own->euicc.key.public_key().point() == key.public_key().point());
  CHECK_FALSE(sim::identity(state, sim::test_ci(Curve::nist).key.public_key().key_id()));
  CHECK(sim::from_json(sim::to_json(state), "state") == state);
}
