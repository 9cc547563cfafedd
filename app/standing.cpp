#include "app/standing.hpp"

#include <map>

#include <fmt/format.h>

#include "app/provider_files.hpp"
#include "base/error.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using Kind = AccountStanding::Kind;

/// Whether a carrier takes a key and no sign-in. The file of each is read once.
class KeysAlone {
 public:
  explicit KeysAlone(const World& world) : world_(world) {}

  bool of(const std::string& provider) {
    const auto known = known_.find(provider);
    if (known != known_.end()) return known->second;
    try {
      return known_[provider] = !provider_of(world_, provider).login;
    } catch (const Error&) {
      return known_[provider] = false;  // `carrier list` says what is wrong with the file
    }
  }

 private:
  const World& world_;
  std::map<std::string, bool> known_{};
};

AccountStanding standing_of(const store::Account& account, store::Accounts& accounts,
                            KeysAlone& keys, base::UtcTime now) {
  const auto attempts = accounts.attempts(account.name);
  auto state = accounts.sign_in_state(account.name);
  AccountStanding standing{.kind = Kind::signed_out, .pending = std::move(state.pending)};
  const auto& pending = standing.pending;
  if (attempts.not_before && *attempts.not_before > now) {
    standing.kind = Kind::locked;
    standing.until = attempts.not_before;
  } else if (attempts.credentials_refused) {
    standing.kind = Kind::stopped;
  } else if (pending) {
    standing.kind =
        pending->ends && *pending->ends <= now ? Kind::code_expired : Kind::code_pending;
    standing.until = pending->ends;
  } else if (state.signed_in && (!state.ends || *state.ends > now)) {
    standing.kind = Kind::signed_in;
    standing.until = state.ends;
  } else if (keys.of(account.provider)) {
    standing.kind = Kind::key;
  }
  return standing;
}

}  // namespace

std::vector<ListedAccount> listed_accounts(const World& world) {
  if (!store::Accounts::there(world.state_directory)) return {};
  auto accounts = store::Accounts::open_existing(world.state_directory);
  KeysAlone keys(world);
  std::vector<ListedAccount> all;
  for (auto& account : accounts.all()) {
    auto standing = standing_of(account, accounts, keys, world.clock.utc());
    all.push_back({std::move(account), std::move(standing)});
  }
  return all;
}

std::string account_that_waits(const World& world) {
  const auto now = world.clock.utc();
  std::vector<std::string> waiting;
  std::vector<std::string> late;
  for (const auto& [account, standing] : listed_accounts(world)) {
    if (!standing.pending) continue;
    const bool over = standing.pending->ends && *standing.pending->ends <= now;
    (over ? late : waiting).push_back(account.name);
  }
  const auto& meant = waiting.empty() ? late : waiting;
  if (meant.size() == 1) return meant.front();
  if (meant.empty()) {
    throw Error(ErrorKind::not_found, "carrier.no-challenge", "no account waits for a code")
        .hint("`esimctl login ACCOUNT` begins a sign-in");
  }
  Error error(ErrorKind::not_found, "carrier.several-challenges",
              "several accounts wait for a code");
  for (const auto& name : meant) error.hint(fmt::format("`esimctl answer {}`", name));
  throw error;
}

}  // namespace app
