#include "base/http_transfer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/text.hpp"

namespace base {

bool has_body(const HttpRequest& request) {
  const auto* const bytes = std::get_if<Bytes>(&request.body);
  return bytes == nullptr || !bytes->empty() || request.method == "POST";
}

template <class Result, class Work>
Result HttpTransfer::guarded(Result good, Result bad, const Work& work) {
  try {
    work();
    return good;
  } catch (...) {
    thrown_ = std::current_exception();
    return bad;
  }
}

HttpTransfer::HttpTransfer(const CurlLibrary& curl, CURL* easy, const HttpRequest& request,
                           const HttpTarget& target, const HttpSettings& settings, Clock& clock,
                           std::function<void(const HttpHeader& header)> add_later)
    : curl_(&curl),
      easy_(easy),
      request_(&request),
      target_(&target),
      settings_(&settings),
      clock_(&clock),
      add_later_(std::move(add_later)),
      started_at_(clock.now()),
      moved_at_(started_at_) {
  if (const auto* const bytes = std::get_if<Bytes>(&request.body)) unsent_ = *bytes;
}

int HttpTransfer::ready(const char* address) {
  return guarded(CURL_PREREQFUNC_OK, CURL_PREREQFUNC_ABORT, [&] {
    if (ready_ && has_body(*request_)) {
      // A kept connection was closed meanwhile. Whether the server has seen the request nobody
      // knows, so it is not repeated (RFC 9110 9.2.2).
      throw http_error(failure(CURLE_GOT_NOTHING));
    }
    const bool again = std::exchange(ready_, true);
    tell(address);
    if (request_->later_headers && !again) {
      for (const auto& header : request_->later_headers()) add_later_(header);
    }
    if (const auto* const later = std::get_if<LaterBody>(&request_->body)) {
      made_ = later->bytes();
      if (made_.size() != later->size) {
        throw Error(ErrorKind::internal, "internal.bug", "a body has another size than was said");
      }
      unsent_ = made_;
    }
    started_at_ = moved_at_ = clock_->now();
  });
}

std::size_t HttpTransfer::give(char* to, std::size_t room) {
  const auto count = std::min(room, unsent_.size());
  std::copy_n(unsent_.begin(), count, to);
  unsent_ = unsent_.subspan(count);
  moved_at_ = clock_->now();
  return count;
}

std::size_t HttpTransfer::take_header(std::string_view line) {
  return guarded(line.size(), std::size_t{0}, [&] {
    moved_at_ = clock_->now();
    header_bytes_ += line.size();
    if (header_bytes_ > settings_->limits.header_bytes) {
      throw Error(ErrorKind::network, "http.too-large",
                  fmt::format("the headers of {} are larger than {} bytes", target_->host(),
                              settings_->limits.header_bytes));
    }
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) response_.headers.clear();  // an interim answer came before
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return;
    auto value = line.substr(colon + 1);
    const auto first = value.find_first_not_of(" \t");
    value.remove_prefix(first == std::string_view::npos ? value.size() : first);
    value = value.substr(0, value.find_last_not_of(" \t") + 1);
    response_.headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
  });
}

std::size_t HttpTransfer::take_body(std::string_view part) {
  return guarded(part.size(), std::size_t{0}, [&] {
    moved_at_ = clock_->now();
    if (part.size() > settings_->limits.body_bytes - response_.body.size()) throw too_large();
    response_.body.insert(response_.body.end(), part.begin(), part.end());
  });
}

void HttpTransfer::read_account(std::string_view line) {
  constexpr std::string_view start = "Uses proxy env variable ";
  constexpr std::string_view exception = "uses proxy env variable no_proxy";
  if (!line.starts_with(start) || lower(line).starts_with(exception)) return;
  const auto open = line.find('\'');
  const auto close = line.rfind('\'');
  if (open == std::string_view::npos || close <= open) return;
  auto proxy = line.substr(open + 1, close - open - 1);
  const auto scheme = proxy.find("://");
  const auto user_from = scheme == std::string_view::npos ? 0 : scheme + 3;
  auto shown = std::string(proxy);
  if (const auto at = shown.rfind('@'); at != std::string::npos && at >= user_from) {
    shown.erase(user_from, at + 1 - user_from);
  }
  proxy_ = clean(shown);
}

void HttpTransfer::must_go_on() const {
  if (request_->stop.stop_requested()) {
    throw Error(ErrorKind::failure, "http.cancelled",
                fmt::format("the request to {} was called off", target_->host()));
  }
  const auto& limits = settings_->limits;
  const auto now = clock_->now();
  if (!ready_ && now - started_at_ > limits.connect) {
    throw http_error(failure(CURLE_OPERATION_TIMEDOUT));
  }
  if (ready_ && now - started_at_ > limits.total) {
    throw Error(ErrorKind::network, "http.timeout",
                fmt::format("{} did not answer within {} s", target_->host(),
                            std::chrono::duration<double>(limits.total).count()));
  }
  if (ready_ && now - moved_at_ > limits.stall) {
    throw Error(
        ErrorKind::network, "http.stalled",
        fmt::format("{} went silent for {} s, after {} bytes of its answer", target_->host(),
                    std::chrono::duration<double>(limits.stall).count(), response_.body.size()));
  }
}

Error HttpTransfer::too_large() const {
  return {ErrorKind::network, "http.too-large",
          fmt::format("the answer of {} is larger than {} bytes", target_->host(),
                      settings_->limits.body_bytes)};
}

HttpFailure HttpTransfer::failure(CURLcode code) const {
  HttpFailure told{.code = code,
                   .explanation = clean(explanation_.data()),
                   .host = target_->host(),
                   .proxy = proxy_,
                   .received_bytes = response_.body.size()};
  if (told.explanation.empty()) told.explanation = curl_->easy_strerror(code);
  long system_error = 0;
  curl_->easy_getinfo(easy_, CURLINFO_OS_ERRNO, &system_error);
  told.system_error = static_cast<int>(system_error);
  curl_->easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &told.proxy_status);
  return told;
}

void HttpTransfer::tell(const char* address) const {
  long made = 0;
  curl_->easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &made);
  if (made == 0 || !settings_->connected) return;
  settings_->connected({target_->host(), address == nullptr ? "" : address, proxy_});
}

}  // namespace base
