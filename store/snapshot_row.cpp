#include "store/snapshot_row.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "store/line_key.hpp"

namespace store {
namespace {

using namespace std::string_view_literals;

constexpr std::array rules{"monthly"sv, "weekly"sv, "daily"sv, "once"sv, "none"sv};
constexpr std::array behaviours{"unknown"sv, "throttled"sv, "billed"sv, "disabled"sv};
constexpr std::array limit_kinds{"unknown"sv, "bytes"sv, "unlimited"sv};

template <std::size_t Count>
std::size_t index_of(const std::array<std::string_view, Count>& names, const std::string& text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) refuse("another word", text);
  return static_cast<std::size_t>(found - names.begin());
}

/// Text for a statement that may be missing, for as long as it is run.
class Bound {
 public:
  Bound(const std::optional<std::string>& text) : text_(text) {}
  Bound(const std::optional<base::UtcTime>& time) {
    if (time) text_ = base::to_rfc3339(*time);
  }
  operator Value() const { return text_ ? Value(*text_) : Value(nullptr); }

 private:
  std::optional<std::string> text_;
};

Value bytes(const std::optional<usage::DataSize>& size) {
  return size ? Value(size->bytes()) : Value(nullptr);
}

std::optional<std::string> text_at(const Row& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(row.text(column));
}

std::optional<base::UtcTime> known_time_at(const Row& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(time_at(row, column));
}

std::optional<usage::DataSize> known_size_at(const Row& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(size_at(row, column));
}

}  // namespace

void refuse(std::string_view what, const std::string& text) {
  throw base::Error(
      base::ErrorKind::failure, "store.corrupt",
      fmt::format("the history has “{}” where {} should be", base::clean(text), what));
}

base::UtcTime time_at(const Row& row, int column) {
  const auto time = base::from_rfc3339(row.text(column));
  if (!time) refuse("a time", row.text(column));
  return *time;
}

usage::DataSize size_at(const Row& row, int column) {
  if (row.number(column) < 0) refuse("an amount of data", std::to_string(row.number(column)));
  return usage::DataSize::of_bytes(row.number(column));
}

usage::Snapshot snapshot_of(const Row& row, int first) {
  usage::Snapshot made{};
  made.line = {.iccid = text_at(row, first + 0),
               .eid = text_at(row, first + 1),
               .msisdn = text_at(row, first + 2),
               .imsi = text_at(row, first + 3),
               .provider_id = text_at(row, first + 4)};
  made.plan = text_at(row, first + 5);
  made.expires_at = known_time_at(row, first + 6);
  if (!row.null(first + 7)) {
    made.cycle =
        usage::Cycle{.rule = static_cast<usage::CycleRule>(index_of(rules, row.text(first + 7))),
                     .start = known_time_at(row, first + 8),
                     .end = known_time_at(row, first + 9),
                     .zone = row.text(first + 10)};
  }
  const auto kind = index_of(limit_kinds, row.text(first + 11));
  if (kind == 1) made.limit = known_size_at(row, first + 12).value_or(usage::DataSize());
  if (kind == 2) made.limit = usage::Unlimited{};
  made.limit_behaviour =
      static_cast<usage::LimitBehaviour>(index_of(behaviours, row.text(first + 13)));
  made.used = known_size_at(row, first + 14);
  made.remaining = known_size_at(row, first + 15);
  made.as_of = known_time_at(row, first + 16);
  made.fetched_at = time_at(row, first + 17);
  made.source = row.text(first + 18);
  made.confidence = row.text(first + 19);
  return made;
}

void insert(Database& database, const std::string& account, const usage::Snapshot& snapshot) {
  const auto& line = snapshot.line;
  const auto key = line_key(line);
  const Bound iccid(line.iccid), eid(line.eid), msisdn(line.msisdn), imsi(line.imsi),
      id(line.provider_id), plan(snapshot.plan), expires(snapshot.expires_at),
      as_of(snapshot.as_of), fetched(std::optional(snapshot.fetched_at));
  const bool cycled = snapshot.cycle.has_value();
  const auto cycle = snapshot.cycle.value_or(usage::Cycle());
  const Bound start(cycle.start), end(cycle.end);
  const auto* const limit = std::get_if<usage::DataSize>(&snapshot.limit);
  database.run(fmt::format("INSERT INTO snapshot (account, line, {}) VALUES (?, ?, ?, ?, ?, ?, ?, "
                           "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                           snapshot_columns),
               {account,
                key,
                iccid,
                eid,
                msisdn,
                imsi,
                id,
                plan,
                expires,
                cycled ? Value(rules.at(static_cast<std::size_t>(cycle.rule))) : Value(nullptr),
                start,
                end,
                cycled ? Value(cycle.zone) : Value(nullptr),
                limit_kinds.at(snapshot.limit.index()),
                limit != nullptr ? Value(limit->bytes()) : Value(nullptr),
                behaviours.at(static_cast<std::size_t>(snapshot.limit_behaviour)),
                bytes(snapshot.used),
                bytes(snapshot.remaining),
                as_of,
                fetched,
                snapshot.source,
                snapshot.confidence});
}

}  // namespace store
