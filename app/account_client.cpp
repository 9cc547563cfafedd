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
#include "carriers/otpauth.hpp"
#include "store/passphrase.hpp"

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

}  // namespace

std::optional<base::Secret> KeptSecrets::get(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return vault_ != nullptr ? vault_->get(name) : std::nullopt;
}

void KeptSecrets::put(const std::string& name, const base::Secret& secret) {
  const std::lock_guard lock(mutex_);
  if (vault_ != nullptr) vault_->put(name, secret);
}

void KeptSecrets::erase(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (vault_ != nullptr) vault_->erase(name);
}

store::Attempts KeptSecrets::attempts(const std::string& account) {
  const std::lock_guard lock(mutex_);
  return accounts_.attempts(account);
}

void KeptSecrets::set_attempts(const std::string& account, const store::Attempts& attempts) {
  const std::lock_guard lock(mutex_);
  accounts_.set_attempts(account, attempts);
}

store::Asked KeptSecrets::asked(const std::string& account, store::PlanPart part) {
  const std::lock_guard lock(mutex_);
  return accounts_.asked(account, part);
}

void KeptSecrets::set_asked(const std::string& account, store::PlanPart part,
                            const store::Asked& asked) {
  const std::lock_guard lock(mutex_);
  accounts_.set_asked(account, part, asked);
}

void KeptSecrets::set_closed_until(const std::string& account, base::UtcTime until) {
  const std::lock_guard lock(mutex_);
  accounts_.set_closed_until(account, until);
}

AccountClient::AccountClient(const World& world, store::Account account,
                             carriers::Provider provider, KeptSecrets& kept)
    : world_(world),
      account_(std::move(account)),
      provider_(asked(std::move(provider), account_)),
      kept_(kept),
      http_(client_for(world, provider_, account_.ca)),
      exchange_(provider_, *http_, world.clock) {
  load();
}

