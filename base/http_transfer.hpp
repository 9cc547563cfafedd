#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <functional>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/curl_library.hpp"
#include "base/error.hpp"
#include "base/http.hpp"
#include "base/http_failure.hpp"
#include "base/http_target.hpp"

namespace base {

/// Whether a body goes with the request, an empty one included.
bool has_body(const HttpRequest& request);

/// One request while it is under way: what libcurl calls back for it, and its limits. Borrows all
/// that it is made with. `add_later` adds a header to those that libcurl has.
class HttpTransfer {
 public:
  HttpTransfer(const CurlLibrary& curl, CURL* easy, const HttpRequest& request,
               const HttpTarget& target, const HttpSettings& settings, Clock& clock,
               std::function<void(const HttpHeader& header)> add_later);

  /// When the connection is there, and nothing of the request has been sent. The results of this
  /// and the next three are those of libcurl's callbacks.
  int ready(const char* address);
  std::size_t give(char* to, std::size_t room);
  std::size_t take_header(std::string_view line);
  std::size_t take_body(std::string_view part);

  /// libcurl's account of what it does; it alone tells which proxy it has chosen.
  void read_account(std::string_view line);

  /// Throws when a limit is reached or the request is called off.
  void must_go_on() const;

  [[nodiscard]] Error too_large() const;
  [[nodiscard]] HttpFailure failure(CURLcode code) const;

  /// What a callback threw; libcurl is C and lets nothing through.
  [[nodiscard]] const std::exception_ptr& thrown() const { return thrown_; }
  [[nodiscard]] HttpResponse& response() { return response_; }
  [[nodiscard]] char* explanation() { return explanation_.data(); }

 private:
  template <class Result, class Work>
  Result guarded(Result good, Result bad, const Work& work);
  void tell(const char* address) const;

  const CurlLibrary* curl_;
  CURL* easy_;
  const HttpRequest* request_;
  const HttpTarget* target_;
  const HttpSettings* settings_;
  Clock* clock_;
  std::function<void(const HttpHeader& header)> add_later_;
  Clock::TimePoint started_at_;
  Clock::TimePoint moved_at_;
  Bytes made_;
  ByteView unsent_;
  bool ready_ = false;
  std::size_t header_bytes_ = 0;
  std::string proxy_;
  std::array<char, CURL_ERROR_SIZE> explanation_{};
  HttpResponse response_;
  std::exception_ptr thrown_;
};

}  // namespace base
