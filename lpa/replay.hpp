#pragma once

#include <memory>

#include "lpa/card.hpp"
#include "lpa/recording.hpp"

namespace lpa {

/// A card that expects the very commands of a recording, in their order, and gives its answers.
/// What was an Error then is the same Error now; resets are nothing.
///
/// Throws Error (kind card): `recording.differs` when another command comes, `recording.ended` when
/// one comes after the last; both name the line.
std::unique_ptr<Card> replay(Recording recording);

}  // namespace lpa
