#include "carriers/sign_in.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "carriers/answer_values.hpp"
#include "carriers/extracted.hpp"
#include "carriers/jwt.hpp"
#include "carriers/masked.hpp"
#include "carriers/session_import.hpp"

namespace carriers {
namespace {

using base::Error;
using base::ErrorKind;

base::Secret copy(const base::Secret& secret) { return base::Secret(std::string(secret.reveal())); }

void merge(Variables& into, Variables from) {
  for (auto& [name, value] : from) into.insert_or_assign(name, std::move(value));
}

const LoginSpec& login_of(const Exchange& exchange) {
  const auto& provider = exchange.provider();
  if (provider.login) return *provider.login;
  throw Error(
      ErrorKind::usage, "carrier.no-login",
      fmt::format("{} has no sign-in: its key goes along with each request", provider.title));
}

/// A session of the values, with its end as the answer or the provider's file has it.
Session session_of(const Exchange& exchange, const Answer& answer, Variables values) {
  const auto& lifetime = login_of(exchange).lifetime;
  const auto now = exchange.clock().utc();
  std::optional<base::UtcTime> ends;
  if (const auto text = text_at(lifetime.seconds, *answer.body)) {
    std::int64_t seconds = 0;
    const auto* const end = text->data() + text->size();
    const auto [stop, fault] = std::from_chars(text->data(), end, seconds);
    constexpr std::int64_t longest = 3660LL * 86400;
    if (fault == std::errc() && seconds > 0 && seconds < longest)
      ends = now + std::chrono::seconds(seconds);
  }
  const auto token = values.find(lifetime.jwt);
  if (!ends && token != values.end()) {
    if (const auto claims = read_jwt(token->second)) ends = claims->expires;
  }
  if (!ends && lifetime.after) ends = now + *lifetime.after;
  return {.values = std::move(values), .ends = ends};
}

Challenge challenge_of(const Exchange& exchange, const ChallengeSpec& spec, std::size_t step,
                       const Answer& answer, Variables values) {
  std::optional<base::UtcTime> ends;
  if (spec.lifetime) ends = exchange.clock().utc() + *spec.lifetime;
  constexpr std::size_t longest = 100;
  return {.kind = spec.kind,
          .target = masked(base::clean(text_at(spec.target, *answer.body).value_or(""), longest)),
          .ends = ends,
          .tries_left = spec.tries,
          .step = step,
          .values = std::move(values)};
}

/// The steps from `first` on. A code goes along where one may be asked for in the same request.
SignInResult run(Exchange& exchange, const Scope& account, std::size_t first, Variables so_far,
                 const base::Secret* code) {
  const auto& steps = login_of(exchange).steps;
  if (steps.empty()) throw session_over(exchange.provider(), {});
  Answer got;
  for (auto at = first; at < steps.size(); ++at) {
    const auto& step = steps[at];
    Variables codes;
    if (code != nullptr && step.challenge && !step.challenge->answer)
      codes.emplace("otp", copy(*code));
    const auto scope = account.with(so_far).with(codes);
    got = exchange.send(step.request, scope, false);
    exchange.require_open(got);
    if (step.challenge && holds(step.challenge->when, got)) {
      merge(so_far, extracted(exchange, step.challenge->extract, got, scope));
      auto challenge = challenge_of(exchange, *step.challenge, at, got, std::move(so_far));
      if (codes.empty()) return challenge;
      --challenge.tries_left;
      return WrongCode{std::move(challenge)};
    }
    exchange.require_success(got, true);
    merge(so_far, extracted(exchange, step.extract, got, scope));
    if (step.challenge) code = nullptr;
  }
  return session_of(exchange, got, std::move(so_far));
}

}  // namespace

SignInResult sign_in(Exchange& exchange, const Scope& account) {
  return run(exchange, account, 0, {}, nullptr);
}

SignInResult sign_in_with(Exchange& exchange, const Scope& account, const base::Secret& code) {
  const auto& steps = login_of(exchange).steps;
  auto result = run(exchange, account, 0, {}, &code);
  auto* const asked = std::get_if<Challenge>(&result);
  if (asked == nullptr) return result;
  // The code is for the first step that asks for one; it is used once.
  const auto asks = [](const LoginStep& step) { return step.challenge.has_value(); };
  const auto first = std::ranges::find_if(steps, asks) - steps.begin();
  if (static_cast<std::size_t>(first) != asked->step) return result;
  return answer(exchange, account, std::move(*asked), code);
}

const ChallengeSpec& require_answerable(const Exchange& exchange, const Challenge& challenge) {
  const auto& steps = login_of(exchange).steps;
  const ChallengeSpec* spec = nullptr;
  if (challenge.step < steps.size()) {
    const auto& step = steps[challenge.step];
    if (step.challenge) spec = &*step.challenge;
  }
  if (spec == nullptr) {
    throw Error(ErrorKind::sign_in, "carrier.challenge-over",
                "the provider's file has changed since the code was asked for");
  }
  if (challenge.tries_left == 0) {
    throw Error(ErrorKind::sign_in, "carrier.no-tries",
                "the code was wrong too often; another try may lock the account");
  }
  if (challenge.ends && exchange.clock().utc() >= *challenge.ends) {
    throw Error(ErrorKind::sign_in, "carrier.challenge-over",
                fmt::format("the code was to come by {}: its time is over",
                            base::to_rfc3339(*challenge.ends)));
  }
  return *spec;
}

SignInResult answer(Exchange& exchange, const Scope& account, Challenge challenge,
                    const base::Secret& code) {
  const auto& spec = require_answerable(exchange, challenge);
  const auto at = challenge.step;
  const auto& login = login_of(exchange);
  const auto& step = login.steps[at];
  Variables codes;
  codes.emplace("otp", copy(code));
  const auto scope = account.with(challenge.values).with(codes);
  const auto got = exchange.send(spec.answer ? *spec.answer : step.request, scope, false);
  exchange.require_open(got);
  if (holds(spec.wrong ? *spec.wrong : spec.when, got)) {
    --challenge.tries_left;
    return WrongCode{std::move(challenge)};
  }
  exchange.require_success(got, true);
  merge(challenge.values, extracted(exchange, step.extract, got, scope));
  if (at + 1 == login.steps.size()) return session_of(exchange, got, std::move(challenge.values));
  return run(exchange, account, at + 1, std::move(challenge.values), nullptr);
}

std::optional<Session> refresh(Exchange& exchange, const Scope& account, const Session& session) {
  const auto& spec = login_of(exchange).refresh;
  if (!spec) return std::nullopt;
  const auto scope = account.with(session.values);
  Answer got;
  try {
    got = exchange.send(spec->request, scope, false);
  } catch (const Error& error) {
    if (error.code() == "carrier.no-value") return std::nullopt;
    throw;
  }
  exchange.require_success(got, false);
  Variables values;
  for (const auto& [name, value] : session.values) values.emplace(name, copy(value));
  merge(values, extracted(exchange, spec->extract, got, scope));
  return session_of(exchange, got, std::move(values));
}

void sign_out(Exchange& exchange, const Scope& account, const Session& session) {
  const auto& spec = login_of(exchange).logout;
  if (!spec) return;
  exchange.require_success(exchange.send(*spec, account.with(session.values), true), false);
}

}  // namespace carriers
