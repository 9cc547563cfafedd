#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.hpp"
#include "base/utc.hpp"
#include "carriers/provider.hpp"

/// Values of a provider's answer. What is not as its file says is Error `carrier.changed`
/// (network), with the field and the kind of thing that is there; values themselves are not shown.
namespace carriers {

base::Error changed(const std::string& field, const std::string& saw);

/// The same for what none of the places has; the step of the Error says what is there instead, by
/// name and type.
base::Error missing(const std::string& field, const std::vector<Pointer>& places,
                    const nlohmann::json& document);

/// The first text, number or boolean at one of the places, as a text; null is none.
std::optional<std::string> text_at(const std::vector<Pointer>& places,
                                   const nlohmann::json& document);

bool true_at(const std::optional<Pointer>& place, const nlohmann::json& document);

/// `field` is its name in the file, for the Error.
usage::Limit amount_at(const QuantitySpec& spec, const nlohmann::json& document,
                       const std::string& field);

/// What two parts of an answer tell together.
usage::Limit joined(Aggregate aggregate, const usage::Limit& so_far, const usage::Limit& next,
                    const std::string& field);

/// Empty when it is missing, null, or one of those that mean unknown.
std::optional<base::UtcTime> date_at(const DateSpec& spec, const nlohmann::json& document,
                                     base::UtcTime now, const std::string& field);

usage::Cycle cycle_at(const CycleSpec& spec, const nlohmann::json& document, base::UtcTime now);

/// The moment that a text in one of the forms of ISO 8601 names, with an offset or in `zone`.
std::optional<base::UtcTime> read_iso8601(std::string_view text, const std::string& zone);

/// The moment of a Date header (RFC 9110 5.6.7), in the form that is to be sent: "Sun, 06 Nov 1994
/// 08:49:37 GMT".
std::optional<base::UtcTime> read_http_date(std::string_view text);

/// The moment of a text after a pattern of %Y %m %d %H %M %S and other characters.
std::optional<base::UtcTime> read_pattern(std::string_view text, std::string_view pattern,
                                          const std::string& zone);

}  // namespace carriers
