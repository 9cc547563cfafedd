#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "lpa/card.hpp"

namespace lpa {

/// Status word SW1 SW2.
using StatusWord = std::uint16_t;

/// A short command APDU (ISO/IEC 7816-4 5.2) of any of the four cases: without or with data (at
/// most 255 octets), without or with an answer expected.
struct Command {
  std::uint8_t cla = 0;  ///< as for the basic channel; see `class_on`
  std::uint8_t ins = 0;
  std::uint8_t p1 = 0;
  std::uint8_t p2 = 0;
  base::Bytes data;
  std::optional<std::size_t> le;  ///< 1 to 256 octets expected

  /// The octets to hand to the reader. Over T=0 a command with data goes without its Le, and one
  /// with neither still has a P3 of 00 (ISO/IEC 7816-3 12.2).
  [[nodiscard]] base::Bytes octets(Protocol protocol) const;
};

/// What a card answered.
struct Response {
  base::Bytes data;
  StatusWord sw = 0;

  [[nodiscard]] std::uint8_t sw1() const { return static_cast<std::uint8_t>(sw >> 8U); }
  [[nodiscard]] std::uint8_t sw2() const { return static_cast<std::uint8_t>(sw & 0xFFU); }

  /// 9000, or 91xx: done, and the card has a proactive command waiting (ETSI TS 102 221 10.2.1).
  [[nodiscard]] bool ok() const { return sw == 0x9000 || sw1() == 0x91; }
};

constexpr unsigned max_channel = 19;

/// `cla` for logical channel `channel`, 0 to 19 (ISO/IEC 7816-4 5.1.1; the same bits in class 8X).
[[nodiscard]] std::uint8_t class_on(std::uint8_t cla, unsigned channel);

/// Commands over one logical channel of a card, each answered whole: 61xx is followed by GET
/// RESPONSE, 6Cxx by the same command with the length that the card named.
///
/// Borrows the card, which must outlive it.
class Channel {
 public:
  explicit Channel(Card& card, unsigned number = 0) : card_(&card), number_(number) {}

  [[nodiscard]] unsigned number() const { return number_; }
  [[nodiscard]] Protocol protocol() const { return card_->protocol(); }

  /// Sends `command` and gives the whole answer, at most 64 KiB and 256 rounds of GET RESPONSE.
  /// Throws Error (kind card): those of Card::transmit, `card.endless` when the card never comes to
  /// an end, `card.short-answer` when it gives less than a status word.
  Response exchange(Command command);

 private:
  Response once(const Command& command);
  Response once_sized(Command command);
  Response get_response(std::size_t length);

  Card* card_;
  unsigned number_;
  std::uint8_t get_response_class_ = 0x00;
};

}  // namespace lpa
