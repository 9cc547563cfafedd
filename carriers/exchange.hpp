#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/http.hpp"
#include "carriers/provider.hpp"
#include "carriers/watcher.hpp"

namespace carriers {

/// What a provider answered.
struct Answer {
  int status = 0;
  std::vector<base::HttpHeader> headers;
  std::shared_ptr<const nlohmann::json> body;  ///< null is JSON's when there is none

  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

bool holds(const Condition& condition, const Answer& answer);

/// Requests of one provider, one after another, over one client. Borrows all that it is made with;
/// there may be no watcher.
///
/// The methods throw as base::HttpClient::send; what the provider refuses is Error
/// `carrier.signed-out`, `carrier.bad-credentials`, `carrier.wrong-code`, `carrier.locked` (kind
/// sign_in), `carrier.rate-limited`, `carrier.upstream`, `carrier.redirect`, `carrier.changed`
/// (network), `carrier.not-allowed` (refused).
class Exchange {
 public:
  Exchange(const Provider& provider, base::HttpClient& http, base::Clock& clock,
           Watcher* watcher = nullptr)
      : provider_(provider), http_(http), clock_(clock), watcher_(watcher) {}

  /// From now on requests end, also those under way, once this is requested: Error
  /// `carrier.interrupted` (interrupted).
  void stop_by(std::stop_token stop) { stop_ = std::move(stop); }

  /// Sends it, and follows redirects of a GET that stay on the provider's hosts, at most five. With
  /// `signed_in`, what `auth` of the provider says goes along; its values are looked up once the
  /// connection is there.
  Answer send(const RequestSpec& spec, const Scope& scope, bool signed_in);

  /// The same for an address that the provider gave: a whole one, or a path on its host.
  Answer get(const std::string& url, const Scope& scope);

  /// Throws when the account is locked, or there were too many requests, by the provider's file.
  void require_open(const Answer& answer);

  /// The same, and throws what an answer means that is no success. `signing_in`: without a session,
  /// so that 401 speaks of the password.
  void require_success(const Answer& answer, bool signing_in);

  /// How far the provider's clock is ahead of ours, by its last answer (RFC 9110 6.6.1).
  [[nodiscard]] std::optional<std::chrono::seconds> ahead() const { return ahead_; }

  /// Until when the provider wants no more requests, if it said so in one of its answers.
  [[nodiscard]] std::optional<base::UtcTime> closed_until() const { return closed_until_; }
  /// Until when the account is locked, as the last refusal for that reason told.
  [[nodiscard]] std::optional<base::UtcTime> locked_until() const { return locked_until_; }

  [[nodiscard]] const Provider& provider() const { return provider_; }
  [[nodiscard]] base::Clock& clock() const { return clock_; }
  [[nodiscard]] Watcher* watcher() const { return watcher_; }

 private:
  /// `shown` is the address as a watcher hears it.
  Answer exchange(base::HttpRequest request, std::string shown);
  base::HttpResponse sent(const base::HttpRequest& request);
  [[nodiscard]] std::string whole_address(const std::string& given) const;
  void require_own_host(const std::string& url) const;
  [[nodiscard]] std::vector<base::HttpHeader> authorisation(const Scope& scope) const;
  base::Error failure(const Answer& answer, FailureClass means,
                      std::optional<std::chrono::seconds> wait);

  const Provider& provider_;
  base::HttpClient& http_;
  base::Clock& clock_;
  Watcher* watcher_;
  std::stop_token stop_;
  std::optional<base::Clock::TimePoint> last_;
  std::optional<std::chrono::seconds> ahead_;
  std::optional<base::UtcTime> closed_until_;
  std::optional<base::UtcTime> locked_until_;
};

}  // namespace carriers
