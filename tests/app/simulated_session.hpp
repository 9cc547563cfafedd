#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "app/session.hpp"
#include "lpa/card.hpp"
#include "sim/card.hpp"
#include "sim/state.hpp"

/// Sessions on simulated cards, with a way to get in between for the faults that cards have.
namespace app_test {

/// A simulated card. `around` may answer a command in the card's place, or throw what a reader
/// would; `resets` counts.
class Simulated final : public lpa::Card {
 public:
  using Around = std::function<base::Bytes(sim::Card& card, base::ByteView command)>;

  explicit Simulated(sim::State state, Around around = {})
      : card_(std::move(state)), around_(std::move(around)) {}

  base::Bytes transmit(base::ByteView command) override {
    return around_ ? around_(card_, command) : card_.transmit(command);
  }
  void reset() override {
    ++resets;
    card_.reset();
  }
  [[nodiscard]] base::Bytes atr() const override { return card_.atr(); }
  [[nodiscard]] lpa::Protocol protocol() const override {
    return card_.state().protocol == sim::Protocol::t0 ? lpa::Protocol::t0 : lpa::Protocol::t1;
  }
  [[nodiscard]] const sim::State& state() const { return card_.state(); }

  int resets = 0;

 private:
  sim::Card card_;
  Around around_;
};

/// An open session, and the card that it is on.
struct Opened {
  Simulated* card;
  std::unique_ptr<app::Session> session;
};

inline Opened open(sim::State state, Simulated::Around around = {}) {
  auto card = std::make_unique<Simulated>(std::move(state), std::move(around));
  auto* borrowed = card.get();
  auto isdr = lpa::Isdr::find(*card, {});
  auto session =
      std::make_unique<app::Session>(app::OpenCard{"sim", std::nullopt, std::move(card)},
                                     std::get<std::unique_ptr<lpa::Isdr>>(std::move(isdr)));
  return {borrowed, std::move(session)};
}

/// True for STORE DATA with this ES10 tag.
inline bool is_request(base::ByteView command, std::uint8_t first, std::uint8_t second) {
  return command.size() > 6 && command[1] == 0xE2 && command[5] == first && command[6] == second;
}

}  // namespace app_test
