#include "app/sign_in.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "app/account_client.hpp"
#include "app/accounts.hpp"
#include "app/clock_skew.hpp"
#include "app/named_secrets.hpp"
#include "app/provider_files.hpp"
#include "app/secrets.hpp"
#include "carriers/session_import.hpp"
#include "store/accounts.hpp"

namespace app {
namespace {

/// Does `work` with the account.
SignedIn with(const World& world, const Observer& observer, Asker& asker, const std::string& name,
              const std::function<void(AccountClient&)>& work) {
  const auto account = account_of(world, name);
  auto accounts = store::Accounts::open_existing(world.state_directory);
  const auto vault = open_secrets(world, asker);
  KeptSecrets kept(vault.get(), accounts);
  // Who is asked for a code has Ctrl-C caught from then on.
  AccountClient client(world, account, provider_of(world, account.provider), kept,
                       asker.can_ask() ? world.interrupts() : std::stop_token());
  try {
    work(client);
  } catch (...) {
    tell_clock_skew(observer, skew_of(client.exchange()));
    throw;
  }
  tell_clock_skew(observer, skew_of(client.exchange()));
  return {.carrier = client.provider().title,
          .by_session = client.provider().login.has_value(),
          .ends = client.session_ends()};
}

/// Asks for what a session consists of.
carriers::Variables asked_for(const carriers::Provider& provider, Asker& asker) {
  carriers::Variables values;
  for (const auto& spec : carriers::session_values(provider)) {
    auto value = asker.secret(spec.title + (spec.help.empty() ? "" : " (" + spec.help + ")") +
                              (spec.optional ? ", or nothing" : "") + ":");
    if (!value.empty()) values.insert_or_assign(spec.name, std::move(value));
  }
  return values;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = std::min(text.find_first_not_of(blanks), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// The values that a text has; a token alone is the one that is needed.
carriers::Variables values_in(const carriers::Provider& provider, const base::Secret& text) {
  const auto specs = carriers::session_values(provider);
  auto whole = trimmed(text.reveal());
  const auto named = [&](const carriers::VariableSpec& spec) {
    return whole.starts_with(spec.name + "=");
  };
  const auto needed = std::ranges::find(specs, false, &carriers::VariableSpec::optional);
  const bool token =
      whole.find('\n') == std::string_view::npos && std::ranges::none_of(specs, named);
  if (!token || needed == specs.end()) return read_named_secrets(text, "the session");
  constexpr std::string_view scheme = "Bearer ";  // as a browser shows it (RFC 6750 2.1)
  if (whole.starts_with(scheme)) whole.remove_prefix(scheme.size());
  carriers::Variables values;
  if (!whole.empty()) values.emplace(needed->name, base::Secret(std::string(whole)));
  return values;
}

}  // namespace

std::optional<store::PendingCode> pending_code(const World& world, const std::string& account) {
  if (!store::Accounts::there(world.state_directory)) return std::nullopt;
  return store::Accounts::open_existing(world.state_directory).sign_in_state(account).pending;
}

SignedIn sign_in(const World& world, const Observer& observer, Asker& asker,
                 const std::string& account) {
  return with(world, observer, asker, account, [&](AccountClient& client) {
    const auto& provider = client.provider();
    const bool brought = provider.login && provider.login->steps.empty();
    if (brought && asker.can_ask()) {
      client.import(asked_for(provider, asker));
    } else {
      client.sign_in(&asker);
    }
  });
}

SignedIn import_session(const World& world, const Observer& observer, Asker& asker,
                        const std::string& account, const std::function<base::Secret()>& text) {
  return with(world, observer, asker, account, [&](AccountClient& client) {
    const auto& provider = client.provider();
    client.import(asker.can_ask() ? asked_for(provider, asker) : values_in(provider, text()));
  });
}

SignedIn answer(const World& world, const Observer& observer, Asker& asker,
                const std::string& account, const std::function<base::Secret()>& code) {
  return with(world, observer, asker, account, [&](AccountClient& client) { client.answer(code); });
}

SignedIn sign_out(const World& world, const Observer& observer, Asker& asker,
                  const std::string& account, bool with_device) {
  return with(world, observer, asker, account,
              [&](AccountClient& client) { client.sign_out(with_device); });
}

}  // namespace app
