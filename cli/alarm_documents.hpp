#pragma once

#include <span>

#include "app/alarms.hpp"
#include "app/plans.hpp"
#include "base/utc.hpp"
#include "cli/document_parts.hpp"

/// The JSON shape of alarms, and of what `check` found (docs/json.md).
namespace cli {

Document alarm_list_json(std::span<const store::KeptAlarm> alarms);
Document alarm_json(const store::KeptAlarm& alarm);
Document alarms_changed_json(std::span<const store::KeptAlarm> changed);
Document check_json(const app::Judgement& judgement, const app::Plans& plans);

/// A row for each, and a record of one, for people: with sentences in place of words.
Document alarm_rows(std::span<const store::KeptAlarm> alarms, base::UtcTime now);
Document alarm_record(const store::KeptAlarm& alarm, base::UtcTime now);

/// "fine", "stale", "warning", "over".
std::string_view word_of(app::Standing standing);

}  // namespace cli
