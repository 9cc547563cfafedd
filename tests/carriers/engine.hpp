#pragma once

#include <deque>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/utc.hpp"
#include "carriers/exchange.hpp"
#include "carriers/provider_file.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/set_clock.hpp"

namespace test {

using Json = nlohmann::json;

inline base::UtcTime noon() { return base::from_rfc3339("2027-03-15T12:00:00Z").value(); }

/// A provider that signs in with a password, and has one list of lines that tells all.
inline Json plain_provider() {
  return Json::parse(R"({
    "id": "plain", "title": "Plain", "evidence": "documented",
    "hosts": ["api.example.com", "data.example.com"],
    "variables": {
      "user": {"title": "Name"},
      "password": {"title": "Password", "secret": true},
      "note": {"title": "Note", "optional": true}},
    "login": {"steps": [{
      "request": {"method": "POST", "url": "https://api.example.com/login",
                  "json": {"user": "${user}", "password": "${password}", "note": "${note?}"}},
      "extract": {"token": "/token"}}]},
    "auth": {"headers": {"X-Token": "${token}"}},
    "lines": {"request": {"url": "https://data.example.com/lines"}, "items": "/lines/*",
              "keys": {"id": "/id", "iccid": {"at": "/iccid", "optional": true}}},
    "usage": {"used": {"at": "/used", "unit": "B"}}
  })");
}

inline carriers::Provider read(const Json& json) {
  return carriers::read_provider(json.dump(), "plain.json");
}

inline carriers::Variables variables(const std::map<std::string, std::string>& values) {
  carriers::Variables made;
  for (const auto& [name, value] : values) made.emplace(name, base::Secret(value));
  return made;
}

inline base::HttpResponse status(int number, const std::string& body = "",
                                 std::vector<base::HttpHeader> headers = {}) {
  auto made = ScriptedHttp::response(body, number);
  made.headers = std::move(headers);
  return made;
}

/// A provider and a server that answers as it is told to, one request after another.
struct Engine {
  explicit Engine(const Json& json, std::deque<base::HttpResponse> script = {})
      : answers(std::move(script)), provider(read(json)) {}

  std::deque<base::HttpResponse> answers;
  carriers::Provider provider;
  SetClock clock{noon()};
  ScriptedHttp http{[this](const Asked&) {
    if (answers.empty()) throw std::logic_error("a request that nobody waits for");
    auto next = std::move(answers.front());
    answers.pop_front();
    return next;
  }};
  carriers::Exchange exchange{provider, http, clock};
  carriers::Variables account = variables({{"user", "me"}, {"password", "hush-hush"}});
  carriers::Variables session = variables({{"token", "token-of-session"}});

  [[nodiscard]] carriers::Scope scope() const { return carriers::Scope().with(account); }
  [[nodiscard]] carriers::Scope signed_in() const { return scope().with(session); }
  [[nodiscard]] const std::vector<Asked>& asked() const { return http.asked(); }
};

}  // namespace test
