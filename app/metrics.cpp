#include "app/metrics.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "app/line_names.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/write_file.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

using Label = std::pair<std::string_view, std::string>;

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (c == '\\' || c == '"') made += '\\';
    made += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return made;
}

/// One metric after another, each with its description; a metric without a value is left out.
class Writer {
 public:
  void begin(std::string_view name, std::string_view help) {
    name_ = name;
    description_ = fmt::format("# HELP {} {}\n# TYPE {} gauge\n", name, help, name);
  }
  void add(const std::vector<Label>& labels, std::int64_t value) {
    std::string inside;
    for (const auto& [name, text] : labels)
      inside += fmt::format("{}{}=\"{}\"", inside.empty() ? "" : ",", name, escaped(text));
    text_ += std::exchange(description_, {});
    text_ += fmt::format("{}{} {}\n", name_, inside.empty() ? "" : "{" + inside + "}", value);
  }
  [[nodiscard]] std::string end() && { return std::move(text_) + "# EOF\n"; }

 private:
  std::string_view name_;
  std::string description_;
  std::string text_;
};

struct NamedLine {
  const JudgedLine& line;
  std::vector<Label> labels;
};

/// Two lines that people would call the same stay apart.
std::vector<NamedLine> named(const std::vector<JudgedLine>& lines) {
  std::map<std::pair<std::string, std::string>, int> counts;
  std::vector<NamedLine> made;
  for (const auto& line : lines) {
    const auto account = base::clean(line.traffic.newest.account);
    auto name = spoken_line(line.traffic.newest.snapshot.line);
    const auto count = ++counts[{account, name}];
    if (count > 1) name += fmt::format(" #{}", count);
    made.push_back({line, {{"account", account}, {"line", name}}});
  }
  return made;
}

std::optional<std::int64_t> used(const JudgedLine& line) {
  const auto& size = line.traffic.newest.snapshot.used;
  return size ? std::optional(size->bytes()) : std::nullopt;
}

std::optional<std::int64_t> remaining(const JudgedLine& line) {
  const auto& size = line.traffic.newest.snapshot.remaining;
  return size ? std::optional(size->bytes()) : std::nullopt;
}

std::optional<std::int64_t> limit(const JudgedLine& line) {
  const auto* const size = std::get_if<usage::DataSize>(&line.traffic.newest.snapshot.limit);
  return size != nullptr ? std::optional(size->bytes()) : std::nullopt;
}

std::optional<std::int64_t> standing(const JudgedLine& line) {
  return static_cast<std::int64_t>(line.standing);
}

std::optional<std::int64_t> as_of(const JudgedLine& line) {
  const auto& snapshot = line.traffic.newest.snapshot;
  return snapshot.as_of.value_or(snapshot.fetched_at).time_since_epoch().count();
}

struct LineMetric {
  std::string_view name;
  std::string_view help;
  std::optional<std::int64_t> (*value)(const JudgedLine&);
};

constexpr std::array line_metrics{
    LineMetric{"esimctl_line_used_bytes", "Used in this cycle.", used},
    LineMetric{"esimctl_line_remaining_bytes", "Left of the limit.", remaining},
    LineMetric{"esimctl_line_limit_bytes", "The limit of a cycle.", limit},
    LineMetric{"esimctl_line_as_of_timestamp_seconds", "When these figures were true.", as_of},
    LineMetric{"esimctl_line_standing", "0 fine, 1 stale, 2 warning, 3 over the limit.", standing}};

void add_lines(Writer& writer, const std::vector<JudgedLine>& all) {
  const auto lines = named(all);
  for (const auto& [name, help, value] : line_metrics) {
    writer.begin(name, help);
    for (const auto& [line, labels] : lines) {
      if (const auto number = value(line)) writer.add(labels, *number);
    }
  }
  const auto with = [](std::vector<Label> labels, Label label) {
    labels.push_back(std::move(label));
    return labels;
  };
  writer.begin("esimctl_line_forecast_bytes", "What the cycle will have come to at its end.");
  for (const auto& [line, labels] : lines) {
    const auto& forecast = line.traffic.forecast;
    if (!forecast) continue;
    writer.add(with(labels, {"estimate", "low"}), forecast->low.bytes());
    writer.add(with(labels, {"estimate", "expected"}), forecast->expected.bytes());
    writer.add(with(labels, {"estimate", "high"}), forecast->high.bytes());
  }
  writer.begin("esimctl_line_alarms", "Alarms that stand, by what raised them.");
  for (const auto& [line, labels] : lines) {
    std::map<std::string, int> kinds;
    for (const auto& alarm : line.alarms) ++kinds[alarm.kind];
    for (const auto& [kind, count] : kinds) writer.add(with(labels, {"kind", kind}), count);
  }
}

void add_accounts(Writer& writer, const std::vector<WatchedAccount>& accounts) {
  const auto name = [](const WatchedAccount& account) {
    return std::vector<Label>{{"account", base::clean(account.name)}};
  };
  writer.begin("esimctl_account_last_success_timestamp_seconds",
               "When the account last told everything.");
  for (const auto& each : accounts) {
    if (each.told) writer.add(name(each), each.told->time_since_epoch().count());
  }
  writer.begin("esimctl_account_failed", "1 when the last attempt to ask the account failed.");
  for (const auto& each : accounts) writer.add(name(each), each.failed ? 1 : 0);
}

}  // namespace

std::string metrics_text(const WatchRound& round) {
  Writer writer;
  writer.begin("esimctl_watch_timestamp_seconds", "When esimctl watch last looked.");
  writer.add({}, round.at.time_since_epoch().count());
  add_accounts(writer, round.accounts);
  add_lines(writer, round.lines);
  return std::move(writer).end();
}

void write_metrics(const std::filesystem::path& file, const WatchRound& round) {
  constexpr mode_t owner_and_group = 0640;
  try {
    base::replace_file(file, metrics_text(round), owner_and_group);
  } catch (const std::system_error& error) {
    throw Error(
        ErrorKind::failure, "watch.metrics",
        fmt::format("cannot write “{}”: {}", base::clean(file.string()), error.code().message()))
        .hint(
            "the directory of the metrics has to be there, and you have to be allowed to write it");
  }
}

void require_metrics_file(const std::filesystem::path& file) {
  if (file.extension() == ".prom") return;
  throw Error(ErrorKind::usage, "watch.metrics-name",
              fmt::format("“{}” is no name of a file of metrics", base::clean(file.string(), 80)))
      .hint("end it with .prom: node_exporter reads no others");
}

}  // namespace app
