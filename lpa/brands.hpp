#pragma once

#include <optional>
#include <string>

#include "lpa/card.hpp"
#include "lpa/identifiers.hpp"

namespace lpa {

/// What a brand of removable eUICC tells beyond SGP.22.
struct Brand {
  std::string name;                    ///< "eSTK.me", "9eSIM"
  std::optional<std::string> product;  ///< SKU or model
  std::optional<std::string> serial;
  std::optional<std::string> bootloader;
  std::optional<std::string> firmware;
};

/// The brand of the card, when it is one that tells itself apart: eSTK.me by the identifier of its
/// ISD-R, which is then asked for the rest on the basic channel; 9eSIM by EID and firmware. A card
/// that does not answer has that field empty. Throws as Channel::exchange.
std::optional<Brand> find_brand(Card& card, const Aid& isdr, const Eid& eid,
                                const Version& firmware);

}  // namespace lpa
