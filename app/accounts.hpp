#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/asker.hpp"
#include "app/named_secrets.hpp"
#include "app/world.hpp"
#include "base/secret.hpp"
#include "carriers/provider.hpp"
#include "store/accounts.hpp"
#include "store/vault_choice.hpp"

namespace app {

/// What is known of an account that is to be added.
struct NewAccount {
  std::string provider;
  std::string name{};                           ///< empty: as the provider
  std::map<std::string, std::string> values{};  ///< those that are given; no secrets
  NamedSecrets secrets{};                       ///< `totp` among them: what a QR code has
  std::vector<std::string> code_command{};      ///< a program that prints one-time codes
  std::vector<store::CodeSource> codes{};       ///< in their order; empty: by what is given
  std::optional<store::VaultKind> keep_in{};
  std::string host{};  ///< asked in place of the provider's
  std::string ca{};    ///< file of certificates that it is known by
};

/// Asks for what the provider needs and was not given, keeps the secrets, and adds the account.
/// Nothing is kept before all of it is right. When the file of secrets is made for it, people are
/// asked how it is opened without them.
///
/// Throws Error `carrier.unavailable` (refused), `account.name`, `account.value`, `account.codes`
/// and `account.exists` (usage), `account.missing` (usage) when nobody can be asked, as
/// lpa::http_trust for `ca`, and as provider_of, open_secrets and store::Accounts.
store::Account add_account(const World& world, const Observer& observer, Asker& asker,
                           NewAccount wanted);

/// Asks for what the provider needs and was not given, and looks at what was. Throws as
/// add_account.
void fill_values(const carriers::Provider& provider, Asker& asker, NewAccount& wanted);

/// Throws Error `carrier.unavailable` (refused), whose hints say what works.
void require_available(const carriers::Provider& provider);

/// By name; none when nothing is kept.
std::vector<store::Account> accounts(const World& world);

/// Throws Error `account.unknown` (not_found), which names those that are there.
store::Account account_of(const World& world, const std::string& name);

/// Forgets it, its secrets, its session and its history; the provider hears nothing. Throws as
/// account_of.
void remove_account(const World& world, Asker& asker, const std::string& name);

}  // namespace app
