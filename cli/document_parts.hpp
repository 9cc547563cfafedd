#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "app/known_plans.hpp"
#include "base/utc.hpp"
#include "usage/data_size.hpp"
#include "usage/snapshot.hpp"

/// What several documents about plans have in common. What is not known is null.
namespace cli {

/// For files that do without the whole of nlohmann/json.hpp.
using Document = std::shared_ptr<const nlohmann::ordered_json>;

Document document(nlohmann::ordered_json json);

/// Clean text from outside, of 200 characters at most; and text that is clean, null when it is
/// empty.
nlohmann::ordered_json text_or_null(const std::optional<std::string>& text);
nlohmann::ordered_json text_or_null(const std::string& text);
nlohmann::ordered_json time_or_null(const std::optional<base::UtcTime>& time);
nlohmann::ordered_json bytes_or_null(const std::optional<usage::DataSize>& size);

/// Adds what a line is known by: `iccid`, `eid`, `msisdn`, `imsi`, `id`.
void add_line_names(nlohmann::ordered_json& object, const usage::Line& line);

nlohmann::ordered_json faults_json(std::span<const app::PlanFault> faults);

}  // namespace cli
