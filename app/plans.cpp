#include "app/plans.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <future>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "app/account_client.hpp"
#include "app/account_lock.hpp"
#include "app/accounts.hpp"
#include "app/alarms.hpp"
#include "app/clock_skew.hpp"
#include "app/counters.hpp"
#include "app/line_names.hpp"
#include "app/provider_files.hpp"
#include "app/secrets.hpp"
#include "app/throttle.hpp"
#include "base/text.hpp"
#include "carriers/reading.hpp"

namespace app {
namespace {

using namespace std::chrono_literals;

/// Each takes a sixth of a MB, and the key of the secrets takes 32 MB to derive.
constexpr std::size_t most_threads = 52;
constexpr std::chrono::seconds usual_age = 15min;

/// Lines of an account, written down together.
struct Lines {
  std::string account;
  std::vector<usage::Snapshot> snapshots;
};

/// All of a part of an account was told, in a reading that began then.
struct Whole {
  std::string account;
  PlanPart part;
  base::UtcTime began;
};

/// What a thread hands over to the one that writes it down. The lock of an account goes once what
/// came before it is written.
using News = std::variant<Lines, store::KeptBalance, Whole, PlanFault, ClockSkew, base::FileLock>;

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
  const carriers::Provider* provider;
  std::vector<std::pair<PlanPart, store::Asked>> parts;  ///< with how it was asked before
};

/// What was told is handed over, whatever comes afterwards.
void read_lines(AccountClient& client, Inbox& inbox) {
  Lines lines{.account = client.account().name, .snapshots = {}};
  const auto heard = [&](usage::Snapshot snapshot) {
    lines.snapshots.push_back(std::move(snapshot));
  };
  try {
    carriers::read_usage(client.exchange(), client.scope(), client.provider().title, heard);
  } catch (...) {
    inbox.put(std::move(lines));
    throw;
  }
  inbox.put(std::move(lines));
}

void read_once(AccountClient& client, PlanPart part, KeptSecrets& kept, Inbox& inbox) {
  const auto& name = client.account().name;
  const auto began = client.exchange().clock().utc();
  kept.set_asked(name, part, {.at = began, .whole = kept.asked(name, part).whole});
  if (part == PlanPart::balance) {
    if (auto money = carriers::read_balance(client.exchange(), client.scope()))
      inbox.put(store::KeptBalance{name, *std::move(money), client.exchange().clock().utc()});
  } else {
    read_lines(client, inbox);
  }
  inbox.put(Whole{name, part, began});
}

/// A session that the provider does not know any more is made anew, once.
void read_part(AccountClient& client, PlanPart part, KeptSecrets& kept, Inbox& inbox) {
  client.have_session(nullptr);
  const auto before = kept.asked(client.account().name, part);
  try {
    read_once(client, part, kept, inbox);
  } catch (const base::Error& error) {
    client.remember(error);
    // That was no answer yet: when the user has to do something first, it is asked for at once
    // then.
    if (error.kind() == base::ErrorKind::sign_in || error.code().starts_with("secrets."))
      kept.set_asked(client.account().name, part, before);
    if (error.code() != "carrier.signed-out" || !client.provider().login) throw;
    client.replace_session(nullptr);
    read_once(client, part, kept, inbox);
  }
}

void read_parts(const World& world, const Task& task, KeptSecrets& kept,
                const std::stop_token& stop, Inbox& inbox) {
  const auto& name = task.account.name;
  auto parts = task.parts;
  // While this process waited, another one may have asked, and has kept what it heard.
  std::erase_if(parts,
                [&](const auto& part) { return kept.asked(name, part.first) != part.second; });
  if (parts.empty()) return;
  AccountClient client(world, task.account, *task.provider, kept, stop);
  const auto hear = [&] {
    if (const auto until = client.exchange().closed_until()) kept.set_closed_until(name, *until);
    if (auto skew = skew_of(client.exchange())) inbox.put(*std::move(skew));
  };
  try {
    for (const auto& [part, before] : parts) read_part(client, part, kept, inbox);
  } catch (...) {
    hear();
    throw;
  }
  hear();
}

void read_account(const World& world, const Task& task, KeptSecrets& kept,
                  const std::stop_token& stop, Inbox& inbox) {
  std::optional<base::FileLock> lock;
  try {
    lock = account_lock(world, "reading", task.account.name);
    read_parts(world, task, kept, stop, inbox);
  } catch (const base::Error& error) {
    inbox.put(PlanFault{task.account.name, error});
  } catch (const std::exception& fault) {
    inbox.put(PlanFault{task.account.name,
                        base::Error(base::ErrorKind::internal, "internal.bug", fault.what())});
  }
  if (lock) inbox.put(*std::move(lock));
}

/// Reads accounts for one run.
class Reader {
 public:
  Reader(const World& world, const Observer& observer, Asker& asker, const PlansOptions& options)
      : world_(world),
        observer_(observer),
        asker_(asker),
        options_(options),
        accounts_(store::Accounts::open_existing(world.state_directory)),
        history_(store::History::open(world.state_directory, observer.note)),
        all_(accounts_.all()),
        start_(world.clock.utc()) {}

