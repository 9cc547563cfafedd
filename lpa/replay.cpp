#include "lpa/replay.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lpa {
namespace {

class Replay final : public Card {
 public:
  explicit Replay(Recording recording) : recording_(std::move(recording)) {}

  base::Bytes transmit(base::ByteView command) override {
    if (next_ == recording_.exchanges.size()) {
      throw ended(recording_.lines + 1, "the recording ends before this command", command);
    }
    const auto& exchange = recording_.exchanges[next_];
    if (!exchange.command.fits(command)) {
      throw recording_
          .about(exchange.command_line, "recording.differs",
                 fmt::format(
                     "the recording has {}, and esimctl sends {}; they differ from octet {} on",
                     shortened(exchange.command.text()), shortened(base::to_hex(command)),
                     first_difference(exchange.command, command)))
          .hint("run the very command that was recorded, with the same options")
          .hint("`--card lookup:FILE` answers in any order");
    }
    if (exchange.answer_line == 0) {
      throw ended(exchange.command_line, "the recording has no answer to this command", command);
    }
    ++next_;
    if (exchange.answer.octets.empty()) {
      throw recording_.about(exchange.answer_line,
                             exchange.error.empty() ? "card.transmit" : exchange.error,
                             "no answer came from the card when this was recorded");
    }
    return exchange.answer.octets;
  }

  void reset() override {}
  [[nodiscard]] base::Bytes atr() const override { return recording_.atr; }
  [[nodiscard]] Protocol protocol() const override { return recording_.protocol; }

 private:
  static std::string shortened(std::string hex) {
    constexpr std::size_t most = 40;
    if (hex.size() > most) hex = hex.substr(0, most) + "…";
    return hex;
  }

  /// Counted from 1.
  static std::size_t first_difference(const MaskedBytes& expected, base::ByteView sent) {
    std::size_t at = 0;
    while (at < sent.size() && at < expected.octets.size() &&
           (expected.hidden[at] || expected.octets[at] == sent[at]))
      ++at;
    return at + 1;
  }

  [[nodiscard]] base::Error ended(std::size_t line, const std::string& what,
                                  base::ByteView command) const {
    return recording_
        .about(line, "recording.ended",
               fmt::format("{} ({})", what, shortened(base::to_hex(command))))
        .hint("it was cut, or another command was recorded");
  }

  Recording recording_;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Card> replay(Recording recording) {
  return std::make_unique<Replay>(std::move(recording));
}

}  // namespace lpa
