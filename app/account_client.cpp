#include "app/account_client.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "app/account_lock.hpp"
#include "app/provider_client.hpp"
#include "app/secrets.hpp"
#include "base/error.hpp"
#include "carriers/against.hpp"
#include "carriers/kept.hpp"
#include "carriers/session_import.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using carriers::Challenge;
using carriers::FactorKind;
using carriers::Session;
using carriers::WrongCode;

carriers::Provider asked(carriers::Provider provider, const store::Account& account) {
  return account.host.empty() ? std::move(provider)
                              : carriers::against(std::move(provider), account.host);
}

/// A step that takes the code in the request that asks for it.
bool takes_code_at_once(const carriers::LoginSpec& login) {
  return std::ranges::any_of(login.steps, [](const carriers::LoginStep& step) {
    return step.challenge && !step.challenge->answer;
  });
}

/// Whether a sign-in may have the provider send a message.
bool sends_messages(const carriers::Provider& provider) {
  return std::ranges::any_of(provider.second_factors,
                             [](FactorKind kind) { return kind != FactorKind::totp; });
}

/// Somebody or something that makes no message go out could give a code.
bool only_people_have_codes(const store::Account& account) {
  return std::ranges::all_of(
      account.codes, [](store::CodeSource source) { return source == store::CodeSource::prompt; });
}

/// "sent by SMS to +1•••••0123", as a part of a sentence; may be empty.
std::string way_of(const Challenge& challenge) {
  const auto* by = "";
  if (challenge.kind == FactorKind::sms) by = " by SMS";
  if (challenge.kind == FactorKind::email) by = " by e-mail";
  if (challenge.kind == FactorKind::totp) return " of its authenticator";
  if (challenge.target.empty()) return *by == '\0' ? "" : fmt::format(", sent{}", by);
  return fmt::format(", sent{} to {}", by, challenge.target);
}

std::string tries(unsigned left) {
  return left == 1 ? "1 more try is left" : fmt::format("{} more tries are left", left);
}

/// How long nothing is tried after an account was locked, when the provider does not say so:
/// longer and longer, as providers do.
std::chrono::minutes usual_wait(std::uint64_t failures) {
  using std::chrono_literals::operator""min;
  constexpr std::uint64_t most_doublings = 6;
  return 5min * (1 << std::min(failures, most_doublings));
}

}  // namespace

AccountClient::AccountClient(const World& world, store::Account account,
                             carriers::Provider provider, KeptSecrets& kept, std::stop_token stop)
    : world_(world),
      account_(std::move(account)),
      provider_(asked(std::move(provider), account_)),
      kept_(kept),
      http_(client_for(world, provider_, account_.ca)),
      exchange_(provider_, *http_, world.clock) {
  exchange_.stop_by(std::move(stop));
  for (const auto& [name, value] : account_.values) values_.emplace(name, base::Secret(value));
  load_device();
  load_session();
}

carriers::Variables& AccountClient::secrets() {
  if (secrets_) return *secrets_;
  carriers::Variables found;
  for (const auto& spec : provider_.variables) {
    if (!spec.secret) continue;
    if (auto value = kept_.get(secret_of(account_.name, spec.name)))
      found.insert_or_assign(spec.name, *std::move(value));
  }
  return secrets_.emplace(std::move(found));
}

void AccountClient::load_device() {
  if (!provider_.device) return;
  for (const auto& name : provider_.device->random) {
    if (auto value = kept_.get(device_of(account_.name, name)))
      device_.insert_or_assign(name, *std::move(value));
  }
}

void AccountClient::load_session() {
  if (!provider_.login) return;
  if (const auto text = kept_.get(session_of(account_.name))) {
    if (auto session = carriers::read_session(*text)) session_ = *std::move(session);
  }
}

void AccountClient::make_device() {
  if (!provider_.device) return;
  for (const auto& name : provider_.device->random) {
    if (device_.contains(name)) continue;
    auto value = random_value();
    kept_.put(device_of(account_.name, name), value);
    device_.emplace(name, std::move(value));
  }
}

