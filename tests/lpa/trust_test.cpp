#include "lpa/trust.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "base/bytes.hpp"
#include "base/openssl.hpp"
#include "base/read_file.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/https_server.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds in_2026 = std::chrono::sys_days(2026y / 6 / 1);
constexpr std::chrono::sys_seconds in_2028 = std::chrono::sys_days(2028y / 1 / 1);

const auto rsp2 = "81370F5125D0B1D408D4C3B232E6D25E795BEBFB";
const auto oiste = "4C27967AD20C14B391E9601E41E604AD57C0222F";
const auto pixel = "B60F0B897FD630B88CFED6161F8EA808C5382AC3";  // until 2027-05-10
const auto sgp26 = "F54172BDF98A95D65CBEB88A38A1C11D800A85C3";
const auto stranger = "5BC99966F5D5D82FE7DC8E044B5C21B61243E05C";

lpa::CardTrust listing(const std::vector<std::string>& key_ids, bool test_mode = false) {
  lpa::CardTrust trust{{}, test_mode};
  for (const auto& id : key_ids) trust.listed.push_back(test::hex(id));
  return trust;
}

std::vector<std::string> trusted(const lpa::CardTrust& trust,
                                 std::chrono::sys_seconds now = in_2026) {
  std::vector<std::string> ids;
  for (const auto& issuer : lpa::trusted_issuers(trust, now)) ids.emplace_back(issuer.key_id);
  return ids;
}

base::X509Ptr certificate(const std::string& pem) {
  const base::BioPtr memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return base::X509Ptr(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
}

base::X509Ptr recorded(const std::string& name) {
  auto text = base::read_file(ESIMCTL_TEST_DATA "/ci/" + name, 10'000);
  REQUIRE(text);
  auto read = certificate(*text);
  REQUIRE(read);
  return read;
}

const lpa::Issuer& known(std::string_view key_id) {
  const auto all = lpa::issuers();
  const auto found = std::ranges::find(all, key_id, &lpa::Issuer::key_id);
  REQUIRE(found != all.end());
  return *found;
}

/// What X509_verify_cert says of a server's certificate with one anchor.
int verified(X509* leaf, X509* anchor, std::chrono::sys_seconds when) {
  const base::OpensslPtr<X509_STORE, X509_STORE_free> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), anchor);
  const base::OpensslPtr<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), leaf, nullptr);
  X509_STORE_CTX_set_time(context.get(), 0, std::chrono::system_clock::to_time_t(when));
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

}  // namespace

TEST_CASE("trusted are the issuers that the card lists and RSP2 Root CI1, unless they expired") {
  CHECK(trusted(listing({})) == std::vector<std::string>{rsp2});
  CHECK(trusted(listing({oiste})) == std::vector<std::string>{rsp2, oiste});
  CHECK(trusted(listing({rsp2})) == std::vector<std::string>{rsp2});
  CHECK(trusted(listing({stranger})) == std::vector<std::string>{rsp2});
  CHECK(trusted(listing({pixel})) == std::vector<std::string>{rsp2, pixel});
  CHECK(trusted(listing({pixel}), in_2028) == std::vector<std::string>{rsp2});
}

TEST_CASE("an issuer is trusted until its last second") {
  const auto last = known(pixel).not_after;
  CHECK(trusted(listing({pixel}), last).size() == 2);
  CHECK(trusted(listing({pixel}), last + 1s).size() == 1);
}

TEST_CASE("the issuers of SGP.26, whose keys everybody has, are trusted in test mode alone") {
  CHECK(trusted(listing({sgp26})) == std::vector<std::string>{rsp2});
  CHECK(trusted(listing({sgp26}, true)) == std::vector<std::string>{rsp2, sgp26});
  CHECK(trusted(listing({}, true)) == std::vector<std::string>{rsp2});
}

