#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "sim/card.hpp"

namespace sim::test {

constexpr std::string_view select_isdr = "00A4040010A0000005591010FFFFFFFF890000010000";

inline base::Bytes hex(std::string_view text) { return base::from_hex(text).value(); }

/// A fresh card that speaks T=1.
inline State fresh_t1() {
  auto state = fresh();
  state.protocol = Protocol::t1;
  return state;
}

/// A card that is spoken to in hexadecimal.
class Simulated {
 public:
  explicit Simulated(State state = fresh(), Card::OnChange on_change = {})
      : card_(std::move(state), std::move(on_change)) {}

  /// The answer to one command APDU.
  std::string operator()(std::string_view command) {
    return base::to_hex(card_.transmit(hex(command)));
  }

  /// Selects the ISD-R on the basic channel.
  Simulated& selected() & {
    (*this)(select_isdr);
    return *this;
  }

  /// The whole answer to one short ES10 request on the basic channel, by GET RESPONSE where it is
  /// due.
  std::string es10(std::string_view request) {
    auto answer = (*this)("80E29100" + length(request.size() / 2) + std::string(request) + "00");
    std::string whole;
    while (answer.size() >= 4 && answer.substr(answer.size() - 4, 2) == "61") {
      whole += answer.substr(0, answer.size() - 4);
      answer = (*this)("00C00000" + answer.substr(answer.size() - 2));
    }
    return whole + answer;
  }

  Card& card() { return card_; }
  [[nodiscard]] const State& state() const { return card_.state(); }

 private:
  static std::string length(std::size_t octets) {
    return base::to_hex(base::Bytes{static_cast<std::uint8_t>(octets)});
  }

  Card card_;
};

}  // namespace sim::test
