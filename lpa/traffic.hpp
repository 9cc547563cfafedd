#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "lpa/apdu.hpp"

/// What went between a terminal and a card, put together again: the other direction of Channel and
/// Isdr, for traffic of any program.
namespace lpa {

/// A short or extended command APDU as it was sent (ISO/IEC 7816-4 5.2), taken apart.
struct SentCommand {
  std::uint8_t cla = 0;
  std::uint8_t ins = 0;
  std::uint8_t p1 = 0;
  std::uint8_t p2 = 0;
  std::size_t data_at = 0;  ///< where its data begins
  std::size_t data_size = 0;

  [[nodiscard]] unsigned channel() const;
};

/// Empty for what is no command APDU.
std::optional<SentCommand> sent_command(base::ByteView octets);

namespace ins {
constexpr std::uint8_t manage_channel = 0x70;
constexpr std::uint8_t select = 0xA4;
constexpr std::uint8_t terminal_capability = 0xAA;
constexpr std::uint8_t get_response = 0xC0;
constexpr std::uint8_t store_data = 0xE2;
}  // namespace ins

/// Octets of one buffer: of the command or of the answer of exchange number `exchange`.
struct Piece {
  std::size_t exchange = 0;
  std::size_t offset = 0;
  std::size_t size = 0;
};

/// A command with its whole answer, whatever number of buffers that took; for STORE DATA all blocks
/// of a request.
struct WholeExchange {
  SentCommand command;  ///< the last that carried data
  std::vector<Piece> request;
  std::vector<Piece> answer;
  StatusWord sw = 0;  ///< 0 when there was no answer
};

/// Puts exchanges together as they come: GET RESPONSE after 61xx, the same again after 6Cxx, blocks
/// of STORE DATA, on each logical channel by itself.
class TrafficAssembler {
 public:
  /// The next exchange; `answer` includes the status word, and is empty when there was none. Gives
  /// what it completes.
  std::optional<WholeExchange> add(base::ByteView command, base::ByteView answer);

  /// True when nothing waits for more.
  [[nodiscard]] bool complete() const { return open_.empty(); }

 private:
  std::size_t count_ = 0;
  std::map<unsigned, WholeExchange> open_;  ///< by channel
};

}  // namespace lpa