void AccountClient::take(Session session) {
  // Kept before it is used: some providers let the one before go at once.
  kept_.put(session_of(account_.name), carriers::to_text(session));
  kept_.erase(challenge_of(account_.name));
  kept_.set_sign_in_state(account_.name, {.signed_in = true, .ends = session.ends});
  session_ = std::move(session);
}

bool AccountClient::try_refresh() {
  if (session_.values.empty()) return false;
  try {
    auto longer = carriers::refresh(exchange_, own(), session_);
    if (!longer) return false;
    take(*std::move(longer));
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::sign_in && error.code() != "carrier.no-value") throw;
    return false;
  }
}

bool AccountClient::session_lasts() const {
  using std::chrono_literals::operator""s;
  constexpr auto least = 30s;  // a session that ends within them may end on the way
  if (session_.values.empty()) return false;
  return !session_.ends || *session_.ends > world_.clock.utc() + least;
}

base::FileLock AccountClient::only_one() const {
  return account_lock(world_, "session", account_.name);
}

std::chrono::seconds AccountClient::ahead() const {
  return exchange_.ahead().value_or(std::chrono::seconds(0));
}

Error AccountClient::stopped() const {
  return Error(ErrorKind::sign_in, "carrier.stopped",
               fmt::format("{} has refused the credentials of “{}”; nothing is tried until you do",
                           provider_.title, account_.name))
      .hint(fmt::format("`esimctl login {}` on a terminal asks for them and tries again",
                        account_.name));
}

/// Refuses to go on while the account is locked.
void AccountClient::require_open() {
  const auto attempts = kept_.attempts(account_.name);
  if (!attempts.not_before || *attempts.not_before <= world_.clock.utc()) return;
  throw Error(ErrorKind::sign_in, "carrier.stopped",
              fmt::format("{} has locked “{}”; nothing is tried until {}", provider_.title,
                          account_.name, base::to_rfc3339(*attempts.not_before)));
}

void AccountClient::have_session(Asker* asker) {
  require_open();
  if (!provider_.login) {
    if (asker == nullptr && kept_.attempts(account_.name).credentials_refused) throw stopped();
    return;
  }
  if (!session_lasts()) replace_session(asker);
}

void AccountClient::replace_session(Asker* asker) {
  const auto* const how = login_spec();
  if (how == nullptr) return;
  const auto before = carriers::to_text(session_);
  const auto lock = only_one();
  load_session();
  if (carriers::to_text(session_).reveal() != before.reveal() && session_lasts()) return;
  if (try_refresh()) return;
  auto state = kept_.sign_in_state(account_.name);
  state.signed_in = false;
  kept_.set_sign_in_state(account_.name, state);
  if (asker == nullptr && kept_.attempts(account_.name).credentials_refused) throw stopped();
  make_session(*how, asker);
}

void AccountClient::sign_in(Asker* asker) {
  const bool people = asker != nullptr && asker->can_ask();
  if (kept_.attempts(account_.name).credentials_refused) {
    if (!people) throw stopped();
    ask_again(*asker);
  }
  const auto* const how = login_spec();
  if (how == nullptr) return succeeded(false);
  const auto lock = only_one();
  make_session(*how, asker);
}

/// Secrets that were refused may be typed anew.
void AccountClient::ask_again(Asker& asker) {
  for (const auto& spec : provider_.variables) {
    if (!spec.secret || !secrets().contains(spec.name)) continue;
    auto value = asker.secret(
        fmt::format("{}, or nothing for the one that is kept, which was refused:", spec.title));
    if (value.empty()) continue;
    kept_.put(secret_of(account_.name, spec.name), value);
    secrets().insert_or_assign(spec.name, std::move(value));
  }
}

