#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "base/secret.hpp"
#include "base/utc.hpp"
#include "carriers/exchange.hpp"

namespace carriers {

/// What a provider gave for later requests.
struct Session {
  Variables values;
  std::optional<base::UtcTime> ends{};  ///< empty: not known
};

/// A code that a provider waits for.
struct Challenge {
  FactorKind kind = FactorKind::any;
  std::string target{};  ///< where it was sent, masked: clean text
  std::optional<base::UtcTime> ends{};
  unsigned tries_left = 0;
  std::size_t step = 0;  ///< of the provider's login
  Variables values;      ///< from the steps so far
};

/// The code was not taken; the challenge still stands, with one try fewer.
struct WrongCode {
  Challenge challenge;
};

using SignInResult = std::variant<Session, Challenge, WrongCode>;

/// Signs in as the file of the provider says: one step after another, with a code where one is
/// asked for. `account` has what the user gave, and the values of the device.
///
/// The functions throw as Exchange, and Error `carrier.changed` (network) when a value is not in
/// the answer. None of them asks twice for the same: what sends a message, sends one.
SignInResult sign_in(Exchange& exchange, const Scope& account);

/// The same with a code that is there before it is asked for. It is used once at most.
SignInResult sign_in_with(Exchange& exchange, const Scope& account, const base::Secret& code);

/// Throws Error `carrier.no-tries` (sign_in) when no try is left, and `carrier.challenge-over` when
/// its time is, or it is none of that provider.
const ChallengeSpec& require_answerable(const Exchange& exchange, const Challenge& challenge);

/// Goes on after a challenge, which is used up. Throws as require_answerable, before a request.
SignInResult answer(Exchange& exchange, const Scope& account, Challenge challenge,
                    const base::Secret& code);

/// The session that comes of one that can be made longer; empty when the provider has no such way,
/// or gave nothing for it.
std::optional<Session> refresh(Exchange& exchange, const Scope& account, const Session& session);

/// Ends it at the provider, where that can be done.
void sign_out(Exchange& exchange, const Scope& account, const Session& session);

}  // namespace carriers
