#pragma once

#include <memory>

#include "app/world.hpp"
#include "lpa/card.hpp"

namespace app {

/// `card` with every exchange told to `observer`, which must outlive it.
std::unique_ptr<lpa::Card> observed(std::unique_ptr<lpa::Card> card, const Observer& observer,
                                    base::Clock& clock);

}  // namespace app
