#include "app/plans.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "app/account_client.hpp"
#include "app/accounts.hpp"
#include "app/provider_files.hpp"
#include "app/secrets.hpp"
#include "carriers/reading.hpp"

namespace app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_threads = 64;
constexpr std::chrono::seconds usual_age = 15min;

/// What a thread hands over to the one that writes it down.
using News = std::variant<store::KeptSnapshot, store::KeptBalance, PlanFault>;

class Inbox {
 public:
  void put(News news) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(news));
    changed_.notify_one();
  }
  void one_ended() {
    const std::lock_guard lock(mutex_);
    ++ended_;
    changed_.notify_one();
  }
  /// Empty once so many have ended and all was taken.
  std::optional<News> take(std::size_t workers) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !all_.empty() || ended_ == workers; });
    if (all_.empty()) return std::nullopt;
    auto first = std::move(all_.front());
    all_.pop_front();
    return first;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<News> all_;
  std::size_t ended_ = 0;
};

struct Task {
  store::Account account;
  carriers::Provider provider;
};

void read_once(AccountClient& client, PlanPart part, Inbox& inbox) {
  client.have_session(nullptr);
  const auto& name = client.account().name;
  if (part == PlanPart::balance) {
    if (auto money = carriers::read_balance(client.exchange(), client.scope()))
      inbox.put(store::KeptBalance{name, *std::move(money), client.exchange().clock().utc()});
    return;
  }
  carriers::read_usage(
      client.exchange(), client.scope(), client.provider().title,
      [&](usage::Snapshot snapshot) { inbox.put(store::KeptSnapshot{name, std::move(snapshot)}); });
}

/// A session that the provider does not know any more is made anew, once.
void read_account(const World& world, const Task& task, PlanPart part, KeptSecrets& kept,
                  Inbox& inbox) {
  try {
    AccountClient client(world, task.account, task.provider, kept);
    try {
      read_once(client, part, inbox);
    } catch (const base::Error& error) {
      if (error.code() != "carrier.signed-out" || !client.provider().login) throw;
      client.replace_session(nullptr);
      read_once(client, part, inbox);
    }
  } catch (const base::Error& error) {
    inbox.put(PlanFault{task.account.name, error});
  } catch (const std::exception& fault) {
    inbox.put(PlanFault{task.account.name,
                        base::Error(base::ErrorKind::internal, "internal.bug", fault.what())});
  }
}

/// When that part of an account was last read.
std::map<std::string, base::UtcTime> last_read(const Plans& plans, PlanPart part) {
  std::map<std::string, base::UtcTime> times;
  const auto note = [&](const std::string& account, base::UtcTime at) {
    auto& time = times[account];
    time = std::max(time, at);
  };
  if (part == PlanPart::balance) {
    for (const auto& each : plans.balances) note(each.account, each.fetched_at);
  } else {
    for (const auto& each : plans.lines) note(each.account, each.snapshot.fetched_at);
  }
  return times;
}

Plans plans_of(store::History& history, const std::vector<store::Account>& wanted) {
  const auto other = [&](const auto& each) {
    return std::ranges::find(wanted, each.account, &store::Account::name) == wanted.end();
  };
  Plans plans{.lines = history.newest(), .balances = history.newest_balances(), .faults = {}};
  std::erase_if(plans.lines, other);
  std::erase_if(plans.balances, other);
  return plans;
}

/// Those that are to be asked now.
std::vector<Task> due(const World& world, const PlansOptions& options,
                      const std::vector<store::Account>& wanted, const Plans& known,
                      std::vector<PlanFault>& faults) {
  const auto times = last_read(known, options.part);
  std::vector<Task> tasks;
  std::map<std::string, carriers::Provider> providers;  // a file is read once
  for (const auto& account : wanted) {
    try {
      auto found = providers.find(account.provider);
      if (found == providers.end())
        found = providers.emplace(account.provider, provider_of(world, account.provider)).first;
      const auto& provider = found->second;
      const bool tells = options.part == PlanPart::usage ? provider.usage.has_value()
                                                         : provider.balance.has_value();
      if (!tells) continue;
      const auto read = times.find(account.name);
      if (read != times.end()) {
        const auto age = world.clock.utc() - read->second;
        const auto enough = options.refresh ? 0s : options.max_age.value_or(usual_age);
        if (age < provider.poll_floor || age < enough) continue;
      }
      tasks.push_back({account, provider});
    } catch (const base::Error& error) {
      faults.push_back({account.name, error});
    }
  }
  return tasks;
}

}  // namespace

Plans known_plans(const World& world, const Observer& observer) {
  if (!store::History::there(world.state_directory)) return {};
  try {
    auto history = store::History::open_existing(world.state_directory);
    return {.lines = history.newest(), .balances = history.newest_balances(), .faults = {}};
  } catch (const base::Error& error) {
    observer.note(fmt::format("what is known of plans cannot be read: {}", error.what()));
    return {};
  }
}

Plans read_plans(const World& world, const Observer& observer, Asker& asker,
                 const PlansOptions& options) {
  std::vector<store::Account> wanted;
  for (const auto& name : options.accounts) wanted.push_back(account_of(world, name));
  if (options.accounts.empty()) wanted = accounts(world);
  if (wanted.empty()) return {};
  auto history = store::History::open(world.state_directory, observer.note);
  std::vector<PlanFault> faults;
  const auto tasks = due(world, options, wanted, plans_of(history, wanted), faults);
  if (!tasks.empty()) {
    auto kept_accounts = store::Accounts::open_existing(world.state_directory);
    const auto vault =
        store::chosen_vault(world.state_directory) ? open_secrets(world, asker) : nullptr;
    if (vault) static_cast<void>(vault->names());  // its passphrase is asked for once, and here
    KeptSecrets kept(vault.get(), kept_accounts);
    Inbox inbox;
    std::atomic<std::size_t> next = 0;
    const auto workers = std::min(tasks.size(), most_threads);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < workers; ++i) {
      threads.emplace_back([&] {
        for (auto at = next++; at < tasks.size(); at = next++)
          read_account(world, tasks[at], options.part, kept, inbox);
        inbox.one_ended();
      });
    }
    while (auto news = inbox.take(workers)) {
      if (auto* const snapshot = std::get_if<store::KeptSnapshot>(&*news))
        history.put(snapshot->account, snapshot->snapshot);
      if (auto* const balance = std::get_if<store::KeptBalance>(&*news)) history.put(*balance);
      if (auto* const fault = std::get_if<PlanFault>(&*news)) faults.push_back(std::move(*fault));
    }
  }
  auto plans = plans_of(history, wanted);
  plans.faults = std::move(faults);
  std::ranges::sort(plans.faults, {}, &PlanFault::account);
  return plans;
}

}  // namespace app
