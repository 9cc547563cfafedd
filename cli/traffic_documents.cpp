#include "cli/traffic_documents.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/line_names.hpp"
#include "base/text.hpp"
#include "cli/document_parts.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;
using namespace std::string_view_literals;

constexpr std::array steps{"hour"sv, "day"sv, "cycle"sv};
constexpr std::array sureness{"low"sv, "medium"sv, "high"sv};

Json forecast_json(const std::optional<usage::Forecast>& forecast) {
  if (!forecast) return {};
  return {{"expected_bytes", forecast->expected.bytes()},
          {"low_bytes", forecast->low.bytes()},
          {"middle_bytes", forecast->middle.bytes()},
          {"high_bytes", forecast->high.bytes()},
          {"per_day_bytes", forecast->per_day.bytes()},
          {"safe_per_day_bytes", bytes_or_null(forecast->safe_per_day)},
          {"limit_reached", hit_json(forecast->hit)}};
}

Json bucket_json(const usage::Bucket& bucket) {
  return {{"starts_at", base::to_rfc3339(bucket.start)},
          {"bytes", bucket.size.bytes()},
          {"estimated", bucket.guessed},
          {"new_cycle", bucket.new_cycle}};
}

Json line_json(const LineHistory& history) {
  const auto& [newest, traffic, forecast, findings] = history.line;
  auto buckets = Json::array();
  for (const auto& each : history.buckets) buckets.push_back(bucket_json(each));
  auto found = Json::array();
  for (const auto& each : findings.found) found.push_back(finding_json(each));
  auto not_yet = Json::array();
  for (const auto& each : findings.not_yet) {
    not_yet.push_back(
        {{"detector", usage::name_of(each.detector)}, {"missing_days", each.missing.count()}});
  }
  Json made{{"account", newest.account}};
  add_line_names(made, newest.snapshot.line);
  made.update({{"zone", traffic.zone},
               {"until", time_or_null(traffic.until)},
               {"traffic", std::move(buckets)},
               {"forecast", forecast_json(forecast)},
               {"findings", std::move(found)},
               {"not_yet", std::move(not_yet)}});
  return made;
}

}  // namespace

std::string_view word_of(usage::Sureness sure) {
  return sureness.at(static_cast<std::size_t>(sure));
}

Json hit_json(const usage::HitDates& hit) {
  return {{"earliest", time_or_null(hit.earliest)},
          {"likely", time_or_null(hit.likely)},
          {"latest", time_or_null(hit.latest)}};
}

Json finding_json(const usage::Finding& finding) {
  const bool seconds = finding.detector == usage::Detector::stale;
  return {{"detector", usage::name_of(finding.detector)},
          {"observed_bytes", seconds ? Json() : Json(finding.observed)},
          {"usual_bytes", seconds ? Json() : Json(finding.usual)},
          {"observed_seconds", seconds ? Json(finding.observed) : Json()},
          {"usual_seconds", seconds ? Json(finding.usual) : Json()},
          {"score", finding.score},
          {"since", base::to_rfc3339(finding.since)},
          {"sureness", word_of(finding.sureness)},
          {"advice", usage::name_of(finding.advice)}};
}

Document history_json(std::span<const LineHistory> lines, app::TrafficStep step,
                      const app::Plans& plans) {
  auto all = Json::array();
  for (const auto& each : lines) all.push_back(line_json(each));
  return document({{"version", 1},
                   {"by", steps.at(static_cast<std::size_t>(step))},
                   {"lines", std::move(all)},
                   {"errors", faults_json(plans.faults)}});
}

Document history_rows(std::span<const LineHistory> lines) {
  auto rows = Json::array();
  for (const auto& each : lines) {
    for (const auto& bucket : each.buckets) {
      auto row = bucket_json(bucket);
      row["account"] = each.line.newest.account;
      row["line"] = app::spoken_line(each.line.newest.snapshot.line);
      row["note"] = bucket.guessed ? Json("estimated") : Json();
      rows.push_back(std::move(row));
    }
  }
  return document(std::move(rows));
}

Document exported_json(std::span<const app::FiledSeries> all) {
  auto lines = Json::array();
  for (const auto& each : all) {
    auto traffic = Json::array();
    for (const auto& bucket : each.buckets) {
      auto row = bucket_json(bucket);
      row["step"] = bucket.whole_day ? "day" : "hour";
      traffic.push_back(std::move(row));
    }
    lines.push_back({{"account", each.account},
                     {"line", each.name},
                     {"zone", each.zone},
                     {"traffic", std::move(traffic)}});
  }
  return document({{"version", 1}, {"lines", std::move(lines)}});
}

Document counting_json(std::span<const std::string> counted,
                       std::span<const std::string> forgotten) {
  auto begun = Json::array();
  for (const auto& each : counted) begun.push_back(base::clean(each));
  auto ended = Json::array();
  for (const auto& each : forgotten) ended.push_back(base::clean(each));
  return document({{"version", 1}, {"counted", std::move(begun)}, {"forgotten", std::move(ended)}});
}

Document imported_json(std::span<const app::ImportedSeries> all) {
  auto counters = Json::array();
  for (const auto& each : all)
    counters.push_back({{"counter", each.counter},
                        {"days_added", each.days_added},
                        {"days_known", each.days_known}});
  return document({{"version", 1}, {"counters", std::move(counters)}});
}

}  // namespace cli
