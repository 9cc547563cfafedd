#pragma once

#include <memory>
#include <span>
#include <string>

#include <curl/urlapi.h>

#include "base/curl_library.hpp"

namespace base {

/// Where a request goes: the address as libcurl has taken it apart, so that what was looked at is
/// what is asked.
class HttpTarget {
 public:
  /// Throws Error `http.unsendable` for anything but https with a host and without user, and
  /// `http.host-not-allowed` for a host that is not one of `allowed` ("host" or "host:port").
  HttpTarget(const CurlLibrary& curl, const std::string& url, std::span<const std::string> allowed);

  /// "host", or "host:port" when it is not 443; in lower case.
  [[nodiscard]] const std::string& host() const { return host_; }

  /// Borrowed, for CURLOPT_CURLU.
  [[nodiscard]] CURLU* url() const { return url_.get(); }

 private:
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url_;
  std::string host_;
};

}  // namespace base
