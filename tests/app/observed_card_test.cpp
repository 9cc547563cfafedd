#include "app/observed_card.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include <doctest/doctest.h>

#include "tests/support/simulated_card.hpp"
#include "tests/support/ticking_clock.hpp"

TEST_CASE("a card that is listened to is as patient as it is told to be") {
  auto card = std::make_unique<test::SimulatedCard>();
  const auto* const inner = card.get();
  const app::Observer observer;
  test::TickingClock clock;
  const auto outer = app::observed(std::move(card), observer, clock);
  {
    const lpa::Patience patience(*outer, std::chrono::seconds(7));
    CHECK(inner->patience() == std::chrono::seconds(7));
  }
  CHECK_FALSE(inner->patience());
}
