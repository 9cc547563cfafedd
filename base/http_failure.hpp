#pragma once

#include <cstddef>
#include <string>

#include <curl/curl.h>

#include "base/error.hpp"

namespace base {

/// How far a request came that libcurl gave up.
struct HttpFailure {
  CURLcode code = CURLE_OK;
  std::string explanation;  ///< libcurl's own words
  std::string host;
  std::string proxy;               ///< empty when none was used
  long proxy_status = 0;           ///< what the proxy answered, 0 for nothing
  int system_error = 0;            ///< errno of the connection, 0 for none
  std::size_t received_bytes = 0;  ///< of the answer's body
};

/// The error for it. Failed checks of certificates are `tls_error`'s business.
Error http_error(const HttpFailure& failure);

}  // namespace base
