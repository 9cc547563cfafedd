#pragma once

#include <memory>
#include <utility>

#include "app/notifications.hpp"
#include "app/session.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/simulated_card.hpp"

/// Sessions on simulated cards, with a way to get in between for the faults that cards have.
namespace app_test {

/// An open session, and the card that it is on.
struct Opened {
  test::SimulatedCard* card;
  std::unique_ptr<app::Session> session;
};

inline Opened open(sim::State state, test::SimulatedCard::Around around = {}) {
  auto card = std::make_unique<test::SimulatedCard>(std::move(state), std::move(around));
  auto* borrowed = card.get();
  auto isdr = lpa::Isdr::find(*card, {});
  auto session =
      std::make_unique<app::Session>(app::OpenCard{"sim", std::nullopt, std::move(card)},
                                     std::get<std::unique_ptr<lpa::Isdr>>(std::move(isdr)));
  return {borrowed, std::move(session)};
}

/// Where nothing is kept between runs.
inline void remove_notification(const Opened& opened, std::uint64_t number) {
  test::ManualClock clock;
  const app::World world{
      .readers = {}, .connect = {}, .schemes = {}, .clock = clock, .lock_directories = {}};
  app::remove_notification(world, {}, *opened.session, number, true);
}

}  // namespace app_test
