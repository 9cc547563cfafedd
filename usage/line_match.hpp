#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "usage/snapshot.hpp"

namespace usage {

/// What a card has of a profile that tells which line is behind it; empty for what it has not.
struct CardProfile {
  std::string iccid;  ///< as printed on a card
  std::string nickname;
};

/// A line of a provider, and the ICCID of the profile that the user says it is behind, or nothing.
struct CarrierLine {
  const Line& line;
  std::string_view linked;
};

/// Why a line is taken for that of a profile, the surest first.
enum class MatchedBy : std::uint8_t { link, iccid, eid, msisdn };

struct LineMatch {
  std::size_t line = 0;  ///< its place in what was given
  MatchedBy by = MatchedBy::link;
  bool operator==(const LineMatch&) const = default;
};

/// The line behind each profile of a card, where that is known: by what the user said; by the
/// ICCID; by the EID, when of the profiles of the card one alone is left and of the lines with its
/// EID, without an ICCID, one alone as well; by a telephone number in the nickname, when one
/// profile and one line alone fit. What would be a guess is nothing.
std::vector<std::optional<LineMatch>> match_lines(std::string_view eid,
                                                  std::span<const CardProfile> profiles,
                                                  std::span<const CarrierLine> lines);

/// Whether two telephone numbers, digits alone, are the same (ITU-T E.164): one may lack its
/// country code, and zeros dialled before it; seven digits are the least.
bool same_number(std::string_view left, std::string_view right);

}  // namespace usage
