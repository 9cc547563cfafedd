#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "sim/card.hpp"

namespace sim::test {

/// A card that is spoken to in hexadecimal.
class Simulated {
 public:
  explicit Simulated(State state = fresh()) : card_(std::move(state)) {}

  /// The answer to one command APDU.
  std::string operator()(std::string_view command) {
    return base::to_hex(card_.transmit(base::from_hex(command).value()));
  }

  Card& card() { return card_; }
  const State& state() { return card_.state(); }

 private:
  Card card_;
};

}  // namespace sim::test
