#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// What the numbers that cards and readers answer mean; the one table behind every message and
/// `explain`.
namespace lpa {

/// A number with its name, what it means and what to do about it.
struct Meaning {
  std::uint32_t number;
  std::string_view name;    ///< the specification's
  std::string_view cause;   ///< one clause
  std::string_view advice;  ///< one clause, empty when there is none
};

/// A status word (ISO/IEC 7816-4 5.6, ETSI TS 102 221 10.2.1, GlobalPlatform); empty when it means
/// nothing. Families with a number inside (61xx, 6Cxx, 63Cx, 91xx) are known by any member.
std::optional<Meaning> status_word_meaning(std::uint16_t sw);

/// The results of one ES10 function.
struct ResultTable {
  std::string_view function;  ///< "EnableProfile"
  std::span<const Meaning> results;
};
std::span<const ResultTable> result_tables();

/// What to do about a result, or a reason, that none of the tables has.
constexpr std::string_view advice_on_unknown =
    "a later version of SGP.22 or the card's maker may have it: ask whoever sold the card";

/// What `result` of `function` means; empty for a number that the specification does not have.
std::optional<Meaning> result_meaning(std::string_view function, std::uint32_t result);

/// Why an LPA ends a session (CancelSessionReason, SGP.22 v2.5 5.7.14).
std::span<const Meaning> cancel_reasons();

/// What came of a part of a profile (PEStatus of TCA's Profile Package specification); an
/// installation that failed with reason 12 has them inside.
std::span<const Meaning> profile_element_statuses();

/// What a card was doing when a package failed, and why it did (BppCommandId and ErrorReason,
/// SGP.22 v2.5 2.5.6). LPAs print them together: `5 10`.
std::span<const Meaning> installation_commands();
std::span<const Meaning> installation_reasons();
std::optional<Meaning> installation_command(std::uint32_t command);
std::optional<Meaning> installation_reason(std::uint32_t reason);

/// Every code of the PC/SC service that esimctl can meet, by its number: 0x8010001D.
std::span<const Meaning> pcsc_codes();
std::optional<Meaning> pcsc_meaning(std::uint32_t code);

}  // namespace lpa
