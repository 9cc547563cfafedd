#include "base/http_target.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace base {
namespace {

constexpr std::string_view default_port = "443";

std::string part(const CurlLibrary& curl, CURLU* url, CURLUPart what, unsigned flags = 0) {
  char* value = nullptr;
  if (curl.url_get(url, what, &value, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(value, curl.free);
  return value;
}

std::string with_port(const std::string& host, std::string_view port) {
  return port == default_port ? host : fmt::format("{}:{}", host, port);
}

/// As `with_port` writes it, for an entry that may have the default port or none.
std::string normal(std::string_view entry) {
  auto host = lower(entry);
  const auto suffix = fmt::format(":{}", default_port);
  if (host.ends_with(suffix)) host.resize(host.size() - suffix.size());
  return host;
}

Error unsendable(const std::string& url, std::string_view reason) {
  return {ErrorKind::usage, "http.unsendable",
          fmt::format("“{}” cannot be asked: {}", clean(url, 120), reason)};
}

}  // namespace

HttpTarget::HttpTarget(const CurlLibrary& curl, const std::string& url,
                       std::span<const std::string> allowed)
    : url_(curl.url(), curl.url_cleanup) {
  if (url_ == nullptr || url.find('\0') != std::string::npos ||
      curl.url_set(url_.get(), CURLUPART_URL, url.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) {
    throw unsendable(url, "it is no address that can be read, or it has a user in it");
  }
  if (part(curl, url_.get(), CURLUPART_SCHEME) != "https") {
    throw unsendable(url, "only https is spoken");
  }
  const auto host = lower(part(curl, url_.get(), CURLUPART_HOST));
  // Servers are known that refuse a name in upper case.
  if (curl.url_set(url_.get(), CURLUPART_HOST, host.c_str(), 0) != CURLUE_OK) {
    throw unsendable(url, "it names no host");
  }
  host_ = with_port(host, part(curl, url_.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT));
  if (std::ranges::find(allowed, host_, normal) == allowed.end()) {
    throw Error(ErrorKind::usage, "http.host-not-allowed",
                fmt::format("{} is not one of the servers that may be asked here", clean(host_)));
  }
}

}  // namespace base
