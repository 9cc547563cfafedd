#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "app/traffic_file.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "usage/csv.hpp"
#include "usage/zone.hpp"

namespace app {
namespace {

using base::UtcTime;
using usage::Bucket;

constexpr std::int64_t most_in_row = 1'000'000'000'000'000;
constexpr std::int64_t most_in_line = 1'000'000'000'000'000'000;
constexpr std::size_t most_rows = 1'000'000;
constexpr std::size_t most_lines = 1000;

[[noreturn]] void wrong(std::size_t line, std::size_t column, const std::string& what) {
  throw base::Error(base::ErrorKind::usage, "usage.csv",
                    fmt::format("line {}, column {}: {}", line, column, what))
      .hint("nothing was imported; `esimctl usage --export` shows what is read");
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (text.empty() || fault != std::errc() || stop != end || number < 0) return std::nullopt;
  return number;
}

/// When a row is of, and whether of a whole day.
struct When {
  UtcTime start;
  bool whole_day = false;
};

std::optional<When> when(const std::string& text, const std::string& zone) {
  constexpr std::size_t date_alone = 10;
  constexpr std::int64_t latest = 253'402'300'799;  // the end of the year 9999
  if (text.size() == date_alone) {
    if (const auto day = base::from_rfc3339(text + "T00:00:00Z")) {
      const std::chrono::local_days date(
          std::chrono::floor<std::chrono::days>(day->time_since_epoch()));
      return When{usage::start_of_day(date, zone), true};
    }
  }
  if (const auto seconds = whole_number(text); seconds && *seconds <= latest)
    return When{UtcTime(std::chrono::seconds(*seconds)), false};
  auto spelled = text;
  if (spelled.size() > date_alone && spelled[date_alone] == ' ') spelled[date_alone] = 'T';
  if (!spelled.ends_with('Z')) spelled += 'Z';
  const auto time = base::from_rfc3339(spelled);
  return time ? std::optional(When{*time, false}) : std::nullopt;
}

/// Where the columns are, from 0 on.
class Columns {
 public:
  explicit Columns(const usage::CsvRecord& header) {
    for (std::size_t i = 0; i < header.fields.size(); ++i)
      places_.try_emplace(base::lower(header.fields[i]), i);
    for (const auto* name : {"starts_at", "time", "timestamp", "date"}) {
      if (!time_) time_ = place(name);
    }
    const bool bytes = place("bytes") || (place("rx") && place("tx"));
    if (!time_ || !bytes)
      wrong(header.line, 1, "the header needs a time and `bytes`, or `rx` and `tx`");
  }

  [[nodiscard]] std::optional<std::size_t> place(const std::string& name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::size_t time() const { return time_.value_or(0); }

 private:
  std::map<std::string, std::size_t> places_;
  std::optional<std::size_t> time_;
};

/// A row, whose fields are asked for by the name of their column.
class Row {
 public:
  Row(const Columns& columns, const usage::CsvRecord& record)
      : columns_(columns), record_(record) {}

  [[nodiscard]] std::string text(const std::string& name) const {
    const auto place = columns_.place(name);
    return place ? at(*place) : std::string();
  }

  [[nodiscard]] bool flag(const std::string& name) const {
    const auto found = text(name);
    if (found != "true" && found != "false" && !found.empty())
      fault(name, "this is neither true nor false");
    return found == "true";
  }

  [[nodiscard]] std::int64_t bytes() const {
    return columns_.place("bytes") ? number("bytes") : number("rx") + number("tx");
  }

  /// Throws what usage/zone.hpp has for an unknown zone, as this file's fault.
  [[nodiscard]] When time(const std::string& zone, UtcTime now) const {
    const auto place = columns_.time();
    std::optional<When> found;
    try {
      static_cast<void>(usage::local_day(now, zone));
      found = when(at(place), zone);
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::usage) throw;
      wrong(record_.line, columns_.place("zone").value_or(place) + 1, error.what());
    }
    if (!found) wrong(record_.line, place + 1, "this is no time");
    if (found->start < UtcTime() || found->start > now + std::chrono::days(1))
      wrong(record_.line, place + 1, "this is before 1970, or later than now");
    if (!columns_.place("step")) {
      if (!found->whole_day) found->start = std::chrono::floor<std::chrono::hours>(found->start);
      return *found;
    }
    const auto step = text("step");
    if (step != "hour" && step != "day") fault("step", "this is neither hour nor day");
    return {found->start, step == "day"};
  }

