#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/traffic_file.hpp"
#include "base/error.hpp"
#include "usage/zone.hpp"

/// The JSON of vnStat 2, with `jsonversion` "2": interfaces, and of each the tables `hour`, `day`
/// and `month`, whose rows have a date, octets received and sent, and since 2.7 a Unix time.
namespace app {
namespace {

using base::UtcTime;
using std::chrono::local_days;
using usage::Bucket;
using Json = nlohmann::ordered_json;

constexpr std::int64_t most_in_row = 1'000'000'000'000'000;
constexpr std::size_t most_rows = 100'000;
constexpr std::size_t most_interfaces = 1000;

[[noreturn]] void wrong(const std::string& at, const std::string& what) {
  throw base::Error(base::ErrorKind::usage, "usage.vnstat",
                    fmt::format("{}: {}", at.empty() ? "/" : at, what))
      .hint("nothing was imported; what `vnstat --json` of vnStat 2 prints is read");
}

const Json& member(const Json& object, const std::string& at, const std::string& name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  if (found == object.end()) wrong(at, fmt::format("there is no {}", name));
  return *found;
}

std::int64_t number(const Json& object, const std::string& at, const std::string& name,
                    std::int64_t most) {
  const auto& value = member(object, at, name);
  const auto* const found = value.get_ptr<const Json::number_unsigned_t*>();
  if (found == nullptr || *found > std::uint64_t(most))
    wrong(fmt::format("{}/{}", at, name), fmt::format("this is no whole number up to {}", most));
  return std::int64_t(*found);
}

/// A row of any of the tables.
struct Row {
  local_days date;  ///< of a month, its first day
  UtcTime start;
  std::int64_t bytes = 0;
};

class Table {
 public:
  Table(const std::string& zone, UtcTime now) : zone_(zone), now_(now) {}

  /// By time. None when the table is not there, as with `vnstat --json d`.
  std::vector<Row> rows(const Json& traffic, const std::string& at, const std::string& name) const {
    std::vector<Row> made;
    if (!traffic.is_object() || !traffic.contains(name)) return made;
    const auto place = fmt::format("{}/{}", at, name);
    const auto& all = traffic.at(name);
    if (!all.is_array() || all.size() > most_rows)
      wrong(place, fmt::format("this is no array of at most {} rows", most_rows));
    for (const auto& each : all)
      made.push_back(row(each, fmt::format("{}/{}", place, made.size()), name));
    std::ranges::sort(made, {}, &Row::start);
    return made;
  }

 private:
  Row row(const Json& each, const std::string& at, const std::string& table) const {
    const auto& date = member(each, at, "date");
    const auto in_date = at + "/date";
    constexpr std::int64_t last_year = 9000;
    const auto part = [&](const char* name, std::int64_t most) {
      return int(number(date, in_date, name, most));
    };
    const std::chrono::year_month_day day(
        std::chrono::year(part("year", last_year)), std::chrono::month(unsigned(part("month", 12))),
        std::chrono::day(table == "month" ? 1 : unsigned(part("day", 31))));
    if (!day.ok()) wrong(in_date, "there is no such day");
    Row made{.date = local_days(day), .start = {}, .bytes = 0};
    made.start = usage::start_of_day(made.date, zone_);
    if (table == "hour") made.start = hour(each, at, made.start);
    if (made.start < UtcTime() || made.start > now_ + std::chrono::days(1))
      wrong(at, "this is before 1970, or later than now");
    made.bytes = number(each, at, "rx", most_in_row) + number(each, at, "tx", most_in_row);
    return made;
  }

  /// By the Unix time, which tells apart the hours when clocks are put back.
  static UtcTime hour(const Json& each, const std::string& at, UtcTime day) {
    constexpr std::int64_t latest = 253'402'300'799;
    if (each.contains("timestamp"))
      return UtcTime(std::chrono::seconds(number(each, at, "timestamp", latest)));
    const auto& time = member(each, at, "time");
    return day + std::chrono::hours(number(time, at + "/time", "hour", 23));
  }

