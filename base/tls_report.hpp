#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <openssl/types.h>

#include "base/error.hpp"

namespace base {

/// What a look at a server's certificates found; all text is fit to be shown.
struct TlsReport {
  int result = 0;                  ///< X509_V_OK or another X509_V_*
  std::string subject;             ///< of the certificate that `result` is about
  std::string not_before;          ///< of that certificate, as "2026-11-25 20:00 UTC"
  std::string not_after;           ///< likewise
  std::string issuer;              ///< whom the top of the chain names as its issuer
  std::string issuer_key_id;       ///< that issuer's key identifier in hexadecimal; may be empty
  std::vector<std::string> names;  ///< that the server's own certificate is good for
};

/// Reads the report off a verification that has been made.
TlsReport tls_report(X509_STORE_CTX* verification);

/// The error for certificates of `host` that were refused. With a `result` of X509_V_OK it is their
/// names that do not fit. Codes: `http.tls-*` (kind network).
Error tls_error(const TlsReport& report, std::string_view host, const std::string& untrusted_hint);

}  // namespace base