  Plans read() {
    read_counters(world_, observer_, history_);
    const auto choice = choose();
    auto wanted = all_;
    std::erase_if(wanted, [&](const auto& each) { return !choice.has(each.name); });
    const bool first_of_day = first_look_of_the_day();
    read_due(wanted, options_.parts);
    if (first_of_day) history_.compact(world_.clock.utc());
    auto plans = kept_plans(history_, accounts_);
    std::erase_if(plans.lines, [&](const auto& each) { return !choice.has(each); });
    std::erase_if(plans.balances, [&](const auto& each) { return !choice.has(each.account); });
    std::erase_if(faults_, [&](const auto& each) { return !choice.has(each.account); });
    for (const auto& account : wanted) {
      for (const auto part : options_.parts) look_at_age(plans, account, part);
    }
    if (with_lines()) plans.alarms = open_alarms(history_, plans.lines, world_.clock.utc());
    plans.faults = std::move(faults_);
    std::ranges::sort(plans.faults, {}, &PlanFault::account);
    tell_clock_skew(observer_, skew_);
    return plans;
  }

 private:
  /// When what is old is put together.
  bool first_look_of_the_day() {
    const auto lines = history_.newest();
    const auto before = [&](const store::KeptSnapshot& each) {
      return floor<std::chrono::days>(each.snapshot.fetched_at) < floor<std::chrono::days>(start_);
    };
    return !lines.empty() && std::ranges::all_of(lines, before);
  }

  [[nodiscard]] bool with_lines() const {
    return std::ranges::find(options_.parts, PlanPart::usage) != options_.parts.end();
  }

  /// Reads accounts that never were, when a name is of nothing that is known.
  Choice choose() {
    if (!with_lines()) {
      for (const auto& name : options_.names) static_cast<void>(account_of(world_, name));
    }
    std::vector<std::string> names;
    for (const auto& each : all_) names.push_back(each.name);
    auto lines = kept_plans(history_, accounts_).lines;
    auto choice = choose_lines(options_.names, names, lines);
    if (choice.unknown.empty()) return choice;
    read_due(never_read(lines), {PlanPart::usage});
    lines = kept_plans(history_, accounts_).lines;
    choice = choose_lines(options_.names, names, lines);
    if (choice.unknown.empty()) return choice;
    if (faults_.empty()) throw unknown_line(choice.unknown.front(), names, lines);
    const auto& fault = faults_.front();  // the line may be one of that account
    base::Error error(
        fault.error.kind(), fault.error.code(),
        fmt::format("“{}” is no line that is known, and “{}” could not be asked: {}",
                    base::clean(choice.unknown.front(), 80), fault.account, fault.error.what()));
    for (const auto& hint : fault.error.hints()) error.hint(hint);
    throw error;
  }

  std::vector<store::Account> never_read(const std::vector<store::KeptSnapshot>& lines) {
    auto never = all_;
    std::erase_if(never, [&](const store::Account& each) {
      return accounts_.asked(each.name, PlanPart::usage).whole ||
             std::ranges::find(lines, each.name, &store::KeptSnapshot::account) != lines.end();
    });
    return never;
  }