  const std::string& zone_;
  UtcTime now_;
};

Bucket bucket_of(const Row& row, bool whole_day) {
  return {.start = row.start,
          .size = usage::DataSize::of_bytes(row.bytes),
          .guessed = false,
          .new_cycle = false,
          .whole_day = whole_day};
}

local_days next_month(local_days first) {
  const std::chrono::year_month_day date(first);
  return local_days(date.year() / date.month() / 1 + std::chrono::months(1));
}

/// What a month has more than its hours and days, over the time before the first of them.
std::optional<usage::Delta> rest_of(const Row& month, const std::vector<Bucket>& known,
                                    const std::string& zone, UtcTime now) {
  const auto end = std::min(usage::start_of_day(next_month(month.date), zone), now);
  const auto from = std::ranges::lower_bound(known, month.start, {}, &Bucket::start);
  const auto to = std::ranges::lower_bound(known, end, {}, &Bucket::start);
  std::int64_t counted = 0;
  for (auto each = from; each < to; ++each) counted += each->size.bytes();
  const auto until = from < to ? from->start : end;
  if (counted >= month.bytes || until <= month.start) return std::nullopt;
  return usage::Delta{.from = month.start,
                      .to = until,
                      .size = usage::DataSize::of_bytes(month.bytes - counted),
                      .guessed = true,
                      .new_cycle = false};
}

/// Rows of the same time are one.
void join(std::vector<Bucket>& buckets) {
  std::ranges::sort(buckets, {}, &Bucket::start);
  std::vector<Bucket> made;
  for (const auto& each : buckets) {
    if (made.empty() || made.back().start != each.start) {
      made.push_back(each);
    } else {
      made.back().size = made.back().size + each.size;
    }
  }
  buckets = std::move(made);
}

std::vector<Bucket> buckets_of(const Json& traffic, const std::string& at, const std::string& zone,
                               UtcTime now, bool by_month) {
  const Table table(zone, now);
  const auto hours = table.rows(traffic, at, "hour");
  const auto days = table.rows(traffic, at, "day");
  std::vector<Bucket> made;
  // Of the oldest day with hours, some may be gone already.
  auto whole = local_days::max();
  if (!hours.empty()) {
    const auto& first = hours.front();
    whole = usage::local_day(first.start, zone);
    if (usage::start_of_day(whole, zone) < first.start) whole += std::chrono::days(1);
  }
  std::set<local_days> by_day;
  for (const auto& each : days) {
    if (each.date >= whole) continue;
    by_day.insert(each.date);
    made.push_back(bucket_of(each, true));
  }
  for (const auto& each : hours) {
    if (!by_day.contains(usage::local_day(each.start, zone)))
      made.push_back(bucket_of(each, false));
  }
  join(made);
  if (!by_month) return made;
  std::vector<usage::Delta> rests;
  for (const auto& each : table.rows(traffic, at, "month")) {
    if (const auto rest = rest_of(each, made, zone, now)) rests.push_back(*rest);
  }
  const auto spread = usage::with_deltas({}, rests, zone);
  made.insert(made.end(), spread.begin(), spread.end());
  join(made);
  return made;
}

}  // namespace

std::vector<FiledSeries> read_vnstat(std::string_view text, const std::string& zone, UtcTime now) {
  constexpr int deepest = 8;
  const auto shallow = [](int depth, Json::parse_event_t, const Json&) { return depth <= deepest; };
  const auto document = Json::parse(text, shallow, false);
  if (!document.is_object()) wrong("", "this is no JSON");
  if (document.value("jsonversion", Json()) != "2")
    wrong("/jsonversion", "this is not \"2\", which vnStat 2 writes");
  const auto& interfaces = member(document, "", "interfaces");
  if (!interfaces.is_array() || interfaces.size() > most_interfaces)
    wrong("/interfaces", fmt::format("this is no array of at most {}", most_interfaces));
  std::vector<FiledSeries> made;
  for (const auto& each : interfaces) {
    const auto at = fmt::format("/interfaces/{}", made.size());
    const auto& name = member(each, at, "name");
    if (!name.is_string()) wrong(at + "/name", "this is no text");
    // Months may begin on another day, which each month does not tell.
    const bool by_month = each.value("monthrotate", Json(1)) == 1;
    made.push_back(
        {.account = {},
         .name = name.get<std::string>(),
         .zone = zone,
         .buckets = buckets_of(member(each, at, "traffic"), at + "/traffic", zone, now, by_month)});
  }
  return made;
}

}  // namespace app
