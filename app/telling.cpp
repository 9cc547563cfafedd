#include "app/telling.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "app/default_smdp.hpp"
#include "app/servers.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "lpa/es9p.hpp"

namespace app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_threads = 8;
constexpr auto first_pause = 1s;

struct Outcome {
  const lpa::OutboxNotification* notification = nullptr;
  std::string why_not;
};

/// What the threads hand over to the one that writes it down.
class Outcomes {
 public:
  /// Comes back once it is written down, so that no server is told more than one notification that
  /// nobody would remember after a crash. False when nothing can be written down any more.
  bool put(Outcome outcome) {
    std::unique_lock lock(mutex_);
    waiting_.push_back(std::move(outcome));
    const auto number = ++handed_over_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return over_ || written_ >= number; });
    return !over_;
  }
  Outcome take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !waiting_.empty(); });
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
  }
  /// The one that was taken last.
  void written() {
    const std::lock_guard lock(mutex_);
    ++written_;
    changed_.notify_all();
  }
  void end() {
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }
  bool over() {
    const std::lock_guard lock(mutex_);
    return over_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Outcome> waiting_;
  std::size_t handed_over_ = 0;
  std::size_t written_ = 0;
  bool over_ = false;
};

using Group = std::vector<const lpa::OutboxNotification*>;

/// A server that fails may be better soon; one that says no, or is not whom it should be, is not.
bool worth_another_attempt(const base::Error& error) {
  return error.kind() == base::ErrorKind::network &&
         error.code().find(".tls-") == std::string::npos;
}

void tell(lpa::Smdp& smdp, const base::Bytes& pending, base::Clock& clock, unsigned attempts) {
  for (base::Clock::Duration pause = first_pause;; pause *= 4) {
    try {
      smdp.handle_notification(pending);
      return;
    } catch (const base::Error& error) {
      if (--attempts == 0 || !worth_another_attempt(error)) throw;
      clock.wait(pause);
    }
  }
}

std::unique_ptr<base::HttpClient> client_for(const World& world, const std::string& server,
                                             const lpa::HttpTrust& trust) {
  check_smdp_address(server);
  auto settings = settings_for(server, trust);
  settings.limits.connect = connect_by_the_way;
  return world.http(std::move(settings));
}

void tell_one_server(const World& world, const TellingTerms& terms, const std::string& server,
                     const lpa::HttpTrust& trust, const Group& group, Outcomes& outcomes) {
  std::unique_ptr<base::HttpClient> http;
  std::string gone;  // why the server is not asked any more
  for (const auto* each : group) {
    auto why_not = gone;
    try {
      if (gone.empty()) {
        if (!http) http = client_for(world, server, trust);
        lpa::Smdp smdp(*http, server, terms.card);
        tell(smdp, each->pending_notification, world.clock, terms.attempts);
      }
    } catch (const base::Error& error) {
      why_not = error.what();
      // One that says no to this may say yes to the next; the order is kept all the same.
      if (error.kind() != base::ErrorKind::refused) gone = why_not;
    } catch (const std::exception& fault) {
      gone = why_not = fault.what();
    }
    if (!outcomes.put({each, why_not})) return;
  }
}

}  // namespace

void tell_servers(const World& world, const TellingTerms& terms,
                  std::vector<lpa::OutboxNotification> notifications, const HearOutcome& told) {
  if (notifications.empty()) return;
  std::ranges::sort(notifications, {}, &lpa::OutboxNotification::sequence_number);
  std::map<std::string, Group> servers;
  for (const auto& each : notifications) servers[lpa::server_of(each.address)].push_back(&each);
  const auto trust = lpa::http_trust(terms.trust, world.clock.utc());

  Outcomes outcomes;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (auto at = next++; at < servers.size() && !outcomes.over(); at = next++) {
      const auto& [server, group] = *std::next(servers.begin(), static_cast<std::ptrdiff_t>(at));
      tell_one_server(world, terms, server, trust, group, outcomes);
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < std::min(servers.size(), most_threads); ++i)
    threads.emplace_back(work);
  try {
    for (std::size_t i = 0; i < notifications.size(); ++i) {
      const auto outcome = outcomes.take();
      told(*outcome.notification, outcome.why_not);
      outcomes.written();
    }
  } catch (...) {
    outcomes.end();
    throw;
  }
}

}  // namespace app
