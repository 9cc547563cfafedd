#include "lpa/trust.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>

#include "base/error.hpp"
#include "base/openssl.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"

namespace lpa {
namespace {

constexpr std::string_view rsp2_root_ci1 = "81370F5125D0B1D408D4C3B232E6D25E795BEBFB";
constexpr std::string_view system_word = "system";
constexpr std::size_t most_file_bytes = 1024UL * 1024;

[[noreturn]] void cannot_make(const Issuer& issuer) {
  throw base::Error(base::ErrorKind::failure, "trust.anchor",
                    fmt::format("no trust anchor can be made for “{}”", issuer.name));
}

base::KeyPtr public_key(const Issuer& issuer) {
  auto point = base::from_hex(issuer.public_key).value_or(base::Bytes());
  std::string curve(issuer.curve);
  std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve.data(), curve.size()),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  const base::KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.data()) <= 0) {
    return nullptr;
  }
  return base::KeyPtr(key);
}

/// Names are compared without regard to string types and case (RFC 5280 7.1), so any type will do.
bool add_subject(X509_NAME* name, std::string_view subject) {
  while (!subject.empty()) {
    const auto line = subject.substr(0, subject.find('\n'));
    subject.remove_prefix(std::min(line.size() + 1, subject.size()));
    const auto equals = line.find('=');
    const std::string type(line.substr(0, equals));
    const auto value = line.substr(equals + 1);
    if (X509_NAME_add_entry_by_txt(name, type.c_str(), MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(value.data()),
                                   static_cast<int>(value.size()), -1, 0) != 1) {
      return false;
    }
  }
  return true;
}

bool add_extension(X509* certificate, int type, const char* value) {
  const base::X509ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, nullptr, type, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool add_key_id(X509* certificate, std::string_view key_id) {
  const auto octets = base::from_hex(key_id).value_or(base::Bytes());
  const base::OctetsPtr value(ASN1_OCTET_STRING_new());
  return value &&
         ASN1_OCTET_STRING_set(value.get(), octets.data(), static_cast<int>(octets.size())) == 1 &&
         X509_add1_ext_i2d(certificate, NID_subject_key_identifier, value.get(), 0,
                           X509V3_ADD_DEFAULT) == 1;
}

/// All of the certificate but its signature; without the extensions OpenSSL would not let it vouch
/// for others.
base::X509Ptr unsigned_anchor(const Issuer& issuer) {
  const auto key = public_key(issuer);
  base::X509Ptr certificate(X509_new());
  const base::X509NamePtr name(X509_NAME_new());
  const bool made =
      key && certificate && name && add_subject(name.get(), issuer.subject) &&
      X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
      ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1) == 1 &&
      X509_set_subject_name(certificate.get(), name.get()) == 1 &&
      X509_set_issuer_name(certificate.get(), name.get()) == 1 &&
      ASN1_TIME_set(X509_getm_notBefore(certificate.get()), 0) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(certificate.get()),
                    std::chrono::system_clock::to_time_t(issuer.not_after)) != nullptr &&
      X509_set_pubkey(certificate.get(), key.get()) == 1 &&
      add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE") &&
      add_extension(certificate.get(), NID_key_usage, "critical,keyCertSign") &&
      add_key_id(certificate.get(), issuer.key_id);
  if (!made) cannot_make(issuer);
  return certificate;
}

std::optional<std::string> pem(X509* certificate) {
  const base::BioPtr memory(BIO_new(BIO_s_mem()));
  if (!memory || PEM_write_bio_X509(memory.get(), certificate) != 1) return std::nullopt;
  char* text = nullptr;
  const auto length = BIO_get_mem_data(memory.get(), &text);
  return std::string(text, static_cast<std::size_t>(length));
}

