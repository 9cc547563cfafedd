#include "app/counters.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "store/history.hpp"
#include "usage/detect.hpp"

namespace app {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes seldom(1);

/// A line that the kernel shows; empty when it cannot be read.
std::string line_of(const fs::path& file) {
  constexpr std::size_t longest = 256;
  auto text = base::read_file(file, longest).value_or(std::string());
  text.resize(std::min(text.size(), text.find('\n')));
  return text;
}

std::optional<std::int64_t> count_of(const fs::path& file) {
  const auto text = line_of(file);
  std::int64_t count = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, count);
  if (text.empty() || fault != std::errc() || stop != end || count < 0) return std::nullopt;
  return count;
}

bool can_be_interface(const std::string& name) {
  constexpr std::size_t longest = 15;  // IFNAMSIZ without its end
  return !name.empty() && name.size() <= longest && name != "." && name != ".." &&
         name.find('/') == std::string::npos;
}

/// Empty when there is no such interface at the moment.
std::optional<usage::Reading> reading_of(const World& world, const std::string& interface) {
  if (world.interfaces.empty() || !can_be_interface(interface)) return std::nullopt;
  const auto place = world.interfaces / interface;
  const auto received = count_of(place / "statistics" / "rx_bytes");
  const auto sent = count_of(place / "statistics" / "tx_bytes");
  if (!received || !sent) return std::nullopt;
  // An interface that goes and comes back counts from 0 on, and has another index then.
  return usage::Reading{
      .at = world.clock.utc(),
      .bytes = (usage::DataSize::of_bytes(*received) + usage::DataSize::of_bytes(*sent)).bytes(),
      .epoch = fmt::format("{} {}", line_of(world.boot_id), line_of(place / "ifindex"))};
}

base::Error no_interface(const World& world, const std::string& name) {
  base::Error error(
      base::ErrorKind::not_found, "usage.interface",
      fmt::format("this machine has no network interface “{}” whose bytes are counted",
                  base::clean(name, 80)));
  std::error_code fault;
  std::vector<std::string> names;
  for (const auto& each : fs::directory_iterator(world.interfaces, fault))
    names.push_back(base::clean(each.path().filename().string(), 80));
  std::ranges::sort(names);
  for (const auto& each : names) error.hint(fmt::format("there is {}", each));
  if (names.empty()) error.hint("`ip link` lists those that there are");
  return error;
}

void keep(const World& world, store::History& history, const std::string& counter,
          const usage::Reading& reading) {
  const auto zone = history.zone_of_counter(counter);
  history.put_local(counter, zone ? *zone : world.zone(), std::span(&reading, 1));
}

bool same_day(base::UtcTime one, base::UtcTime other) {
  return std::chrono::floor<std::chrono::days>(one) == std::chrono::floor<std::chrono::days>(other);
}

usage::Findings findings_of(const store::KeptTraffic& traffic, base::UtcTime now) {
  return usage::detect({.hours = traffic.buckets,
                        .until = traffic.until.value_or(now),
                        .zone = traffic.zone,
                        .now = now,
                        .local = true});
}

}  // namespace

void start_counting(const World& world, const Observer& observer, const std::string& interface) {
  const auto reading = reading_of(world, interface);
  if (!reading) throw no_interface(world, interface);
  auto history = store::History::open(world.state_directory, observer.note);
  keep(world, history, interface, *reading);
}

void read_counters(const World& world, const Observer& observer, store::History& history) {
  if (world.interfaces.empty()) return;
  try {
    const auto now = world.clock.utc();
    bool first_of_day = false;
    for (const auto& [counter, last] : history.counters_read()) {
      if (now >= last && now - last < seldom) continue;
      const auto reading = reading_of(world, counter);
      if (!reading) continue;
      keep(world, history, counter, *reading);
      first_of_day = first_of_day || !same_day(now, last);
    }
    if (first_of_day) history.compact(now);
  } catch (const base::Error& error) {
    observer.note(fmt::format("the counters of this machine cannot be kept: {}", error.what()));
  }
}

void read_counters(const World& world, const Observer& observer) {
  if (!store::History::there(world.state_directory)) return;
  auto history = store::History::open(world.state_directory, observer.note);
  read_counters(world, observer, history);
}

void forget_counter(const World& world, const std::string& counter) {
  const auto known = called_counters(world, {}).counters;
  if (std::ranges::find(known, counter) == known.end()) {
    base::Error error(base::ErrorKind::not_found, "usage.interface",
                      fmt::format("nothing is counted as “{}”", base::clean(counter, 80)));
    for (const auto& each : known) error.hint(fmt::format("there is {}", each));
    throw error.hint("`esimctl usage --local INTERFACE` begins to count one");
  }
  store::History::open_existing(world.state_directory).forget_counter(counter);
}

CalledCounters called_counters(const World& world, const std::vector<std::string>& names) {
  CalledCounters made;
  if (store::History::there(world.state_directory))
    made.counters = store::History::open_existing(world.state_directory).local_counters();
  if (names.empty()) return made;
  std::vector<std::string> called;
  for (const auto& name : names) {
    const bool counter = std::ranges::find(made.counters, name) != made.counters.end();
    (counter ? called : made.others).push_back(name);
  }
  made.counters = std::move(called);
  return made;
}

std::vector<LineTraffic> counter_traffic(const World& world,
                                         const std::vector<std::string>& counters,
                                         base::UtcTime since) {
  std::vector<LineTraffic> made;
  if (counters.empty()) return made;
  auto history = store::History::open_existing(world.state_directory);
  const auto now = world.clock.utc();
  for (const auto& counter : counters) {
    LineTraffic line{
        .newest = {},
        .traffic = history.local_traffic(counter, std::min(since, now - judged_days), now)};
    line.newest.snapshot.line.provider_id = counter;
    line.newest.snapshot.fetched_at = line.traffic.until.value_or(now);
    line.findings = findings_of(line.traffic, now);
    made.push_back(std::move(line));
  }
  return made;
}

}  // namespace app
