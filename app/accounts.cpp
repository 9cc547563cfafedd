#include "app/accounts.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/provider_files.hpp"
#include "app/secrets.hpp"
#include "app/store.hpp"
#include "app/unlock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "carriers/otpauth.hpp"
#include "lpa/trust.hpp"
#include "store/history.hpp"
#include "store/unlock_command.hpp"
#include "store/vault_file.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_value = 1024;
constexpr auto totp_name = "totp";

void require_name(const std::string& name) {
  const bool plain = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  if (plain && !name.empty() && name.size() <= longest_name && name.front() != '-') return;
  throw Error(ErrorKind::usage, "account.name",
              fmt::format("“{}” is no name of an account", base::clean(name, 80)))
      .hint("a name has 1 to 64 letters of ASCII, digits, - _ and .");
}

/// Asks for and looks at the values of one account.
class Filler {
 public:
  Filler(const carriers::Provider& provider, Asker& asker, NewAccount& wanted)
      : provider_(provider), asker_(asker), wanted_(wanted) {}

  void fill() {
    require_known();
    // Who gives some values knows which of those that may be missing are wanted.
    const bool all_of_them = wanted_.values.empty() && wanted_.secrets.empty();
    std::vector<std::string> missing;
    for (const auto& spec : provider_.variables) {
      if (spec.secret ? wanted_.secrets.contains(spec.name) : wanted_.values.contains(spec.name)) {
        check(spec);
      } else if (spec.value && !spec.secret) {
        wanted_.values[spec.name] = *spec.value;
      } else if (asker_.can_ask() && (all_of_them || !spec.optional)) {
        ask(spec);
      } else if (!spec.optional) {
        missing.push_back(spec.name);
      }
    }
    if (!missing.empty()) {
      throw Error(ErrorKind::usage, "account.missing",
                  fmt::format("{} needs {}", provider_.title, fmt::join(missing, ", ")))
          .hint(
              "on a terminal you are asked; --set NAME=VALUE and --secrets FILE have them "
              "otherwise");
    }
    ask_for_codes();
    choose_codes();
  }

 private:
  /// A value that the provider does not have is a mistake, and a secret has no place in the
  /// arguments of a command.
  void require_known() const {
    const auto spec_of = [&](const std::string& name) {
      return std::ranges::find(provider_.variables, name, &carriers::VariableSpec::name);
    };
    const auto refuse = [&](const std::string& name, const char* why) {
      throw Error(ErrorKind::usage, "account.value",
                  fmt::format("“{}”: {}", base::clean(name, 80), why))
          .hint(fmt::format("`esimctl carrier show {}` has the names", provider_.id));
    };
    for (const auto& [name, value] : wanted_.values) {
      const auto spec = spec_of(name);
      if (spec == provider_.variables.end()) refuse(name, "the carrier has no such value");
      if (spec->secret) refuse(name, "this is a secret; give it by --secrets, or when asked");
    }
    for (const auto& [name, value] : wanted_.secrets) {
      const auto spec = spec_of(name);
      if (name == totp_name) continue;
      if (spec == provider_.variables.end()) refuse(name, "the carrier has no such value");
      if (!spec->secret) refuse(name, "this is no secret; give it by --set");
    }
    const auto code = wanted_.secrets.find(totp_name);
    if (code != wanted_.secrets.end()) static_cast<void>(carriers::read_otpauth(code->second));
  }

  void check(const carriers::VariableSpec& spec) const {
    if (spec.secret) return;
    const auto& value = wanted_.values.at(spec.name);
    const bool chosen =
        spec.choices.empty() || std::ranges::find(spec.choices, value) != spec.choices.end();
    if (chosen && !value.empty() && value.size() <= longest_value) return;
    Error error(ErrorKind::usage, "account.value",
                fmt::format("“{}” is no value of “{}”", base::clean(value, 80), spec.name));
    if (!spec.choices.empty())
      error.hint(fmt::format("there are {}", fmt::join(spec.choices, ", ")));
    throw error;
  }

  void ask(const carriers::VariableSpec& spec) {
    const auto question = spec.title + (spec.help.empty() ? "" : " (" + spec.help + ")") +
                          (spec.optional ? ", or nothing" : "") + ":";
    if (spec.secret) {
      auto value = asker_.secret(question);
      if (!value.empty()) wanted_.secrets.insert_or_assign(spec.name, std::move(value));
      if (!spec.optional && !wanted_.secrets.contains(spec.name)) none(spec);
      return;
    }
    auto value = asker_.text(question);
    if (!value.empty()) {
      wanted_.values[spec.name] = std::move(value);
      check(spec);
    } else if (!spec.optional) {
      none(spec);
    }
  }

  [[noreturn]] static void none(const carriers::VariableSpec& spec) {
    throw Error(ErrorKind::declined, "prompt.declined",
                fmt::format("no {} was given; nothing was changed", spec.name));
  }

  void ask_for_codes() {
    const auto& kinds = provider_.second_factors;
    const bool can = std::ranges::find(kinds, carriers::FactorKind::totp) != kinds.end();
    // Who named the sources, or a program, knows whether codes are made by time.
    const bool wanted =
        wanted_.codes.empty() ? wanted_.code_command.empty() : wants(store::CodeSource::totp);
    if (!can || !wanted || wanted_.secrets.contains(totp_name) || !asker_.can_ask()) return;
    auto given = asker_.secret(
        "Secret for one-time codes, as the carrier shows it beside the QR code, or nothing to type "
        "each code:");
    if (given.empty()) return;
    static_cast<void>(carriers::read_otpauth(given));
    wanted_.secrets.insert_or_assign(totp_name, std::move(given));
  }

