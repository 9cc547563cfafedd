#include "lpa/certificates.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <doctest/doctest.h>
#include <openssl/pem.h>

#include "base/openssl.hpp"
#include "base/read_file.hpp"
#include "sim/encode.hpp"
#include "sim/issue.hpp"
#include "sim/pki.hpp"
#include "sim/state.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/temporary_directory.hpp"

using lpa::ServerRole;
using test::hex;

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds in_2026 = std::chrono::sys_days(2026y / 6 / 1);

base::Bytes octets_of(const std::string& text) { return {text.begin(), text.end()}; }

/// The simulated issuer of a curve, trusted by a file with its certificate or with `instead`.
struct Issuer {
  explicit Issuer(sim::Curve curve, const base::Bytes& instead = {})
      : party(sim::test_ci(curve)), file(directory.path() / "ci.der"), trust(lpa::FileTrust{file}) {
    const auto& der = instead.empty() ? party.certificate.der() : instead;
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(der.data()), static_cast<std::streamsize>(der.size()));
  }

  [[nodiscard]] lpa::ServerCertificateCheck check(ServerRole role = ServerRole::authentication,
                                                  std::chrono::sys_seconds now = in_2026) const {
    return {role, {}, party.certificate.key_id(), now, trust};
  }

  test::TemporaryDirectory directory;
  sim::Party party;
  std::filesystem::path file;
  lpa::Trust trust;
};

sim::Party server(sim::Curve curve = sim::Curve::nist, sim::Role role = sim::Role::dp_auth,
                  const std::string& registered_id = "2.999.10") {
  return sim::test_server(curve, role, registered_id);
}