  /// The provider of an account; null when its file is not there, which is a fault of the account.
  const carriers::Provider* provider_of_account(const store::Account& account) {
    auto found = providers_.find(account.provider);
    if (found == providers_.end()) {
      try {
        found = providers_.emplace(account.provider, provider_of(world_, account.provider)).first;
      } catch (const base::Error& error) {
        if (fault_of(account.name) == nullptr) faults_.push_back({account.name, error});
        return nullptr;
      }
    }
    return &found->second;
  }

  PlanFault* fault_of(const std::string& account) {
    const auto found = std::ranges::find(faults_, account, &PlanFault::account);
    return found == faults_.end() ? nullptr : &*found;
  }

  static bool tells(const carriers::Provider& provider, PlanPart part) {
    return part == PlanPart::usage ? provider.usage.has_value() : provider.balance.has_value();
  }

  AskingState state_of(const store::Account& account, PlanPart part, const Plans& known) {
    return {.asked = accounts_.asked(account.name, part),
            .closed_until = accounts_.closed_until(account.name),
            .figures = time_of(known, account.name, part)};
  }

  /// Whether what is kept is as fresh as it is wanted.
  [[nodiscard]] bool fresh(const AskingState& state) const {
    return !options_.refresh &&
           younger(state, options_.max_age.value_or(usual_age), world_.clock.utc());
  }

  void read_due(const std::vector<store::Account>& wanted, const std::vector<PlanPart>& parts) {
    wait_for_others(wanted, parts);
    ask(due(wanted, parts));
  }

  /// Another process may be asking at this moment: what it hears is waited for.
  void wait_for_others(const std::vector<store::Account>& wanted,
                       const std::vector<PlanPart>& parts) {
    for (const auto& account : wanted) {
      const auto unfinished = [&](PlanPart part) {
        const auto asked = accounts_.asked(account.name, part);
        return asked.at != asked.whole;
      };
      if (std::ranges::none_of(parts, unfinished)) continue;
      try {
        static_cast<void>(account_lock(world_, "reading", account.name));
      } catch (const base::Error& error) {
        observer_.note(error.what());
      }
    }
  }

  /// Those that are to be asked now.
  std::vector<Task> due(const std::vector<store::Account>& wanted,
                        const std::vector<PlanPart>& parts) {
    const auto known = kept_plans(history_, accounts_);
    std::vector<Task> tasks;
    for (const auto& account : wanted) {
      if (options_.only && !options_.only->contains(account.name)) continue;
      const auto* const provider = provider_of_account(account);
      if (provider == nullptr || fault_of(account.name) != nullptr) continue;
      Task task{.account = account, .provider = provider, .parts = {}};
      for (const auto part : parts) {
        const auto state = state_of(account, part, known);
        if (tells(*provider, part) && !fresh(state) &&
            !next_asking(state, provider->poll_floor, world_.clock.utc())) {
          task.parts.emplace_back(part, state.asked);
        }
      }
      if (!task.parts.empty()) tasks.push_back(std::move(task));
    }
    return tasks;
  }