  [[nodiscard]] bool wants(store::CodeSource source) const {
    return std::ranges::find(wanted_.codes, source) != wanted_.codes.end();
  }

  /// The order of the sources of codes: what was said, or else what is there, and people last.
  void choose_codes() {
    using enum store::CodeSource;
    const bool by_time = wanted_.secrets.contains(totp_name);
    const bool by_program = !wanted_.code_command.empty();
    if (wanted_.codes.empty()) {
      if (by_time) wanted_.codes.push_back(totp);
      if (by_program) wanted_.codes.push_back(command);
      wanted_.codes.push_back(prompt);
      return;
    }
    const auto refuse = [](const std::string& why) {
      throw Error(ErrorKind::usage, "account.codes", why)
          .hint("--codes names sources in their order, such as totp,prompt");
    };
    for (const auto each : wanted_.codes) {
      if (std::ranges::count(wanted_.codes, each) > 1)
        refuse(fmt::format("{} is there twice in --codes", store::to_string(each)));
    }
    if (wants(totp) != by_time)
      refuse(by_time ? "the secret `totp` is given, and --codes does not name totp"
                     : "--codes names totp, and the secret `totp` is not given");
    if (wants(command) != by_program)
      refuse(by_program ? "--code-command is given, and --codes does not name command"
                        : "--codes names command, and there is no --code-command");
  }

  const carriers::Provider& provider_;
  Asker& asker_;
  NewAccount& wanted_;
};

}  // namespace

void fill_values(const carriers::Provider& provider, Asker& asker, NewAccount& wanted) {
  Filler(provider, asker, wanted).fill();
}

void require_available(const carriers::Provider& provider) {
  if (provider.unavailable.empty()) return;
  Error error(ErrorKind::refused, "carrier.unavailable",
              fmt::format("{} cannot be asked: {}", provider.title, provider.unavailable));
  for (const auto& each : provider.alternatives) error.hint("what works: " + each);
  throw error;
}

store::Account add_account(const World& world, const Observer& observer, Asker& asker,
                           NewAccount wanted) {
  const auto provider = provider_of(world, wanted.provider);
  require_available(provider);
  if (wanted.name.empty()) wanted.name = wanted.provider;
  require_name(wanted.name);
  static_cast<void>(journal_file(world));
  if (store::Accounts::there(world.state_directory) &&
      store::Accounts::open_existing(world.state_directory).find(wanted.name)) {
    throw Error(ErrorKind::usage, "account.exists",
                fmt::format("there is an account “{}” already", wanted.name))
        .hint("give this one another name, or remove that one first");
  }
  if (!wanted.ca.empty()) {
    wanted.ca = std::filesystem::absolute(wanted.ca).string();  // whatever directory is next
    static_cast<void>(lpa::http_trust(lpa::FileTrust{wanted.ca}, world.clock.utc()));
  }
  fill_values(provider, asker, wanted);
  store::Account account{.name = wanted.name,
                         .provider = provider.id,
                         .values = std::move(wanted.values),
                         .codes = std::move(wanted.codes),
                         .command = std::move(wanted.code_command),
                         .host = std::move(wanted.host),
                         .ca = std::move(wanted.ca),
                         .added_at = world.clock.utc()};
  bool new_file = false;
  if (!wanted.secrets.empty()) {
    const auto vault_file = store::FileVault::file_in(world.state_directory);
    new_file = !std::filesystem::exists(vault_file);
    const auto vault = open_secrets(world, asker, wanted.keep_in);
    for (const auto& [name, value] : wanted.secrets)
      vault->put(secret_of(account.name, name), value);
    new_file = new_file && std::filesystem::exists(vault_file);
  }
  store::Accounts::open(world.state_directory, observer.note).add(account);
  const bool typed = !credential(world) && store::unlock_command(world.state_directory).empty();
  if (new_file && typed && asker.can_ask()) ask_unlocking(world, asker);
  return account;
}

std::vector<store::Account> accounts(const World& world) {
  if (!store::Accounts::there(world.state_directory)) return {};
  return store::Accounts::open_existing(world.state_directory).all();
}

store::Account account_of(const World& world, const std::string& name) {
  const auto all = accounts(world);
  const auto found = std::ranges::find(all, name, &store::Account::name);
  if (found != all.end()) return *found;
  Error error(ErrorKind::not_found, "account.unknown",
              fmt::format("there is no account “{}”", base::clean(name, 80)));
  for (const auto& each : all) error.hint(fmt::format("“{}” ({})", each.name, each.provider));
  throw all.empty() ? error.hint("`esimctl account add CARRIER` adds one") : error;
}

void remove_account(const World& world, Asker& asker, const std::string& name) {
  const auto account = account_of(world, name);
  if (store::chosen_vault(world.state_directory)) {
    const auto vault = open_secrets(world, asker);
    const auto own = [&](const std::string& secret) {
      return secret == session_of(name) || secret == challenge_of(name) ||
             secret.starts_with(secret_of(name, "")) || secret.starts_with(device_of(name, ""));
    };
    for (const auto& secret : vault->names())
      if (own(secret)) vault->erase(secret);
  }
  if (store::History::there(world.state_directory))
    store::History::open_existing(world.state_directory).forget(name);
  store::Accounts::open_existing(world.state_directory).remove(account.name);
}

}  // namespace app