std::string refusal(base::ByteView der, const lpa::ServerCertificateCheck& check) {
  const auto error = test::error_of([&] { lpa::check_server_certificate(der, check); });
  if (!error) return "none";
  CHECK(error->code() == "smdp.certificate");
  CHECK(error->kind() == base::ErrorKind::refused);
  return error->what();
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A certificate of GSMA's test files in DER.
base::Bytes recorded(const std::string& name) {
  const auto text = base::read_file(ESIMCTL_TEST_DATA "/ci/" + name, 10'000);
  REQUIRE(text);
  const base::BioPtr memory(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  const base::X509Ptr read(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  REQUIRE(read);
  base::Bytes der(static_cast<std::size_t>(i2d_X509(read.get(), nullptr)));
  auto* at = der.data();
  i2d_X509(read.get(), &at);
  return der;
}

base::Bytes recorded_answer(const std::string& name) {
  const auto text = base::read_file(ESIMCTL_TEST_DATA "/es10/" + name, 10'000);
  REQUIRE(text);
  return hex(text->substr(0, text->find('\n')));
}

const auto sgp26_nist = "F54172BDF98A95D65CBEB88A38A1C11D800A85C3";
const auto sgp26_brainpool = "C0BC70BA36929D43B467FF57570530E57AB8FCD8";

}  // namespace

TEST_CASE("a certificate of each role that the issuer made is taken, on either curve") {
  for (const auto curve : {sim::Curve::nist, sim::Curve::brainpool}) {
    const Issuer issuer(curve);
    for (const auto& [theirs, ours] : {std::pair{sim::Role::dp_auth, ServerRole::authentication},
                                       std::pair{sim::Role::dp_pb, ServerRole::binding},
                                       std::pair{sim::Role::ds_auth, ServerRole::discovery}}) {
      CHECK(lpa::check_server_certificate(server(curve, theirs).certificate.der(),
                                          issuer.check(ours)));
    }
  }
}

TEST_CASE("a certificate for another role is refused") {
  const Issuer issuer(sim::Curve::nist);
  for (const auto role : {sim::Role::dp_pb, sim::Role::dp_tls, sim::Role::ds_auth}) {
    CHECK(mentions(refusal(server(sim::Curve::nist, role).certificate.der(), issuer.check()),
                   "it is not for an SM-DP+ to authenticate itself"));
  }
  const auto binding = issuer.check(ServerRole::binding);
  CHECK(mentions(refusal(server().certificate.der(), binding), "to bind profile packages"));
  CHECK(mentions(refusal(issuer.party.certificate.der(), issuer.check()), "it is not for"));
}

TEST_CASE("the object identifier of an activation code has to be the certificate's") {
  const Issuer issuer(sim::Curve::nist);
  auto check = issuer.check();
  check.oid = "2.999.10";
  CHECK(lpa::check_server_certificate(server().certificate.der(), check));
  for (const auto* other : {"2.999.1", "2.999.100", "2.999.11"}) {
    check.oid = other;
    CHECK(mentions(refusal(server().certificate.der(), check), "server 2.999.10, and the"));
  }
  const auto& ci = issuer.party;
  const auto nameless = sim::make_certificate({.role = sim::Role::dp_auth,
                                               .issuer = ci.certificate.subject(),
                                               .subject = {"Server", "", "Server"},
                                               .registered_id = "",
                                               .dns_names = {"smdp.example"}},
                                              server().key.public_key(), ci.key);
  CHECK(mentions(refusal(nameless.der(), check), "no server in particular"));
  CHECK_FALSE(lpa::registered_id(nameless.der()));
}

TEST_CASE("a certificate by somebody else's key under the issuer's name is refused") {
  const Issuer issuer(sim::Curve::nist);
  const auto object = sim::x509::unpack_signed(server().certificate.der()).object;
  const auto stranger = sim::PrivateKey::generate(sim::Curve::nist);
  CHECK(mentions(refusal(sim::x509::sign(object, stranger), issuer.check()),
                 "it is not signed by its issuer, esimctl-sim Test CI"));
  CHECK(lpa::check_server_certificate(sim::x509::sign(object, issuer.party.key), issuer.check()));
}

TEST_CASE("a certificate that was changed after its issuer signed it is refused") {
  const Issuer issuer(sim::Curve::nist);
  auto der = server().certificate.der();
  CHECK(lpa::check_server_certificate(der, issuer.check()));
  const auto name = octets_of("Simulated SM-DP+");
  const auto found = std::ranges::search(der, name);
  REQUIRE_FALSE(found.empty());
  found.front() = 'T';
  CHECK(mentions(refusal(der, issuer.check()), "it is not signed by its issuer"));
}

TEST_CASE("a certificate of another issuer than the server chose is refused") {
  const Issuer nist(sim::Curve::nist);
  const Issuer brainpool(sim::Curve::brainpool);
  CHECK(mentions(refusal(server(sim::Curve::brainpool).certificate.der(), nist.check()),
                 "it does not name the issuer that the server chose, esimctl-sim Test CI (NIST"));
  CHECK(mentions(refusal(server().certificate.der(), brainpool.check()), "does not name"));
}

TEST_CASE("a certificate holds from its first second to its last, and the clock may be to blame") {
  const Issuer issuer(sim::Curve::nist);
  const auto der = server().certificate.der();
  const std::chrono::sys_seconds first = std::chrono::sys_days(2020y / 1 / 1);
  const std::chrono::sys_seconds last = std::chrono::sys_days(2050y / 1 / 1) - 1s;
  const auto at = [&](std::chrono::sys_seconds now) {
    return issuer.check(ServerRole::authentication, now);
  };
  CHECK(lpa::check_server_certificate(der, at(first)));
  CHECK(lpa::check_server_certificate(der, at(last)));
  CHECK(mentions(refusal(der, at(first - 1s)), "it is not valid before 2020-01-01T00:00:00Z"));
  CHECK(mentions(refusal(der, at(last + 1s)), "it expired on 2049-12-31T23:59:59Z"));
  const auto error = test::error_of([&] { lpa::check_server_certificate(der, at(last + 1s)); });
  REQUIRE(error->hints().size() == 1);
  CHECK(mentions(error->hints()[0], "clock of this machine, which shows 2050-01-01T00:00:00Z"));
}

TEST_CASE("octets that are no certificate, too many or more than one are refused") {
  const Issuer issuer(sim::Curve::nist);
  const auto der = server().certificate.der();
  auto longer = der;
  longer.push_back(0);
  auto twice = der;
  twice.insert(twice.end(), der.begin(), der.end());
  const auto cut = base::Bytes(der.begin(), der.end() - 1);
  base::Bytes huge;
  tlv::append(huge, 0x30, base::Bytes(16UL * 1024));
  for (const auto& octets : {longer, twice, cut, huge, base::Bytes(), hex("3000")}) {
    CHECK(mentions(refusal(octets, issuer.check()), "it cannot be read"));
    CHECK_FALSE(lpa::registered_id(octets));
    CHECK_FALSE(lpa::signed_by(octets, hex("00"), base::Bytes(64)));
  }
}

TEST_CASE("GSMA's test certificates hold below the known issuers, in test mode alone") {
  const lpa::Trust testing = lpa::CardTrust{{}, true};
  const lpa::Trust usual = lpa::CardTrust{{hex(sgp26_nist)}, false};
  const lpa::Trust system = lpa::SystemTrust{};
  const auto nist = recorded("sgp26-smdp-auth-nist.pem");
  const auto check = [&](const lpa::Trust& trust) {
    return lpa::ServerCertificateCheck{ServerRole::authentication, "2.999.10", hex(sgp26_nist),
                                       in_2026, trust};
  };
  CHECK(lpa::check_server_certificate(nist, check(testing)));
  CHECK_FALSE(lpa::check_server_certificate(nist, check(usual)));
  CHECK_FALSE(lpa::check_server_certificate(nist, check(system)));
  CHECK(lpa::check_server_certificate(
      recorded("sgp26-smdp-auth-brainpool.pem"),
      {ServerRole::authentication, "2.999.10", hex(sgp26_brainpool), in_2026, testing}));
  CHECK(lpa::check_server_certificate(
      recorded("sgp26-smdp-pb-nist.pem"),
      {ServerRole::binding, "2.999.10", hex(sgp26_nist), in_2026, testing}));
  auto forged = nist;
  forged.back() = static_cast<std::uint8_t>(forged.back() ^ 1U);
  CHECK(mentions(refusal(forged, check(testing)), "not signed by its issuer, SGP.26 Test CI"));
}

TEST_CASE("of the certificates in a file those with the issuer's key identifier count") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "several.pem";
  for (const auto* name : {"rsp2-root-ci1.pem", "sgp26-brainpool.pem", "sgp26-nist.pem"}) {
    std::ofstream(file, std::ios::app)
        << base::read_file(ESIMCTL_TEST_DATA "/ci/" + std::string(name), 10'000).value();
  }
  const lpa::Trust several = lpa::FileTrust{file};
  const lpa::Trust one = lpa::FileTrust{ESIMCTL_TEST_DATA "/ci/sgp26-brainpool.pem"};
  const lpa::Trust none = lpa::FileTrust{directory.path() / "missing.pem"};
  const auto nist = recorded("sgp26-smdp-auth-nist.pem");
  const auto check = [&](const lpa::Trust& trust) {
    return lpa::ServerCertificateCheck{
        ServerRole::authentication, {}, hex(sgp26_nist), in_2026, trust};
  };
  CHECK(lpa::check_server_certificate(nist, check(several)));
  CHECK_FALSE(lpa::check_server_certificate(nist, check(one)));
  CHECK(test::error_code([&] { lpa::check_server_certificate(nist, check(none)); }) ==
        "trust.file");
}

TEST_CASE("an issuer of whom only the name is known leaves the chain to the card") {
  const lpa::Trust card = lpa::CardTrust{{}, true};
  const auto certificate = server().certificate;
  auto check = lpa::ServerCertificateCheck{
      ServerRole::authentication, {}, certificate.issuer_key_id(), in_2026, card};
  CHECK_FALSE(lpa::check_server_certificate(certificate.der(), check));
  check.oid = "2.999.11";  // what needs no key is looked at all the same
  CHECK(mentions(refusal(certificate.der(), check), "and the activation code wants 2.999.11"));
}

TEST_CASE("the object identifier of a server is read from its certificate") {
  CHECK(lpa::registered_id(server().certificate.der()) == "2.999.10");
  CHECK(lpa::registered_id(recorded("sgp26-smdp-pb-nist.pem")) == "2.999.10");
  CHECK(lpa::registered_id(recorded("sgp26-smdp-tls.pem")) == "2.999.10");  // after a host name
  CHECK(lpa::registered_id(recorded("entrust-esim-ca.pem")) == "2.16.840.1.114028.20.10.0");
}

TEST_CASE("a signature holds over its message by its key and over nothing else") {
  for (const auto curve : {sim::Curve::nist, sim::Curve::brainpool}) {
    const auto signer = server(curve);
    const auto message = octets_of("what was said");
    const auto signature = signer.key.sign(message);
    const auto der = signer.certificate.der();
    CHECK(lpa::signed_by(der, message, signature));
    for (const std::size_t at : {0UL, 31UL, 32UL, 63UL}) {
      auto flipped = signature;
      flipped[at] = static_cast<std::uint8_t>(flipped[at] ^ 1U);
      CHECK_FALSE(lpa::signed_by(der, message, flipped));
    }
    CHECK_FALSE(lpa::signed_by(der, octets_of("what was meant"), signature));
    CHECK_FALSE(
        lpa::signed_by(server(curve, sim::Role::dp_pb).certificate.der(), message, signature));
    CHECK_FALSE(lpa::signed_by(der, message, base::ByteView(signature).first(63)));
    CHECK_FALSE(lpa::signed_by(der, message, base::Bytes(64)));
    CHECK_FALSE(lpa::signed_by(der, message, {}));
  }
}

TEST_CASE("what a real card signed holds by the certificate that it showed") {
  const auto answer = recorded_answer("infineon-authenticate.hex");
  const auto certificate = lpa::euicc_certificate(answer);
  REQUIRE(certificate);
  auto installation = recorded_answer("infineon-installation.hex");
  CHECK(lpa::installation_signed_by(*certificate, installation));
  installation.back() = static_cast<std::uint8_t>(installation.back() ^ 1U);
  CHECK_FALSE(lpa::installation_signed_by(*certificate, installation));
}

TEST_CASE("what the simulated card signed holds by the certificate that it showed") {
  for (const auto curve : {sim::Curve::nist, sim::Curve::brainpool}) {
    const auto party = sim::test_euicc(curve, sim::fresh().eid);
    const auto data = sim::element(0xBF27, hex("800101"));
    const auto result = [&](const base::Bytes& signature) {
      return sim::element(0xBF37, sim::join({data, sim::element(0x5F37, signature)}));
    };
    const auto& der = party.certificate.der();
    CHECK(lpa::installation_signed_by(der, result(party.key.sign(data))));
    CHECK_FALSE(lpa::installation_signed_by(der, result(party.key.sign(hex("800101")))));
    CHECK_FALSE(
        lpa::installation_signed_by(server(curve).certificate.der(), result(party.key.sign(data))));
  }
}

TEST_CASE("an answer that is no whole success has no certificate of the card") {
  const auto answer = recorded_answer("infineon-authenticate.hex");
  REQUIRE(lpa::euicc_certificate(answer));
  CHECK(hex(*lpa::euicc_certificate(answer)).starts_with("30820200"));
  for (const auto* octets :
       {"", "BF38", "BF3800", "BF3802A000", "BF3807A1058001010201 06", "BF3804A0023000",
        "BF3808A006 30005F3700 3000", "BF2109A00730005F37003000", "BF3809A00730005F37003100"}) {
    CAPTURE(octets);
    CHECK_FALSE(lpa::euicc_certificate(hex(octets)));
  }
  CHECK(lpa::euicc_certificate(hex("BF3809A00730005F37003000")) == hex("3000"));
  for (const auto* octets : {"", "BF3700", "BF3703BF2700", "BF3708 BF270000 5F3700"}) {
    CHECK_FALSE(lpa::installation_signed_by(server().certificate.der(), hex(octets)));
  }
}
