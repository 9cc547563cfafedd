#include "cli/watch_documents.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/line_names.hpp"
#include "base/text.hpp"
#include "cli/alarm_documents.hpp"
#include "cli/documents.hpp"
#include "cli/findings.hpp"
#include "cli/traffic_documents.hpp"

namespace cli {
namespace {

Json line_json(const app::JudgedLine& line) {
  const auto& newest = line.traffic.newest;
  const auto& snapshot = newest.snapshot;
  const auto* const limit = std::get_if<usage::DataSize>(&snapshot.limit);
  Json made{{"account", newest.account}};
  add_line_names(made, snapshot.line);
  made.update({{"used_bytes", bytes_or_null(snapshot.used)},
               {"remaining_bytes", bytes_or_null(snapshot.remaining)},
               {"limit_bytes", limit == nullptr ? Json() : Json(limit->bytes())},
               {"percent", line.percent ? Json(*line.percent) : Json()},
               {"standing", word_of(line.standing)},
               {"fetched_at", base::to_rfc3339(snapshot.fetched_at)}});
  return made;
}

}  // namespace

Document read_event_json(const app::WatchRound& round) {
  auto lines = Json::array();
  for (const auto& each : round.lines) lines.push_back(line_json(each));
  return document({{"version", 1},
                   {"event", "read"},
                   {"at", base::to_rfc3339(round.at)},
                   {"accounts", round.read},
                   {"lines", std::move(lines)},
                   {"next_at", base::to_rfc3339(round.next)}});
}

Document alarm_event_json(const store::KeptAlarm& alarm) {
  return document({{"version", 1},
                   {"event", "alarm"},
                   {"at", base::to_rfc3339(alarm.seen)},
                   {"alarm", alarm_json(alarm)->at("alarm")},
                   {"message", spoken(alarm)}});
}

Document fault_event_json(const std::string& account, const base::Error& error, base::UtcTime now) {
  return document({{"version", 1},
                   {"event", "fault"},
                   {"at", base::to_rfc3339(now)},
                   {"account", text_or_null(account)},
                   {"error", error_json(error)}});
}

std::string spoken(const app::WatchRound& round) {
  std::string text;
  for (const auto& line : round.lines) {
    const auto& newest = line.traffic.newest;
    if (std::ranges::find(round.read, newest.account) == round.read.end()) continue;
    const auto used = newest.snapshot.used ? usage::to_text(*newest.snapshot.used) : "unknown";
    text += fmt::format("{}{} of “{}”: {} used{}", text.empty() ? "" : "; ",
                        app::spoken_line(newest.snapshot.line), newest.account, used,
                        line.percent ? fmt::format(" ({} %)", *line.percent) : "");
    if (line.standing != app::Standing::fine) text += fmt::format(", {}", word_of(line.standing));
  }
  if (text.empty()) text = "nothing was told of any line";
  return text + ", again at " + base::to_rfc3339(round.next);
}

std::string spoken_fault(const std::string& account, const base::Error& error) {
  std::string text = account.empty()
                         ? fmt::format("cannot look: {}", error.what())
                         : fmt::format("“{}” could not be asked: {}", account, error.what());
  for (const auto& hint : error.hints()) text += "; " + hint;
  return base::clean(text, 1000);
}

std::string text_of(const Document& document) {
  return document->dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cli