void AccountClient::make_session(const carriers::LoginSpec& login, Asker* asker) {
  const auto now = world_.clock.utc();
  require_open();
  if (login.steps.empty()) {
    const bool over = session_.ends && *session_.ends <= now;
    throw carriers::session_over(provider_, over ? session_.ends : std::nullopt)
        .hint(fmt::format("`esimctl login {} --import` takes one that you began elsewhere",
                          account_.name));
  }
  const auto attempts = kept_.attempts(account_.name);
  const bool people = asker != nullptr && asker->can_ask();
  const bool known = attempts.known_until && *attempts.known_until > now;
  if (!people && only_people_have_codes(account_) && !known && sends_messages(provider_)) {
    throw Error(ErrorKind::sign_in, "carrier.needs-you",
                fmt::format("{} may send a code to “{}”, and nobody is here to type it",
                            provider_.title, account_.name))
        .hint(fmt::format("`esimctl login {}` on a terminal", account_.name));
  }
  make_device();
  remembered_ = false;
  OneTimeCodes codes(world_, account_, kept_, asker);
  try {
    if (takes_code_at_once(login)) {
      if (const auto code = codes.made(ahead())) {
        auto result = carriers::sign_in_with(exchange_, own(), *code);
        if (auto* const wrong = std::get_if<WrongCode>(&result)) not_taken(wrong->challenge, true);
        return finish(std::move(result), codes, false);
      }
    }
    finish(carriers::sign_in(exchange_, own()), codes, false);
  } catch (const Error& error) {
    failed(error);
  }
}

/// What a sign-in failed of, with what to do next.
void AccountClient::failed(Error error) {
  remember(error);
  if (error.code() == "carrier.bad-credentials")
    error.hint(fmt::format("`esimctl login {}` on a terminal asks for them anew", account_.name));
  if (error.code() == "carrier.locked" && !exchange_.locked_until()) {
    const auto attempts = kept_.attempts(account_.name);
    if (attempts.not_before)
      error.hint("esimctl tries nothing until " + base::to_rfc3339(*attempts.not_before));
  }
  throw error;
}

void AccountClient::finish(carriers::SignInResult result, OneTimeCodes& codes, bool answered) {
  for (;;) {
    if (auto* const session = std::get_if<Session>(&result)) {
      take(std::move(*session));
      return succeeded(answered);
    }
    auto* const wrong = std::get_if<WrongCode>(&result);
    auto challenge =
        wrong != nullptr ? std::move(wrong->challenge) : std::get<Challenge>(std::move(result));
    if (wrong != nullptr && challenge.tries_left == 0) not_taken(challenge, false);
    if (wrong != nullptr)
      codes.tell(fmt::format("{} does not take the code; {}", provider_.title,
                             tries(challenge.tries_left)));
    const auto code = codes.next(challenge, ahead());
    if (!code && wrong != nullptr) not_taken(challenge, false);
    if (!code) wait_for(challenge, codes);
    answered = true;
    result = carriers::answer(exchange_, own(), std::move(challenge), *code);
  }
}

/// What failed before does not count any more.
void AccountClient::succeeded(bool known_from_now_on) {
  auto attempts = kept_.attempts(account_.name);
  attempts.failures = 0;
  attempts.not_before.reset();
  attempts.credentials_refused = false;
  if (known_from_now_on && provider_.device && provider_.device->trusted_for)
    attempts.known_until = world_.clock.utc() + *provider_.device->trusted_for;
  kept_.set_attempts(account_.name, attempts);
}

void AccountClient::wait_for(const Challenge& challenge, const OneTimeCodes& codes) {
  keep(challenge);
  const auto ends =
      challenge.ends ? fmt::format(" until {}", base::to_rfc3339(*challenge.ends)) : std::string();
  Error error(ErrorKind::challenge, "carrier.challenge",
              fmt::format("{} waits{} for a code for “{}”{}; {}", provider_.title, ends,
                          account_.name, way_of(challenge), tries(challenge.tries_left)));
  error.hint(fmt::format("`esimctl answer {}` goes on with it", account_.name));
  for (const auto& fault : codes.faults()) error.hint(fault);
  throw error;
}

