#pragma once

#include <cstddef>
#include <functional>
#include <utility>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "lpa/card.hpp"
#include "tests/support/hex.hpp"

/// Cards that behave as no card may.
namespace test {

/// Answers every command as a function says, and counts them.
class AnsweringCard final : public lpa::Card {
 public:
  using Answer = std::function<base::Bytes(base::ByteView command)>;

  explicit AnsweringCard(Answer answer, lpa::Protocol protocol = lpa::Protocol::t1)
      : answer_(std::move(answer)), protocol_(protocol) {}

  base::Bytes transmit(base::ByteView command) override {
    ++commands_;
    return answer_(command);
  }
  void reset() override {}
  [[nodiscard]] base::Bytes atr() const override { return {}; }
  [[nodiscard]] lpa::Protocol protocol() const override { return protocol_; }

  [[nodiscard]] std::size_t commands() const { return commands_; }

 private:
  Answer answer_;
  lpa::Protocol protocol_;
  std::size_t commands_ = 0;
};

/// Always says that there is more, and gives `part` octets of it.
inline AnsweringCard endless_card(std::size_t part) {
  return AnsweringCard([part](base::ByteView) { return hex(repeated(part) + "61FF"); });
}

inline AnsweringCard mute_card() {
  return AnsweringCard([](base::ByteView) -> base::Bytes {
    throw base::Error(base::ErrorKind::card, "card.mute", "no answer");
  });
}

/// Says 9000 to everything, with octets that are no TLV.
inline AnsweringCard garbage_card() {
  return AnsweringCard([](base::ByteView) { return hex("DE AD BE EF FF FF 9000"); });
}

/// Gives fewer octets than a status word has.
inline AnsweringCard empty_card() {
  return AnsweringCard([](base::ByteView) { return base::Bytes{}; });
}

}  // namespace test
