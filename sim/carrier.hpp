#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sim/carrier_state.hpp"
#include "sim/http_message.hpp"
#include "sim/json.hpp"

/// What the simulated carriers have in common: accounts, tokens, codes, and the way to an answer.
namespace sim {

/// A request that is not carried out; the provider words it.
class Refusal : public std::runtime_error {
 public:
  Refusal(int status, const std::string& message) : std::runtime_error(message), status_(status) {}
  [[nodiscard]] int status() const { return status_; }

 private:
  int status_;
};

/// A carrier while it answers one request.
class Carrier {
 public:
  explicit Carrier(CarrierState& state) : state_(&state) {}

  [[nodiscard]] CarrierState& state() const { return *state_; }
  [[nodiscard]] const CarrierSettings& settings() const { return state_->settings; }
  [[nodiscard]] std::uint64_t now() const;  ///< seconds since 1970

  [[nodiscard]] CarrierAccount* account(const std::string& user) const;
  [[nodiscard]] CarrierLine* line(const std::string& id) const;
  [[nodiscard]] CarrierLine* line_with_iccid(const std::string& iccid) const;

  [[nodiscard]] bool locked(const CarrierAccount& account) const;
  /// A sign-in that failed; it may lock the account.
  void failed(CarrierAccount& account) const;
  /// Whether `code` is the account's of now and of no step that was taken already. It is taken
  /// then.
  [[nodiscard]] bool takes_code(CarrierAccount& account, const std::string& code) const;

  /// Hands out a token, or keeps `token` when there is one already.
  CarrierSession begin(const std::string& kind, const std::string& user, std::uint64_t seconds,
                       std::string token = "") const;
  /// The token, while it lives.
  [[nodiscard]] CarrierSession* session(const std::string& kind, const std::string& token) const;
  void end_token(const std::string& token) const;
  void end_tokens_of(const std::string& user) const;

 private:
  CarrierState* state_;
};

/// A random token of 64 hexadecimal digits, and one that looks like a JSON Web Token (RFC 7519).
std::string random_token();
std::string web_token(const std::string& subject, std::uint64_t issued, std::uint64_t expires);

/// RFC 3339 of seconds since 1970, and back for what the state has.
std::string to_time(std::uint64_t seconds);
std::uint64_t from_time(const std::string& text);

/// A request on its way to the answer.
struct Call {
  Carrier carrier;
  const HttpRequest& request;
  std::vector<std::string> parts{};  ///< of the path
  HttpFields query{};

  /// The JSON object in the body, whose Content-Type has to say so. Throws JsonFault and Refusal.
  [[nodiscard]] JsonObject body() const;
  /// The form in the body, likewise.
  [[nodiscard]] HttpFields form() const;
  /// A number of the query; throws Refusal (400) when it is none, or not between the two.
  [[nodiscard]] std::uint64_t number(const std::string& name, std::uint64_t otherwise,
                                     std::uint64_t least = 0, std::uint64_t most = INT64_MAX) const;
  /// What follows `Bearer`; empty when there is none.
  [[nodiscard]] std::string bearer() const;
  /// User and password of RFC 7617; empty when there are none.
  [[nodiscard]] std::optional<std::pair<std::string, std::string>> basic() const;
};

struct Route {
  std::string_view method;
  std::string_view pattern;  ///< of the path, {} for a part that may be anything
  HttpAnswer (*run)(Call& call);
  bool open = false;  ///< needs no token
};

/// One carrier's API.
struct CarrierApi {
  std::string_view name;
  std::span<const Route> routes;
  /// Throws Refusal when the request has no right to be here.
  void (*guard)(Call& call);
  /// The body that goes with a status that is no success.
  HttpAnswer (*refuse)(int status, const std::string& message);
  /// A carrier for practice with an account, three lines and two months.
  CarrierState (*fresh)(std::uint64_t now);
};

/// Answers one request; `state` may change.
HttpAnswer answer_carrier(const CarrierApi& api, CarrierState& state, const HttpRequest& request);

HttpAnswer json_answer(const JsonObject& json);
HttpAnswer json_answer(const std::vector<JsonObject>& list);

/// The items of a list from `first` on, at most `count`.
template <class T>
std::vector<T> page_of(const std::vector<T>& all, std::uint64_t first, std::uint64_t count) {
  std::vector<T> page;
  for (auto i = first; i < all.size() && page.size() < count; ++i) page.push_back(all[i]);
  return page;
}

/// The common part of the fresh carriers: an account with a second factor, three lines of which two
/// are on the fresh card, usage since the first day of the month before.
CarrierState fresh_carrier(std::string_view provider, std::uint64_t now);

}  // namespace sim
