#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "sim/bsp.hpp"
#include "sim/profile_elements.hpp"
#include "sim/state.hpp"

namespace sim {

/// A bound profile package (SGP.22 2.5.4) of which the card has a part.
struct Loading {
  /// The sequence that is coming, numbered as BppCommandId (SGP.22 annex H).
  enum class Stage : std::uint8_t {
    initialise_secure_channel = 0,
    configure_isdp = 1,
    store_metadata = 2,
    replace_session_keys = 4,
    load_profile_elements = 5
  };

  Protection protection;
  Stage stage = Stage::initialise_secure_channel;
  std::size_t package_left = 0;      ///< octets within BF36 that have not come
  std::size_t sequence_left = 0;     ///< octets within A0 to A3 that have not come
  std::size_t segments = 1;          ///< that came
  base::Bytes command{};             ///< what the sequence has said so far
  std::optional<Profile> profile{};  ///< once its metadata is there
  std::optional<ProfileElements> elements{};
};

}  // namespace sim
