#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/http.hpp"

namespace test {

/// A request as a server sees it.
struct Asked {
  std::string method;
  std::string url;
  std::vector<base::HttpHeader> headers;
  std::string body;
  bool stoppable = false;  ///< it could be called off

  /// The last part of the path.
  [[nodiscard]] std::string function() const { return url.substr(url.rfind('/') + 1); }

  /// The values of a header, one behind the other; empty when it was not sent.
  [[nodiscard]] std::string header(std::string_view name) const {
    std::string found;
    for (const auto& each : headers) {
      if (each.name == name) found += each.value;
    }
    return found;
  }
};

/// A client whose server is a function, which may throw what a client does. It keeps what it sent.
class ScriptedHttp final : public base::HttpClient {
 public:
  using Answer = std::function<base::HttpResponse(const Asked& asked)>;

  explicit ScriptedHttp(Answer answer) : answer_(std::move(answer)) {}

  /// The same answer to every request.
  explicit ScriptedHttp(std::string_view body, int status = 200)
      : answer_([answer = response(body, status)](const Asked&) { return answer; }) {}

  static base::HttpResponse response(std::string_view body, int status = 200) {
    return {status, {}, {body.begin(), body.end()}};
  }

  base::HttpResponse send(const base::HttpRequest& request) override {
    must_go_on(request);
    const auto body = octets(request.body);
    must_go_on(request);
    auto headers = request.headers;
    if (request.later_headers)
      std::ranges::copy(request.later_headers(), std::back_inserter(headers));
    asked_.push_back({request.method,
                      request.url,
                      std::move(headers),
                      {body.begin(), body.end()},
                      request.stop.stop_possible()});
    auto answer = answer_(asked_.back());
    must_go_on(request);
    return answer;
  }

  [[nodiscard]] base::HttpCounters counters() const override {
    base::HttpCounters counted;
    counted.requests = asked_.size();
    return counted;
  }

  [[nodiscard]] const std::vector<Asked>& asked() const { return asked_; }

 private:
  static void must_go_on(const base::HttpRequest& request) {
    if (!request.stop.stop_requested()) return;
    throw base::Error(base::ErrorKind::failure, "http.cancelled", "called off");
  }

  static base::Bytes octets(const std::variant<base::Bytes, base::LaterBody>& body) {
    const auto* const later = std::get_if<base::LaterBody>(&body);
    if (later == nullptr) return std::get<base::Bytes>(body);
    auto made = later->bytes();
    if (made.size() != later->size) throw std::logic_error("a body of another size than announced");
    return made;
  }

  Answer answer_;
  std::vector<Asked> asked_;
};

}  // namespace test
