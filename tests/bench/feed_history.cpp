/// Makes a state directory with lines that were looked at every five minutes for years:
/// feed_history DIRECTORY LINES DAYS. What is old is put together on the way, as it is in life.

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "store/accounts.hpp"
#include "store/history.hpp"
#include "usage/cycle.hpp"

namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr minutes apart(5);
constexpr auto zone = "Europe/Berlin";
constexpr auto account = "bench";

/// One line, and what its provider says.
struct Line {
  std::string id;
  std::int64_t used = 0;
  usage::Cycle cycle{};
};

/// More by day than by night, and never the same.
std::int64_t bytes_of(base::UtcTime time, std::mt19937_64& chance) {
  const auto hour = (time.time_since_epoch() / std::chrono::hours(1)) % 24;
  return std::int64_t(chance() % 100'000) * (hour > 6 ? 10 : 1);
}

usage::Snapshot said(Line& line, base::UtcTime time, std::mt19937_64& chance) {
  if (!line.cycle.end || time >= *line.cycle.end) {
    line.cycle = usage::cycle_at(time, std::chrono::day(1), zone);
    line.used = 0;
  }
  line.used += bytes_of(time, chance);
  usage::Snapshot made{};
  made.line.provider_id = line.id;
  made.cycle = line.cycle;
  made.limit = usage::DataSize::of_bytes(10'000'000'000);
  made.used = usage::DataSize::of_bytes(line.used);
  made.as_of = made.fetched_at = time;
  made.source = account;
  return usage::completed(made);
}

void feed(const std::string& directory, int count, int length) {
  constexpr int between_compactions = 5;  // days
  const auto end = std::chrono::floor<minutes>(std::chrono::system_clock::now());
  const auto start = end - days(length);
  auto accounts = store::Accounts::open(directory, {});
  accounts.add({.name = account, .provider = "telnyx", .added_at = start});
  accounts.set_asked(account, store::PlanPart::usage, {.at = start, .whole = start});
  auto history = store::History::open(directory, {});
  std::vector<Line> lines;
  for (int i = 0; i < count; ++i) lines.push_back({.id = "line-" + std::to_string(i)});
  std::mt19937_64 chance;  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time, on purpose
  for (int day = 0; day < length; ++day) {
    for (auto& line : lines) {
      std::vector<usage::Snapshot> snapshots;
      for (auto time = start + days(day); time < start + days(day + 1);) {
        time += apart;
        snapshots.push_back(said(line, time, chance));
      }
      history.put(account, snapshots);
    }
    if (day % between_compactions == 0) history.compact(start + days(day + 1));
  }
  history.compact(end);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 3) {
    std::cerr << "feed_history DIRECTORY LINES DAYS\n";
    return 2;
  }
  try {
    feed(words[0], std::stoi(words[1]), std::stoi(words[2]));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "feed_history: " << error.what() << '\n';
    return 1;
  }
}
