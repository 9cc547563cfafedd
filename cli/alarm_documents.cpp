#include "cli/alarm_documents.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "cli/findings.hpp"
#include "cli/traffic_documents.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;
using namespace std::string_view_literals;

constexpr std::array standings{"fine"sv, "stale"sv, "warning"sv, "over"sv};

Json one_json(const store::KeptAlarm& alarm) {
  const bool level = alarm.kind == usage::level_alarm;
  const bool forecast = alarm.kind == usage::forecast_alarm;
  return {{"id", alarm.id},
          {"account", alarm.account},
          {"line", alarm.name},
          {"kind", alarm.kind},
          {"percent", level ? Json(alarm.percent) : Json()},
          {"used_bytes", bytes_or_null(alarm.used)},
          {"limit_bytes", bytes_or_null(alarm.limit)},
          {"limit_reached", forecast ? hit_json(alarm.hit) : Json()},
          {"finding", alarm.finding ? finding_json(*alarm.finding) : Json()},
          {"sureness", word_of(usage::sureness_of(alarm))},
          {"advice", usage::name_of(usage::advice_of(alarm))},
          {"raised_at", base::to_rfc3339(alarm.raised)},
          {"seen_at", base::to_rfc3339(alarm.seen)},
          {"over_at", time_or_null(alarm.over)},
          {"acknowledged", alarm.acknowledged},
          {"muted_until", time_or_null(alarm.muted_until)}};
}

Json all_json(std::span<const store::KeptAlarm> alarms) {
  auto all = Json::array();
  for (const auto& each : alarms) all.push_back(one_json(each));
  return all;
}

Json line_json(const app::JudgedLine& line) {
  const auto& kept = line.traffic.newest;
  const auto* const limit = std::get_if<usage::DataSize>(&kept.snapshot.limit);
  Json made{{"account", kept.account}};
  add_line_names(made, kept.snapshot.line);
  made.update({{"standing", word_of(line.standing)},
               {"percent", line.percent ? Json(*line.percent) : Json()},
               {"used_bytes", bytes_or_null(kept.snapshot.used)},
               {"limit_bytes", limit != nullptr ? Json(limit->bytes()) : Json()},
               {"fetched_at", base::to_rfc3339(kept.snapshot.fetched_at)},
               {"alarms", all_json(line.alarms)}});
  return made;
}

std::string_view state_of(const store::KeptAlarm& alarm, base::UtcTime now) {
  if (!alarm.stands()) return "over";
  if (alarm.acknowledged) return "acknowledged";
  return usage::silenced(alarm, now) ? "muted" : "stands";
}

Json row_of(const store::KeptAlarm& alarm, base::UtcTime now) {
  auto row = one_json(alarm);
  row["what"] = brief(alarm);
  row["state"] = state_of(alarm, now);
  row["since"] = base::to_rfc3339(alarm.finding ? alarm.finding->since : alarm.raised);
  return row;
}

}  // namespace

std::string_view word_of(app::Standing standing) {
  return standings.at(static_cast<std::size_t>(standing));
}

Document alarm_list_json(std::span<const store::KeptAlarm> alarms) {
  return document({{"version", 1}, {"alarms", all_json(alarms)}});
}

Document alarm_json(const store::KeptAlarm& alarm) {
  return document({{"version", 1}, {"alarm", one_json(alarm)}});
}

Document alarms_changed_json(std::span<const store::KeptAlarm> changed) {
  return document({{"version", 1}, {"changed", !changed.empty()}, {"alarms", all_json(changed)}});
}

Document check_json(const app::Judgement& judgement, const app::Plans& plans) {
  auto lines = Json::array();
  for (const auto& each : judgement.lines) lines.push_back(line_json(each));
  auto fresh = Json::array();
  for (const auto& each : judgement.to_tell) fresh.push_back(each.id);
  return document({{"version", 1},
                   {"standing", word_of(app::worst(judgement))},
                   {"lines", std::move(lines)},
                   {"new", std::move(fresh)},
                   {"errors", faults_json(plans.faults)}});
}

Document alarm_rows(std::span<const store::KeptAlarm> alarms, base::UtcTime now) {
  auto rows = Json::array();
  for (const auto& each : alarms) rows.push_back(row_of(each, now));
  return document(std::move(rows));
}

Document alarm_record(const store::KeptAlarm& alarm, base::UtcTime now) {
  auto record = row_of(alarm, now);
  record["distance"] = text_or_null(distance(alarm));
  record["advice"] = spoken(usage::advice_of(alarm));
  return document(std::move(record));
}

}  // namespace cli