void AccountClient::load() {
  for (const auto& [name, value] : account_.values) values_.emplace(name, base::Secret(value));
  for (const auto& spec : provider_.variables) {
    if (!spec.secret) continue;
    if (auto value = kept_.get(secret_of(account_.name, spec.name)))
      values_.insert_or_assign(spec.name, *std::move(value));
  }
  if (provider_.device) {
    for (const auto& name : provider_.device->random) {
      if (auto value = kept_.get(device_of(account_.name, name)))
        device_.insert_or_assign(name, *std::move(value));
    }
  }
  load_session();
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

void AccountClient::have_session(Asker* asker) {
  if (provider_.login && !session_lasts()) replace_session(asker);
}

void AccountClient::replace_session(Asker* asker) {
  if (!provider_.login) return;
  const auto before = carriers::to_text(session_);
  const auto lock = only_one();
  load_session();
  if (carriers::to_text(session_).reveal() != before.reveal() && session_lasts()) return;
  if (try_refresh()) return;
  const auto attempts = kept_.attempts(account_.name);
  if (attempts.credentials_refused && asker == nullptr) {
    throw Error(ErrorKind::sign_in, "carrier.stopped",
                fmt::format("{} has refused the credentials of “{}”; nothing is tried until you do",
                            provider_.title, account_.name))
        .hint(fmt::format("`esimctl login {}` tries again", account_.name));
  }
  make_session(asker);
}

void AccountClient::sign_in(Asker* asker) {
  if (!provider_.login) return;
  const auto lock = only_one();
  make_session(asker);
}

/// A code of the secret or of the program; empty when people have to be asked.
std::optional<base::Secret> AccountClient::made_code() {
  if (account_.codes == store::CodeSource::command)
    return store::passphrase_of_command(account_.command);
  if (account_.codes != store::CodeSource::totp) return std::nullopt;
  const auto text = kept_.get(secret_of(account_.name, "totp"));
  if (!text) return std::nullopt;
  const auto key = carriers::read_otpauth(*text).key;
  auto attempts = kept_.attempts(account_.name);
  const auto ahead = exchange_.ahead().value_or(std::chrono::seconds(0));
  const auto free = carriers::free_step(key.period, world_.clock.utc(), ahead, attempts.last_step);
  // Written down before it is used, so that no step is used twice.
  attempts.last_step = free.step;
  kept_.set_attempts(account_.name, attempts);
  if (free.wait.count() > 0) world_.clock.wait(free.wait);
  return carriers::code(key, free.instant).code;
}

carriers::SignInResult AccountClient::first_result() {
  if (account_.codes != store::CodeSource::prompt && takes_code_at_once(*provider_.login)) {
    if (const auto code = made_code()) return carriers::sign_in_with(exchange_, own(), *code);
  }
  return carriers::sign_in(exchange_, own());
}

void AccountClient::make_session(Asker* asker) {
  const auto now = world_.clock.utc();
  const auto attempts = kept_.attempts(account_.name);
  if (attempts.not_before && *attempts.not_before > now) {
    throw Error(ErrorKind::sign_in, "carrier.stopped",
                fmt::format("{} takes no sign-in of “{}” until {}", provider_.title, account_.name,
                            base::to_rfc3339(*attempts.not_before)));
  }
  const bool people = asker != nullptr && asker->can_ask();
  const bool known = attempts.known_until && *attempts.known_until > now;
  if (!people && account_.codes == store::CodeSource::prompt && !known &&
      sends_messages(provider_)) {
    throw Error(ErrorKind::sign_in, "carrier.needs-you",
                fmt::format("{} may send a code to “{}”, and nobody is here to type it",
                            provider_.title, account_.name))
        .hint(fmt::format("`esimctl login {}` on a terminal", account_.name));
  }
  make_device();
  try {
    finish(first_result(), asker, false);
  } catch (const Error& error) {
    remember_failure(error);
    throw;
  }
}

void AccountClient::finish(carriers::SignInResult result, Asker* asker, bool answered) {
  for (;;) {
    if (auto* const session = std::get_if<Session>(&result)) {
      auto attempts = kept_.attempts(account_.name);
      attempts.failures = 0;
      attempts.not_before.reset();
      attempts.credentials_refused = false;
      if (answered && provider_.device && provider_.device->trusted_for)
        attempts.known_until = world_.clock.utc() + *provider_.device->trusted_for;
      kept_.set_attempts(account_.name, attempts);
      return take(std::move(*session));
    }
    auto* const wrong = std::get_if<WrongCode>(&result);
    auto challenge =
        wrong != nullptr ? std::move(wrong->challenge) : std::get<Challenge>(std::move(result));
    const bool people = asker != nullptr && asker->can_ask();
    if (wrong != nullptr &&
        (!people || account_.codes != store::CodeSource::prompt || challenge.tries_left == 0)) {
      // Where the code goes along with the password, the provider does not say which one is wrong.
      const bool at_once = provider_.login && takes_code_at_once(*provider_.login);
      const auto* what = at_once ? "the password or the code" : "the code";
      throw Error(ErrorKind::sign_in, "carrier.wrong-code",
                  fmt::format("{} does not take {}; {} more tries are left", provider_.title, what,
                              challenge.tries_left))
          .hint("compare the clock of this machine, and the secret that codes are made of");
    }
    std::optional<base::Secret> code;
    if (wrong == nullptr) code = made_code();
    if (!code && people) code = asker->code(account_.name, challenge);
    if (!code) {
      keep(challenge);
      throw Error(ErrorKind::challenge, "carrier.challenge",
                  fmt::format("{} waits for a code for “{}”{}", provider_.title, account_.name,
                              challenge.target.empty() ? "" : ", sent to " + challenge.target))
          .hint(fmt::format("`esimctl answer {}` goes on with it", account_.name));
    }
    answered = true;
    result = carriers::answer(exchange_, own(), std::move(challenge), *code);
  }
}

void AccountClient::keep(const Challenge& challenge) {
  kept_.put(challenge_of(account_.name), carriers::to_text(challenge));
}

void AccountClient::answer(const base::Secret& code) {
  const auto text = kept_.get(challenge_of(account_.name));
  auto challenge = text ? carriers::read_challenge(*text) : std::nullopt;
  if (!challenge) {
    throw Error(ErrorKind::not_found, "carrier.no-challenge",
                fmt::format("“{}” waits for no code", account_.name))
        .hint(fmt::format("`esimctl login {}` begins a sign-in", account_.name));
  }
  try {
    auto result = carriers::answer(exchange_, own(), *std::move(challenge), code);
    if (auto* const wrong = std::get_if<WrongCode>(&result)) keep(wrong->challenge);
    finish(std::move(result), nullptr, true);
  } catch (const Error& error) {
    remember_failure(error);
    throw;
  }
}

void AccountClient::remember_failure(const Error& error) {
  using std::chrono_literals::operator""min;
  const bool refused =
      error.code() == "carrier.bad-credentials" || error.code() == "carrier.wrong-code";
  if (!refused && error.code() != "carrier.locked") return;
  auto attempts = kept_.attempts(account_.name);
  ++attempts.failures;
  attempts.credentials_refused = attempts.credentials_refused || refused;
  if (error.code() == "carrier.locked") {
    // Longer and longer, as providers do.
    constexpr std::uint64_t most_doublings = 6;
    const auto wait = 5min * (1 << std::min(attempts.failures, most_doublings));
    attempts.not_before = world_.clock.utc() + wait;
  }
  kept_.set_attempts(account_.name, attempts);
}

void AccountClient::sign_out() {
  if (!session_.values.empty()) {
    try {
      carriers::sign_out(exchange_, own(), session_);
    } catch (const Error& error) {
      if (error.code() != "carrier.signed-out") throw;
    }
  }
  kept_.erase(session_of(account_.name));
  kept_.erase(challenge_of(account_.name));
  session_ = {};
}

}  // namespace app
