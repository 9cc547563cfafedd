#include "store/alarms.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>

#include <fmt/format.h>

#include "store/history.hpp"
#include "store/numbers.hpp"
#include "store/snapshot_row.hpp"

/// How the history keeps alarms.
namespace store {
namespace {

using base::UtcTime;
using usage::Detector;
using usage::Finding;

constexpr std::string_view columns =
    "id, account, line, name, kind, percent, raised, seen, over, acknowledged, muted_until, told, "
    "used, data_limit, hit_earliest, hit_likely, hit_latest, cycle_start, cycle_end, observed, "
    "usual, score, since, sureness, advice";

constexpr std::array detectors{Detector::quiet_hours, Detector::day,   Detector::drift,
                               Detector::burn_rate,   Detector::stale, Detector::hour_of_week,
                               Detector::unaccounted};

Detector detector_called(const std::string& name) {
  const auto* const found =
      std::ranges::find_if(detectors, [&](Detector each) { return usage::name_of(each) == name; });
  if (found == detectors.end()) refuse("a detector", name);
  return *found;
}

template <class Enum>
Enum one_of(const Row& row, int column, Enum last) {
  const auto number = row.number(column);
  if (number < 0 || number > static_cast<std::int64_t>(last))
    refuse("a smaller number", std::to_string(number));
  return static_cast<Enum>(number);
}

/// As text, which loses nothing.
double score_at(const Row& row, int column) {
  const auto text = row.text(column);
  double score = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), score);
  if (fault != std::errc() || stop != text.data() + text.size()) refuse("a number", text);
  return score;
}

std::optional<Finding> finding_of(const Row& row, const std::string& kind) {
  if (row.null(19)) return std::nullopt;
  return Finding{.detector = detector_called(kind),
                 .observed = row.number(19),
                 .usual = row.number(20),
                 .score = score_at(row, 21),
                 .since = time_of(row.number(22)),
                 .sureness = one_of(row, 23, usage::Sureness::high),
                 .advice = one_of(row, 24, usage::Advice::find_other_device)};
}

std::optional<usage::DataSize> known_size(const Row& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(size_at(row, column));
}

KeptAlarm alarm_of(const Row& row) {
  KeptAlarm made{.id = row.number(0),
                 .account = row.text(1),
                 .line = row.text(2),
                 .name = row.text(3),
                 .kind = row.text(4),
                 .percent = static_cast<int>(row.number(5)),
                 .finding = {},
                 .raised = time_of(row.number(6)),
                 .seen = time_of(row.number(7)),
                 .over = time_of(row, 8),
                 .acknowledged = row.number(9) != 0,
                 .muted_until = time_of(row, 10),
                 .told = time_of(row, 11),
                 .used = known_size(row, 12),
                 .limit = known_size(row, 13),
                 .hit = {time_of(row, 14), time_of(row, 15), time_of(row, 16)},
                 .cycle_start = time_of(row, 17),
                 .cycle_end = time_of(row, 18)};
  made.finding = finding_of(row, made.kind);
  return made;
}

void write(Database& database, KeptAlarm& alarm) {
  const auto& finding = alarm.finding;
  const auto number = [&](auto value) {
    return finding ? Value(static_cast<std::int64_t>(value)) : Value();
  };
  const auto found = finding.value_or(Finding());
  const auto score = fmt::format("{}", found.score);
  const bool fresh = alarm.id == 0;
  const auto id = fresh ? Value() : Value(alarm.id);
  database.run(
      fmt::format("INSERT OR REPLACE INTO alarm ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                  "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  columns),
      {id,
       alarm.account,
       alarm.line,
       alarm.name,
       alarm.kind,
       static_cast<std::int64_t>(alarm.percent),
       number_of(alarm.raised),
       number_of(alarm.seen),
       number_or_null(alarm.over),
       static_cast<std::int64_t>(alarm.acknowledged),
       number_or_null(alarm.muted_until),
       number_or_null(alarm.told),
       number_or_null(alarm.used),
       number_or_null(alarm.limit),
       number_or_null(alarm.hit.earliest),
       number_or_null(alarm.hit.likely),
       number_or_null(alarm.hit.latest),
       number_or_null(alarm.cycle_start),
       number_or_null(alarm.cycle_end),
       number(found.observed),
       number(found.usual),
       finding ? Value(score) : Value(),
       number(number_of(found.since)),
       number(found.sureness),
       number(found.advice)});
  if (fresh) alarm.id = database.last_id();
}

std::vector<KeptAlarm> read(Database& database, UtcTime since) {
  std::vector<KeptAlarm> found;
  database.run(
      fmt::format("SELECT {} FROM alarm WHERE over IS NULL OR over >= ? ORDER BY id", columns),
      {number_of(since)}, [&](const Row& row) { found.push_back(alarm_of(row)); });
  return found;
}

}  // namespace

std::vector<KeptAlarm> History::alarms(UtcTime since) { return read(database_, since); }

std::optional<KeptAlarm> History::alarm(std::int64_t id) {
  std::optional<KeptAlarm> found;
  database_.run(fmt::format("SELECT {} FROM alarm WHERE id = ?", columns), {id},
                [&](const Row& row) { found = alarm_of(row); });
  return found;
}

std::vector<KeptAlarm> History::change_alarms(
    UtcTime since, const std::function<void(std::vector<KeptAlarm>&)>& change) {
  std::vector<KeptAlarm> alarms;
  database_.in_transaction([&] {
    alarms = read(database_, since);
    const auto before = alarms;
    change(alarms);
    for (std::size_t i = 0; i < alarms.size(); ++i) {
      if (i >= before.size() || alarms[i] != before[i]) write(database_, alarms[i]);
    }
  });
  return alarms;
}

}  // namespace store
