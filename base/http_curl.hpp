#pragma once

#include <memory>

#include "base/clock.hpp"
#include "base/http.hpp"

namespace base {

/// A client that is libcurl's, over HTTP/1.1, by the proxy that `https_proxy`, `all_proxy` and
/// `no_proxy` name. Time limits go by `clock`, which must outlive it.
std::unique_ptr<HttpClient> curl_client(HttpSettings settings, Clock& clock);

}  // namespace base
