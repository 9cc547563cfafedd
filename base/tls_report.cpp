#include "base/tls_report.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/bytes.hpp"
#include "base/openssl.hpp"
#include "base/text.hpp"

namespace base {
namespace {

constexpr std::size_t most_names = 8;

std::string utc(const std::tm& time) {
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &time)};
}

std::string utc(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? utc(parts) : "a date that cannot be read";
}

std::string clock_shows() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  return utc(parts);
}

std::string text(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

/// The common name where there is one, else the whole name on one line.
std::string shown(const X509_NAME* name) {
  const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (at >= 0) return clean(text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))));
  const BioPtr memory(BIO_new(BIO_s_mem()));
  if (!memory || X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  char* line = nullptr;
  const auto length = BIO_get_mem_data(memory.get(), &line);
  return clean({line, static_cast<std::size_t>(length)});
}

std::string hex(const ASN1_OCTET_STRING* octets) {
  if (octets == nullptr) return {};
  return to_hex(
      {ASN1_STRING_get0_data(octets), static_cast<std::size_t>(ASN1_STRING_length(octets))});
}

std::string address(const ASN1_OCTET_STRING* octets) {
  std::array<char, INET6_ADDRSTRLEN> shown_as{};
  const auto length = ASN1_STRING_length(octets);
  if (length != 4 && length != 16) return {};
  const char* const done =
      inet_ntop(length == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(octets), shown_as.data(),
                shown_as.size());
  return done == nullptr ? std::string() : std::string(done);
}

std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> names;
  const GeneralNamesPtr all(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()) && names.size() < most_names; ++i) {
    int type = 0;
    const void* const value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &type);
    if (type == GEN_DNS) names.push_back(clean(text(static_cast<const ASN1_STRING*>(value))));
    if (type == GEN_IPADD) names.push_back(address(static_cast<const ASN1_OCTET_STRING*>(value)));
  }
  if (names.empty()) names.push_back(shown(X509_get_subject_name(certificate)));
  return names;
}

/// How the issuer is called in a message: by name and, where it is known, key identifier.
std::string called(const TlsReport& report) {
  if (report.issuer_key_id.empty()) return fmt::format("“{}”", report.issuer);
  return fmt::format("“{}” (key id {})", report.issuer, report.issuer_key_id);
}

Error error(const char* code, const std::string& message) {
  return {ErrorKind::network, code, message};
}

}  // namespace

TlsReport tls_report(X509_STORE_CTX* verification) {
  TlsReport report;
  report.result = X509_STORE_CTX_get_error(verification);
  const auto* culprit = X509_STORE_CTX_get_current_cert(verification);
  const auto* const own = X509_STORE_CTX_get0_cert(verification);
  if (culprit == nullptr) culprit = own;
  if (culprit != nullptr) {
    report.subject = shown(X509_get_subject_name(culprit));
    report.not_before = utc(X509_get0_notBefore(culprit));
    report.not_after = utc(X509_get0_notAfter(culprit));
  }
  if (own != nullptr) report.names = names_of(own);
  const auto* const chain = X509_STORE_CTX_get0_chain(verification);
  if (const int length = sk_X509_num(chain); length > 0) {
    auto* const top = sk_X509_value(chain, length - 1);
    report.issuer = shown(X509_get_issuer_name(top));
    report.issuer_key_id = hex(X509_get0_authority_key_id(top));
    const bool own_issuer =
        X509_NAME_cmp(X509_get_issuer_name(top), X509_get_subject_name(top)) == 0;
    if (report.issuer_key_id.empty() && own_issuer) {
      report.issuer_key_id = hex(X509_get0_subject_key_id(top));
    }
  }
  return report;
}

Error tls_error(const TlsReport& report, std::string_view host, const std::string& untrusted_hint) {
  switch (report.result) {
    case X509_V_OK:
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return error("http.tls-wrong-host",
                   fmt::format("the server that answers for {} has a certificate for {}", host,
                               fmt::join(report.names, ", ")))
          .hint("check the address; somebody between here and the server may answer for it");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED: {
      auto untrusted =
          error("http.tls-unknown-issuer",
                fmt::format("the certificate of {} is vouched for by {}, which is not trusted here",
                            host, called(report)));
      if (!untrusted_hint.empty()) untrusted.hint(untrusted_hint);
      return untrusted;
    }
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return error("http.tls-signature",
                   fmt::format("the certificate “{}” of {} is not signed by the one that it names",
                               report.subject, host))
          .hint("somebody between here and the server may answer for it");
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return error("http.tls-expired", fmt::format("the certificate “{}” of {} was valid until {}",
                                                   report.subject, host, report.not_after))
          .hint(fmt::format("the clock of this machine shows {}; if that is wrong, set it",
                            clock_shows()));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return error("http.tls-not-yet-valid",
                   fmt::format("the certificate “{}” of {} is valid only from {}", report.subject,
                               host, report.not_before))
          .hint(fmt::format("the clock of this machine may be wrong; it shows {}", clock_shows()));
    default:
      return error("http.tls-chain", fmt::format("the certificates of {} do not hold: {}", host,
                                                 X509_verify_cert_error_string(report.result)));
  }
}

}  // namespace base
