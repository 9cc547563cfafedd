#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "base/http_curl.hpp"
#include "base/read_file.hpp"
#include "carriers/against.hpp"
#include "carriers/base32.hpp"
#include "carriers/provider_file.hpp"
#include "carriers/reading.hpp"
#include "carriers/sign_in.hpp"
#include "carriers/totp.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/served_carrier.hpp"
#include "tests/support/set_clock.hpp"

// An account at a simulated provider, over TLS. The simulators read no file of a provider.

namespace test {

using Values = std::map<std::string, std::string>;

inline std::string file_of(const std::string& path) {
  return base::read_file(path, 1UL << 20U).value();
}

inline carriers::Variables variables(const Values& values) {
  carriers::Variables made;
  for (const auto& [name, value] : values) made.emplace(name, base::Secret(value));
  return made;
}

/// What a user gives for the account of the simulated provider.
inline Values credentials(const sim::CarrierState& state) {
  const auto& account = state.accounts.front();
  const auto& settings = state.settings;
  if (state.provider == "soracom") return {{"email", account.user}, {"password", account.password}};
  if (state.provider == "emnify") {
    return {{"username", account.user},
            {"password", account.password},
            {"fingerprint", "fingerprint-of-this-device"}};
  }
  if (state.provider == "particle") {
    return {{"username", account.user},
            {"password", account.password},
            {"client_id", settings.client_id},
            {"client_secret", settings.client_secret}};
  }
  if (state.provider == "mint") {
    return {{"msisdn", account.user},
            {"password", account.password},
            {"app_token", settings.client_secret},
            {"app_channel", settings.client_id}};
  }
  if (state.provider == "twilio")
    return {{"account_sid", account.user}, {"auth_token", account.password}};
  return {{"api_key", account.password}};
}

/// One account at a simulated provider.
class Account {
 public:
  explicit Account(const ServedCarrier& served, const Values& other = {})
      : provider_(carriers::against(
            carriers::read_provider(file_of(ESIMCTL_TEST_TOP "/carriers/providers/" +
                                            served.state().provider + ".json"),
                                    served.state().provider),
            served.address())),
        key_{.secret = carriers::from_base32(served.state().accounts.front().totp_secret)
                           .value_or(base::Secret())} {
    base::HttpSettings settings;
    settings.anchors = base::PemAnchors{file_of(served.ca())};
    settings.hosts = provider_.hosts;
    http_ = base::curl_client(std::move(settings), clock_);
    auto values = credentials(served.state());
    for (const auto& [name, value] : other) values[name] = value;
    values_ = variables(values);
  }

  carriers::Exchange& exchange() { return exchange_ ? *exchange_ : start(); }
  [[nodiscard]] carriers::Scope scope() const { return carriers::Scope().with(values_); }
  SetClock& clock() { return clock_; }
  const carriers::Provider& provider() const { return provider_; }

  /// The code of the authenticator, some steps later.
  base::Secret code(int later = 0) {
    return std::move(carriers::code(key_, clock_.utc() + later * key_.period).code);
  }

  carriers::SignInResult sign_in() { return carriers::sign_in(exchange(), scope()); }
  carriers::SignInResult answer(carriers::Challenge challenge, const base::Secret& code) {
    return carriers::answer(exchange(), scope(), std::move(challenge), code);
  }

  /// Signs in, with a code when it is asked for, and keeps the session.
  void open() {
    if (!provider_.login) return;
    auto result = sign_in();
    if (auto* const asked = std::get_if<carriers::Challenge>(&result))
      result = answer(std::move(*asked), code());
    REQUIRE(std::holds_alternative<carriers::Session>(result));
    session_ = std::get<carriers::Session>(std::move(result));
  }

  void refresh() {
    auto longer = carriers::refresh(exchange(), scope(), session_);
    REQUIRE(longer);
    session_ = *std::move(longer);
  }

  std::vector<usage::Snapshot> lines() {
    std::vector<usage::Snapshot> all;
    const auto scope_now = scope().with(session_.values);
    carriers::read_usage(exchange(), scope_now, provider_.id,
                         [&](usage::Snapshot line) { all.push_back(std::move(line)); });
    return all;
  }

  std::optional<usage::Money> balance() {
    return carriers::read_balance(exchange(), scope().with(session_.values));
  }

  /// The code of the Error that reading ends with.
  std::string reading() {
    return error_code([&] { lines(); });
  }

  carriers::Session& session() { return session_; }

 private:
  carriers::Exchange& start() {
    exchange_ = std::make_unique<carriers::Exchange>(provider_, *http_, clock_);
    return *exchange_;
  }

  carriers::Provider provider_;
  carriers::OtpKey key_;
  SetClock clock_{base::from_rfc3339("2027-03-15T12:00:00Z").value()};
  std::unique_ptr<base::HttpClient> http_;
  std::unique_ptr<carriers::Exchange> exchange_;
  carriers::Variables values_;
  carriers::Session session_;
};

inline const std::vector<std::string> all_providers{"soracom", "emnify",   "particle", "telnyx",
                                                    "twilio",  "hologram", "mint"};
inline const std::vector<std::string> with_sign_in{"soracom", "emnify", "particle", "mint"};

/// A provider that does something wrong.
inline sim::CarrierState with_fault(const std::string& provider, const sim::CarrierFault& fault) {
  auto state = still_carrier(provider);
  state.faults = {fault};
  return state;
}

}  // namespace test
