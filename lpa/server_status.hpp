#pragma once

#include <optional>
#include <span>
#include <string_view>

/// What the codes mean with which RSP servers (SM-DP+, SM-DS) say that a function failed.
namespace lpa {

/// A subject code and a reason code that come together, and what to do about it.
struct ServerMeaning {
  std::string_view subject;       ///< "8.2.6"; text, as 3.10 is not 3.1
  std::string_view reason;        ///< "3.8"
  std::string_view subject_name;  ///< the specification's
  std::string_view reason_name;   ///< the specification's
  std::string_view cause;         ///< one clause
  std::string_view advice;        ///< one clause
};

/// Every pair that is known: those of ES9+, ES11, ES12 and ES2+ (SGP.22 v2.5 5.3, 5.6, 5.8, 5.9).
std::span<const ServerMeaning> server_meanings();
std::optional<ServerMeaning> server_meaning(std::string_view subject, std::string_view reason);

/// What to do about a pair that is not known.
constexpr std::string_view advice_on_unknown_server_status =
    "give the operator whose profile it is both codes, and what else the server says";

/// The name of one code alone (SGP.22 v2.5 5.2.6.1 and 5.2.6.2, and the subjects that v3 adds).
std::optional<std::string_view> server_subject(std::string_view code);
std::optional<std::string_view> server_reason(std::string_view code);

}  // namespace lpa
