#pragma once

#include <cstddef>
#include <optional>

#include "lpa/identifiers.hpp"

namespace lpa {

constexpr std::size_t longest_block = 255;

/// What was found to work with a card, where cards differ.
struct Habits {
  std::optional<Aid> isdr;                 ///< empty: the one that is tried first anyway
  std::size_t block_size = longest_block;  ///< octets of a STORE DATA block
  bool le = true;                          ///< commands with data may have an Le (T=1)
  unsigned switch_form = 0;                ///< of app::enable's ladder, the one that worked

  bool operator==(const Habits&) const = default;
};

}  // namespace lpa
