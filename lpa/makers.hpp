#pragma once

#include <optional>
#include <string_view>

#include "lpa/identifiers.hpp"

namespace lpa {

/// Who made an eUICC (the EUM).
struct Maker {
  std::string_view number;   ///< the first eight digits of its EIDs (SGP.29 annex B)
  std::string_view name;     ///< as people call it
  std::string_view country;  ///< ISO 3166-1, two letters
};

/// The maker of the eUICC with that EID, when it is a known one.
std::optional<Maker> find_maker(const Eid& eid);

}  // namespace lpa