TEST_CASE("the key identifier of each known issuer is the hash of its key") {
  for (const auto& issuer : lpa::issuers()) {
    if (issuer.public_key.empty()) continue;  // a name alone
    CAPTURE(issuer.key_id);
    const auto point = test::hex(issuer.public_key);
    base::Bytes digest(SHA_DIGEST_LENGTH);
    EVP_Digest(point.data(), point.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
    CHECK(base::to_hex(digest) == issuer.key_id);
  }
}

TEST_CASE("an anchor has the name, key and end of the issuer's real certificate") {
  for (const auto* name : {"rsp2-root-ci1.pem", "oiste-gsma-ci-g1.pem", "entrust-esim-ca.pem",
                           "sgp26-nist.pem", "sgp26-brainpool.pem"}) {
    CAPTURE(name);
    const auto real = recorded(name);
    const auto* const key_id = X509_get0_subject_key_id(real.get());
    const auto& issuer = known(base::to_hex(
        {ASN1_STRING_get0_data(key_id), static_cast<std::size_t>(ASN1_STRING_length(key_id))}));
    const auto made = certificate(lpa::anchor(issuer));
    REQUIRE(made);
    CHECK(X509_NAME_cmp(X509_get_subject_name(made.get()), X509_get_subject_name(real.get())) == 0);
    CHECK(EVP_PKEY_eq(X509_get0_pubkey(made.get()), X509_get0_pubkey(real.get())) == 1);
    CHECK(ASN1_TIME_compare(X509_get0_notAfter(made.get()), X509_get0_notAfter(real.get())) == 0);
    CHECK(ASN1_OCTET_STRING_cmp(X509_get0_subject_key_id(made.get()), key_id) == 0);
    // The real one was made with the key that the anchor has.
    CHECK(X509_verify(real.get(), X509_get0_pubkey(made.get())) == 1);
    CHECK(X509_check_ca(made.get()) == 1);
    CHECK(X509_get_key_usage(made.get()) == KU_KEY_CERT_SIGN);
  }
}

TEST_CASE("every known issuer becomes an anchor with a signature that is not its own") {
  for (const auto& issuer : lpa::issuers()) {
    if (issuer.public_key.empty()) continue;  // a name alone
    CAPTURE(issuer.name);
    const auto made = certificate(lpa::anchor(issuer));
    REQUIRE(made);
    CHECK(X509_verify(made.get(), X509_get0_pubkey(made.get())) != 1);
  }
}

TEST_CASE("a point that is not on the curve becomes no anchor") {
  auto issuer = known(rsp2);
  const std::string off = std::string(issuer.public_key.substr(0, 129)) + "7";
  issuer.public_key = off;
  CHECK(test::error_code([&] { lpa::anchor(issuer); }) == "trust.anchor");
  issuer.public_key = "";
  CHECK(test::error_code([&] { lpa::anchor(issuer); }) == "trust.anchor");
}

TEST_CASE("a server's certificate of SGP.26 holds with the anchor of its issuer and no other") {
  const auto leaf = recorded("sgp26-smdp-tls.pem");
  const std::chrono::sys_seconds then = std::chrono::sys_days(2024y / 1 / 1);
  const auto check = [&](std::string_view key_id) {
    return verified(leaf.get(), certificate(lpa::anchor(known(key_id))).get(), then);
  };
  CHECK(check(sgp26) == X509_V_OK);
  CHECK(check(rsp2) == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  // The brainpool issuer of SGP.26 has the same name.
  CHECK(check("C0BC70BA36929D43B467FF57570530E57AB8FCD8") ==
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

TEST_CASE("an issuer on a brainpool curve vouches for a server") {
  const test::Authority authority("Brainpool Root", "brainpoolP256r1");
  const auto identity = test::issue(authority);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  CHECK(verified(identity.certificate.get(), certificate(lpa::anchor(authority.facts())).get(),
                 now) == X509_V_OK);
  const test::Authority namesake("Brainpool Root", "brainpoolP256r1");
  CHECK(verified(identity.certificate.get(), certificate(lpa::anchor(namesake.facts())).get(),
                 now) != X509_V_OK);
}

TEST_CASE("a server whose issuer the card does not list is refused, with those that it does") {
  const test::Authority authority("Test Root");
  const test::HttpsServer server(
      test::issue(authority), [](const test::ServedRequest&) { return test::Served{200, "", {}}; });
  const auto trust = lpa::http_trust(listing({oiste}), in_2026);
  base::HttpSettings settings;
  settings.anchors = trust.anchors;
  settings.untrusted_hint = trust.untrusted_hint;
  settings.hosts = {server.host()};
  test::Client client(settings);
  const auto error = test::error_of([&] { client.get(server.url("/")); });
  REQUIRE(error);
  CHECK(error->code() == "http.tls-unknown-issuer");
  CHECK(std::string(error->what()) == "the certificate of " + server.host() +
                                          " is vouched for by “Test Root” (key id " +
                                          authority.key_id() + "), which is not trusted here");
  CHECK(error->hints() ==
        std::vector<std::string>{
            "on the card's word are trusted: GSM Association - RSP2 Root CI1, OISTE GSMA CI G1; "
            "`--smdp-ca FILE` or `--smdp-ca system` trusts others for one run"});
  CHECK(server.requests() == 0);
}

TEST_CASE("a file of certificates is trusted instead, and alone") {
  const test::Authority authority("Lab Root");
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "lab.pem";
  std::ofstream(file) << lpa::anchor(authority.facts());
  const test::HttpsServer server(
      test::issue(authority), [](const test::ServedRequest&) { return test::Served{200, "", {}}; });
  const auto trust = lpa::http_trust(lpa::chosen_trust(file.string()), in_2026);
  base::HttpSettings settings;
  settings.anchors = trust.anchors;
  settings.hosts = {server.host()};
  CHECK(test::Client(settings).get(server.url("/")).status == 200);

  std::ofstream(file) << lpa::anchor(known(rsp2));
  settings.anchors = lpa::http_trust(lpa::chosen_trust(file.string()), in_2026).anchors;
  test::Client other(settings);
  CHECK(test::error_code([&] { other.get(server.url("/")); }) == "http.tls-unknown-issuer");
}

TEST_CASE("a certificate in DER is taken, and a file without any is refused") {
  const test::TemporaryDirectory directory;
  const auto made = certificate(lpa::anchor(known(oiste)));
  unsigned char* der = nullptr;
  const int length = i2d_X509(made.get(), &der);
  REQUIRE(length > 0);
  const auto file = directory.path() / "ci.der";
  std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(der), length);
  OPENSSL_free(der);
  const auto trust = lpa::http_trust(lpa::FileTrust{file}, in_2026);
  CHECK(certificate(std::get<base::PemAnchors>(trust.anchors).pem));

  const std::ofstream empty(directory.path() / "empty");
  const auto code = [&](const std::filesystem::path& path) {
    return test::error_code([&] { lpa::http_trust(lpa::FileTrust{path}, in_2026); });
  };
  CHECK(code(directory.path() / "empty") == "trust.file");
  CHECK(code(directory.path() / "missing") == "trust.file");
  CHECK(code(directory.path()) == "trust.file");
}

TEST_CASE("what servers are checked against can be told in a word") {
  CHECK(lpa::to_string(listing({})) == "card");
  CHECK(lpa::to_string(lpa::chosen_trust("system")) == "system");
  CHECK(lpa::to_string(lpa::chosen_trust("lab.pem")) == "lab.pem");
  CHECK(std::holds_alternative<base::SystemAnchors>(
      lpa::http_trust(lpa::SystemTrust{}, in_2026).anchors));
}

TEST_CASE("when every issuer has expired nothing is trusted, and the clock may be to blame") {
  const auto far = std::chrono::sys_seconds(std::chrono::sys_days(2070y / 1 / 1));
  const auto error = test::error_of([&] { lpa::http_trust(listing({oiste}), far); });
  REQUIRE(error);
  CHECK(error->code() == "trust.none");
}