/// The challenge still stands while there are tries.
void AccountClient::not_taken(const Challenge& challenge, bool with_password) {
  if (challenge.tries_left > 0) {
    keep(challenge);
  } else {
    forget_challenge();
  }
  // Where the code goes along with the password, the provider does not say which one is wrong.
  const auto* const how = login_spec();
  const bool at_once = with_password || (how != nullptr && takes_code_at_once(*how));
  Error error(
      ErrorKind::sign_in, "carrier.wrong-code",
      fmt::format("{} does not take {}; {}", provider_.title,
                  at_once ? "the password or the code" : "the code", tries(challenge.tries_left)));
  error.hint(challenge.tries_left > 0
                 ? fmt::format("`esimctl answer {}` takes another code", account_.name)
                 : fmt::format("`esimctl login {}` begins anew", account_.name));
  error.hint("compare the clock of this machine, and the secret that codes are made of");
  throw error;
}

void AccountClient::keep(const Challenge& challenge) {
  kept_.put(challenge_of(account_.name), carriers::to_text(challenge));
  auto state = kept_.sign_in_state(account_.name);
  state.pending = store::PendingCode{.medium = std::string(carriers::to_string(challenge.kind)),
                                     .target = challenge.target,
                                     .ends = challenge.ends,
                                     .tries_left = challenge.tries_left};
  kept_.set_sign_in_state(account_.name, state);
}

void AccountClient::forget_challenge() {
  kept_.erase(challenge_of(account_.name));
  auto state = kept_.sign_in_state(account_.name);
  state.pending.reset();
  kept_.set_sign_in_state(account_.name, state);
}

Challenge AccountClient::pending() {
  const auto text = kept_.get(challenge_of(account_.name));
  auto challenge = text ? carriers::read_challenge(*text) : std::nullopt;
  const auto begin_anew = fmt::format("`esimctl login {}` begins a sign-in", account_.name);
  if (!challenge) {
    throw Error(ErrorKind::not_found, "carrier.no-challenge",
                fmt::format("“{}” waits for no code", account_.name))
        .hint(begin_anew);
  }
  try {
    carriers::require_answerable(exchange_, *challenge);
  } catch (Error& error) {
    forget_challenge();
    throw error.hint(begin_anew);
  }
  return *std::move(challenge);
}

void AccountClient::answer(const std::function<base::Secret()>& code) {
  static_cast<void>(pending());  // before anybody types a code
  const auto given = code();
  const auto lock = only_one();
  remembered_ = false;
  try {
    auto result = carriers::answer(exchange_, own(), pending(), given);
    if (auto* const wrong = std::get_if<WrongCode>(&result)) not_taken(wrong->challenge, false);
    OneTimeCodes codes(world_, account_, kept_, nullptr);
    finish(std::move(result), codes, true);
  } catch (const Error& error) {
    failed(error);
  }
}

void AccountClient::import(carriers::Variables values) {
  auto session = carriers::imported_session(provider_, std::move(values), world_.clock.utc());
  const auto lock = only_one();
  take(std::move(session));
  succeeded(false);
}

void AccountClient::remember(const Error& error) {
  const bool refused =
      error.code() == "carrier.bad-credentials" || error.code() == "carrier.wrong-code";
  if (!refused && error.code() != "carrier.locked") return;
  if (std::exchange(remembered_, true)) return;
  auto attempts = kept_.attempts(account_.name);
  ++attempts.failures;
  attempts.credentials_refused = attempts.credentials_refused || refused;
  if (error.code() == "carrier.locked")
    attempts.not_before =
        exchange_.locked_until().value_or(world_.clock.utc() + usual_wait(attempts.failures));
  kept_.set_attempts(account_.name, attempts);
}

void AccountClient::forget_device() {
  if (provider_.device) {
    for (const auto& name : provider_.device->random) kept_.erase(device_of(account_.name, name));
  }
  device_.clear();
  auto attempts = kept_.attempts(account_.name);
  attempts.known_until.reset();
  kept_.set_attempts(account_.name, attempts);
}

void AccountClient::sign_out(bool with_device) {
  if (!session_.values.empty() && provider_.login) {
    try {
      carriers::sign_out(exchange_, own(), session_);
    } catch (const Error& error) {
      if (error.code() != "carrier.signed-out") throw;
    }
  }
  kept_.erase(session_of(account_.name));
  kept_.erase(challenge_of(account_.name));
  kept_.set_sign_in_state(account_.name, {});
  session_ = {};
  if (with_device) forget_device();
}

}  // namespace app