  void ask(const std::vector<Task>& tasks) {
    if (tasks.empty()) return;
    auto stop = options_.stop;
    if (!open_by_themselves(world_)) {
      open_vault();  // people are asked before anybody is connected
      if (asker_.can_ask()) stop = world_.interrupts();  // it has Ctrl-C caught
    }
    std::promise<store::Vault*> vault;
    KeptSecrets kept(vault.get_future().share(), accounts_);
    Inbox inbox;
    std::atomic<std::size_t> next = 0;
    const auto workers = std::min(tasks.size(), most_threads);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < workers; ++i) {
      threads.emplace_back([&] {
        for (auto at = next++; at < tasks.size(); at = next++)
          read_account(world_, tasks[at], kept, stop, inbox);
        inbox.one_ended();
      });
    }
    // Its key takes as long to derive as connections take to be made.
    std::exception_ptr closed;
    try {
      open_vault();
      vault.set_value(vault_.get());
    } catch (...) {
      closed = std::current_exception();
      vault.set_exception(closed);
    }
    while (auto news = inbox.take(workers)) {
      if (const auto* const lines = std::get_if<Lines>(&*news))
        history_.put(lines->account, lines->snapshots);
      if (auto* const balance = std::get_if<store::KeptBalance>(&*news)) history_.put(*balance);
      if (const auto* const whole = std::get_if<Whole>(&*news))
        kept.set_asked(whole->account, whole->part, {.at = whole->began, .whole = whole->began});
      if (auto* const fault = std::get_if<PlanFault>(&*news)) faults_.push_back(std::move(*fault));
      if (auto* const skew = std::get_if<ClockSkew>(&*news)) {
        if (!skew_ || std::chrono::abs(skew->ahead) > std::chrono::abs(skew_->ahead))
          skew_ = std::move(*skew);
      }
    }
    if (closed) std::rethrow_exception(closed);
  }

  /// With its passphrase, which is needed once.
  void open_vault() {
    if (vault_ || !store::chosen_vault(world_.state_directory)) return;
    vault_ = open_secrets(world_, asker_);
    static_cast<void>(vault_->names());
  }

  /// Says which figures are older than was wanted, and makes a fault of those that are not there
  /// since nobody may be asked yet.
  void look_at_age(Plans& plans, const store::Account& account, PlanPart part) {
    const auto* const provider = provider_of_account(account);
    if (provider == nullptr || !tells(*provider, part)) return;
    const auto state = state_of(account, part, plans);
    const auto& figures = state.figures;
    const auto next = next_asking(state, provider->poll_floor, world_.clock.utc());
    const auto later =
        next ? fmt::format("“{}” can be asked again from {}", account.name, base::to_rfc3339(*next))
             : std::string();
    auto* const fault = fault_of(account.name);
    if (!figures) {
      if (fault == nullptr && next && !state.asked.whole) {
        faults_.push_back({account.name, too_early(*provider, state.asked, *next)});
      } else if (fault != nullptr && next && fault->error.kind() == base::ErrorKind::network) {
        fault->error.hint(later);
      }
      return;
    }
    const AgeLimit limit{.start = start_, .now = world_.clock.utc(), .most = options_.max_age};
    // A fault is told anyway, and with it that the figures are older.
    const bool told = options_.max_age || (options_.refresh && fault == nullptr);
    if (!told || !limit.old(*figures)) return;
    auto made = old_figures(plans, account.name, part, limit);
    made.next = next;
    made.why = "nothing newer was told";
    if (next) {
      made.why = fmt::format("{} may be asked again only from {}", provider->title,
                             base::to_rfc3339(*next));
    }
    if (fault != nullptr) made.why = fault->error.what();
    plans.old.push_back(std::move(made));
  }

  static base::Error too_early(const carriers::Provider& provider, const store::Asked& asked,
                               base::UtcTime next) {
    const auto before =
        asked.at ? fmt::format(" was asked at {}, in vain, and", base::to_rfc3339(*asked.at)) : "";
    return {base::ErrorKind::network, "carrier.rate-limited",
            fmt::format("{}{} may be asked again only from {}", provider.title, before,
                        base::to_rfc3339(next))};
  }

  const World& world_;
  const Observer& observer_;
  Asker& asker_;
  const PlansOptions& options_;
  store::Accounts accounts_;
  store::History history_;
  std::vector<store::Account> all_;
  base::UtcTime start_;
  std::map<std::string, carriers::Provider> providers_{};  // a file is read once
  std::unique_ptr<store::Vault> vault_{};
  std::vector<PlanFault> faults_{};
  std::optional<ClockSkew> skew_{};
};

}  // namespace

Plans read_plans(const World& world, const Observer& observer, Asker& asker,
                 const PlansOptions& options) {
  if (accounts(world).empty()) {
    read_counters(world, observer);
    for (const auto& name : options.names) static_cast<void>(account_of(world, name));
    return {};
  }
  return Reader(world, observer, asker, options).read();
}

}  // namespace app