  [[noreturn]] void fault(const std::string& name, const std::string& what) const {
    wrong(record_.line, columns_.place(name).value_or(0) + 1, what);
  }

 private:
  [[nodiscard]] std::string at(std::size_t place) const {
    return place < record_.fields.size() ? record_.fields[place] : std::string();
  }

  [[nodiscard]] std::int64_t number(const std::string& name) const {
    const auto found = whole_number(text(name));
    if (!found || *found > most_in_row) fault(name, "this is no number of bytes up to 10^15");
    return *found;
  }

  const Columns& columns_;
  const usage::CsvRecord& record_;
};

/// What the rows of one line come to.
struct Gathered {
  std::string zone;
  std::map<UtcTime, Bucket> buckets;
  std::int64_t bytes = 0;
};

void add(Gathered& line, const Row& row, UtcTime now) {
  const auto [start, whole_day] = row.time(line.zone, now);
  const auto bytes = row.bytes();
  line.bytes += bytes;
  if (line.bytes > most_in_line) row.fault("bytes", "together this is more than 10^18 bytes");
  auto& bucket = line.buckets.try_emplace(start).first->second;
  bucket.start = start;
  bucket.size = bucket.size + usage::DataSize::of_bytes(bytes);
  bucket.guessed = bucket.guessed || row.flag("estimated");
  bucket.new_cycle = bucket.new_cycle || row.flag("new_cycle");
  bucket.whole_day = bucket.whole_day || whole_day;
}

}  // namespace

std::string traffic_csv(const std::vector<FiledSeries>& all) {
  std::string text = "account,line,zone,starts_at,step,bytes,estimated,new_cycle\r\n";
  for (const auto& each : all) {
    const auto whose = fmt::format("{},{},{}", usage::csv_field(each.account),
                                   usage::csv_field(each.name), usage::csv_field(each.zone));
    for (const auto& bucket : each.buckets) {
      text += fmt::format("{},{},{},{},{},{}\r\n", whose, base::to_rfc3339(bucket.start),
                          bucket.whole_day ? "day" : "hour", bucket.size.bytes(), bucket.guessed,
                          bucket.new_cycle);
    }
  }
  return text;
}

std::vector<FiledSeries> read_traffic_csv(std::string_view text, UtcTime now) {
  std::optional<Columns> columns;
  std::map<std::pair<std::string, std::string>, Gathered> lines;
  std::size_t rows = 0;
  usage::read_csv(text, [&](const usage::CsvRecord& record) {
    if (!columns) return static_cast<void>(columns.emplace(record));
    if (++rows > most_rows) wrong(record.line, 1, "there are more than a million rows");
    const Row row(*columns, record);
    auto zone = row.text("zone");
    if (zone.empty()) zone = "UTC";
    const auto name = std::pair(row.text("account"), row.text("line"));
    auto& line = lines.try_emplace(name, Gathered{zone, {}, 0}).first->second;
    if (lines.size() > most_lines) row.fault("line", "there are more than a thousand lines");
    if (line.zone != zone) row.fault("zone", "the rows before it are of another zone");
    add(line, row, now);
  });
  std::vector<FiledSeries> made;
  for (const auto& [name, line] : lines) {
    FiledSeries series{
        .account = name.first, .name = name.second, .zone = line.zone, .buckets = {}};
    for (const auto& [start, bucket] : line.buckets) series.buckets.push_back(bucket);
    made.push_back(std::move(series));
  }
  if (!columns) wrong(1, 1, "there is no header");
  return made;
}

}  // namespace app
