#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "lpa/euicc.hpp"
#include "lpa/isdr.hpp"
#include "tests/support/manual_clock.hpp"

/// A session with a card that answers what the input says. The first octet tells the protocol, then
/// each answer is a kind and a length with that many octets: with 9000 after them (0), as they are
/// (1), or an error instead of an answer (2). At the end of the input the card says 6F00 for ever.
/// Only base::Error may come out of it.

namespace {

class InputCard final : public lpa::Card {
 public:
  InputCard(const std::uint8_t* data, std::size_t size) : rest_(data, size) {
    if (next() % 2 == 1) protocol_ = lpa::Protocol::t1;
  }

  base::Bytes transmit(base::ByteView /*command*/) override { return answer(); }
  void reset() override {
    if (!rest_.empty() && rest_.front() % 8 == 2) answer();
  }
  [[nodiscard]] base::Bytes atr() const override { return {}; }
  [[nodiscard]] lpa::Protocol protocol() const override { return protocol_; }

 private:
  std::uint8_t next() {
    if (rest_.empty()) return 0;
    const auto octet = rest_.front();
    rest_ = rest_.subspan(1);
    return octet;
  }

  base::Bytes answer() {
    if (rest_.empty()) return {0x6F, 0x00};
    const unsigned kind = next() % 8;
    const std::size_t length = next();
    if (kind == 2) {
      constexpr std::array codes{"card.removed", "card.reset", "card.mute", "card.transmit",
                                 "pcsc.failed"};
      throw base::Error(base::ErrorKind::card, codes.at(length % codes.size()),
                        "as the input says");
    }
    const auto octets = rest_.first(std::min(length, rest_.size()));
    rest_ = rest_.subspan(octets.size());
    base::Bytes answer(octets.begin(), octets.end());
    if (kind != 1) answer.insert(answer.end(), {0x90, 0x00});
    return answer;
  }

  base::ByteView rest_;
  lpa::Protocol protocol_ = lpa::Protocol::t0;
};

template <class Work>
void attempt(Work&& work) {
  try {
    std::forward<Work>(work)();
  } catch (const base::Error&) {
    return;
  }
}

void use(lpa::Isdr& isdr) {
  lpa::Euicc euicc(isdr);
  const lpa::Iccid iccid{{0x98, 0x00, 0x10, 0x32, 0x54, 0x76, 0x98, 0x10, 0x32, 0x14}};
  test::ManualClock clock;
  attempt([&] { euicc.profiles(lpa::ProfileFields::list); });
  attempt([&] { euicc.info2(); });
  attempt([&] { euicc.info1(); });
  attempt([&] { euicc.addresses(); });
  attempt([&] { euicc.authorisation_table(); });
  attempt([&] { euicc.enable(iccid, true); });
  attempt([&] { isdr.restart(clock, std::chrono::seconds(1)); });
  attempt([&] { euicc.disable(iccid, false); });
  attempt([&] { euicc.profiles(lpa::ProfileFields::details, iccid); });
  attempt([&] { isdr.exchange(base::Bytes(600, 0x5A)); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  InputCard card(data, size);
  attempt([&] {
    const auto found = lpa::Isdr::find(card, {});
    if (const auto* isdr = std::get_if<std::unique_ptr<lpa::Isdr>>(&found)) use(**isdr);
  });
  return 0;
}
