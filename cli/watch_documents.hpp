#pragma once

#include <string>

#include "app/watch.hpp"
#include "cli/document_parts.hpp"

/// What `watch` tells, one event a line (docs/json.md), and the same in words.
namespace cli {

Document read_event_json(const app::WatchRound& round);
Document alarm_event_json(const store::KeptAlarm& alarm);
/// `account` may be empty: the fault is of all.
Document fault_event_json(const std::string& account, const base::Error& error, base::UtcTime now);

std::string spoken(const app::WatchRound& round);
std::string spoken_fault(const std::string& account, const base::Error& error);

/// As a program on a line gets it.
std::string text_of(const Document& document);

}  // namespace cli