/// The certificates of a file in PEM; empty when there is none.
std::string certificates_of(const std::string& content) {
  const base::BioPtr memory(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
  const base::X509Ptr first(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  if (first) return content;
  const auto* octets = reinterpret_cast<const unsigned char*>(content.data());
  const base::X509Ptr only(d2i_X509(nullptr, &octets, static_cast<long>(content.size())));
  if (!only) return {};
  return pem(only.get()).value_or(std::string());
}

HttpTrust trust_of(const CardTrust& trust, std::chrono::sys_seconds now) {
  const auto trusted = trusted_issuers(trust, now);
  if (trusted.empty()) {
    throw base::Error(base::ErrorKind::failure, "trust.none",
                      "every issuer that could vouch for a server has expired")
        .hint("check the clock of this machine")
        .hint("`--smdp-ca FILE` names another issuer for one run");
  }
  std::string anchors;
  std::vector<std::string_view> names;
  for (const auto& issuer : trusted) {
    anchors += anchor(issuer);
    names.push_back(issuer.name);
  }
  return {
      base::PemAnchors{std::move(anchors)},
      fmt::format("{} are trusted: {}; `--smdp-ca FILE` or `--smdp-ca system` trusts others "
                  "for one run",
                  trust.no_card ? "without a card" : "on the card's word", fmt::join(names, ", "))};
}

HttpTrust trust_of(const SystemTrust& /*trust*/, std::chrono::sys_seconds /*now*/) {
  return {base::SystemAnchors{},
          "trusted are the certificates of this machine, because of `--smdp-ca system`"};
}

HttpTrust trust_of(const FileTrust& trust, std::chrono::sys_seconds /*now*/) {
  const auto shown = base::clean(trust.file.string());
  const auto content = base::read_file(trust.file, most_file_bytes);
  if (!content) {
    throw base::Error(base::ErrorKind::usage, "trust.file",
                      fmt::format("{} cannot be read, or is larger than 1 MiB", shown))
        .hint("name a file of certificates in PEM or DER, or `system`");
  }
  auto certificates = certificates_of(*content);
  if (certificates.empty()) {
    throw base::Error(base::ErrorKind::usage, "trust.file",
                      fmt::format("{} has no certificate in PEM or DER", shown))
        .hint("an operator of a test server gives out the certificate of its issuer");
  }
  return {base::PemAnchors{std::move(certificates)},
          fmt::format("trusted are the certificates in {} alone, because of `--smdp-ca`", shown)};
}

}  // namespace

Trust chosen_trust(std::string_view choice) {
  if (choice == system_word) return SystemTrust{};
  return FileTrust{choice};
}

std::string to_string(const Trust& trust) {
  if (const auto* const chosen = std::get_if<FileTrust>(&trust)) {
    return base::clean(chosen->file.string());
  }
  if (std::holds_alternative<SystemTrust>(trust)) return std::string(system_word);
  const auto& issuers_of = std::get<CardTrust>(trust);
  if (issuers_of.test_mode) return "test";
  return issuers_of.no_card ? "known" : "card";
}

std::vector<Issuer> trusted_issuers(const CardTrust& trust, std::chrono::sys_seconds now) {
  std::vector<Issuer> trusted;
  std::ranges::copy_if(issuers(), std::back_inserter(trusted), [&](const Issuer& issuer) {
    const bool listed =
        trust.no_card || std::ranges::any_of(trust.listed, [&](const KeyId& key_id) {
          return base::to_hex(key_id) == issuer.key_id;
        });
    return (listed || issuer.key_id == rsp2_root_ci1) && (!issuer.test || trust.test_mode) &&
           !issuer.public_key.empty() && now <= issuer.not_after;
  });
  return trusted;
}

std::string anchor(const Issuer& issuer) {
  const auto certificate = unsigned_anchor(issuer);
  const base::KeyPtr throw_away(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "prime256v1"));
  if (!throw_away || X509_sign(certificate.get(), throw_away.get(), EVP_sha256()) == 0) {
    cannot_make(issuer);
  }
  auto text = pem(certificate.get());
  if (!text) cannot_make(issuer);
  return *std::move(text);
}

HttpTrust http_trust(const Trust& trust, std::chrono::sys_seconds now) {
  return std::visit([&](const auto& each) { return trust_of(each, now); }, trust);
}

}  // namespace lpa
