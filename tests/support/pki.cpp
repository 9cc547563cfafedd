#include "tests/support/pki.hpp"

#include <ctime>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/core_names.h>

#include "base/bytes.hpp"

namespace test {
namespace {

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot make a certificate for the test");
}

base::KeyPtr make_key(const std::string& curve) {
  base::KeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.c_str()));
  must(key != nullptr);
  return key;
}

base::Bytes point_of(EVP_PKEY* key) {
  std::size_t length = 0;
  must(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0, &length) == 1);
  base::Bytes point(length);
  must(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                       &length) == 1);
  return point;
}

std::string sha1_of(const base::Bytes& octets) {
  base::Bytes digest(EVP_MAX_MD_SIZE);
  unsigned length = 0;
  must(EVP_Digest(octets.data(), octets.size(), digest.data(), &length, EVP_sha1(), nullptr) == 1);
  digest.resize(length);
  return base::to_hex(digest);
}

void add_name(X509_NAME* name, const char* type, const std::string& value) {
  must(X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1,
                                  0) == 1);
}

void extend(X509* certificate, int type, const std::string& value) {
  const base::X509ExtensionPtr extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, type, value.c_str()));
  must(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

void add_authority_key_id(X509* certificate, const std::string& key_id) {
  const auto octets = *base::from_hex(key_id);
  base::OpensslPtr<AUTHORITY_KEYID, AUTHORITY_KEYID_free> id(AUTHORITY_KEYID_new());
  id->keyid = ASN1_OCTET_STRING_new();
  must(ASN1_OCTET_STRING_set(id->keyid, octets.data(), static_cast<int>(octets.size())) == 1);
  must(X509_add1_ext_i2d(certificate, NID_authority_key_identifier, id.get(), 0,
                         X509V3_ADD_DEFAULT) == 1);
}

struct Signer {
  base::X509NamePtr name;
  EVP_PKEY* key;
  std::string key_id;
};

base::X509Ptr make(const Signer& signer, const Wanted& wanted, EVP_PKEY* key,
                   const std::string& common_name, bool authority) {
  base::X509Ptr made(X509_new());
  auto* const certificate = made.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 7);
  const auto now = std::time(nullptr);
  ASN1_TIME_set(X509_getm_notBefore(certificate), now + wanted.valid_from.count());
  ASN1_TIME_set(X509_getm_notAfter(certificate), now + wanted.valid_until.count());
  add_name(X509_get_subject_name(certificate), "O", "Test");
  add_name(X509_get_subject_name(certificate), "CN", common_name);
  X509_set_issuer_name(certificate, signer.name.get());
  X509_set_pubkey(certificate, key);
  if (wanted.names_key) add_authority_key_id(certificate, signer.key_id);
  if (authority) {
    extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate, NID_key_usage, "critical,keyCertSign");
  } else {
    extend(certificate, NID_ext_key_usage, "serverAuth");
    extend(certificate, NID_subject_alt_name,
           fmt::format("DNS:{}", fmt::join(wanted.names, ",DNS:")));
  }
  must(X509_sign(certificate, signer.key, EVP_sha256()) > 0);
  return made;
}

Signer signer(const Authority& authority) {
  base::X509NamePtr name(X509_NAME_new());
  add_name(name.get(), "C", "ZZ");
  add_name(name.get(), "O", "Test");
  add_name(name.get(), "CN", authority.subject().substr(authority.subject().rfind('=') + 1));
  return {std::move(name), authority.key(), authority.key_id()};
}

}  // namespace

Authority::Authority(std::string common_name, std::string curve)
    : name_(std::move(common_name)),
      curve_(std::move(curve)),
      subject_("C=ZZ\nO=Test\nCN=" + name_),
      key_(make_key(curve_)),
      point_(base::to_hex(point_of(key_.get()))),
      key_id_(sha1_of(point_of(key_.get()))) {}

lpa::Issuer Authority::facts() const {
  const auto now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  return {key_id_, name_, false, subject_, curve_, point_, now + std::chrono::hours(24)};
}

Authority Authority::impostor() const {
  Authority other(name_, curve_);
  other.key_id_ = key_id_;
  return other;
}

Identity issue(const Authority& authority, const Wanted& wanted) {
  auto key = make_key("prime256v1");
  auto certificate = make(signer(authority), wanted, key.get(), "the server", false);
  return {std::move(key), std::move(certificate), {}};
}

Identity issue_by_sub_authority(const Authority& authority, const Wanted& wanted) {
  const auto between = make_key("prime256v1");
  auto middle = make(signer(authority), wanted, between.get(), "in between", true);
  const Signer next{base::X509NamePtr(X509_NAME_dup(X509_get_subject_name(middle.get()))),
                    between.get(), sha1_of(point_of(between.get()))};
  auto key = make_key("prime256v1");
  auto certificate = make(next, wanted, key.get(), "the server", false);
  Identity identity{std::move(key), std::move(certificate), {}};
  identity.chain.push_back(std::move(middle));
  return identity;
}

}  // namespace test
