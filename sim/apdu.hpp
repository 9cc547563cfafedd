#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>

#include "base/bytes.hpp"

/// Command APDUs as ISO 7816-3 12.1 and ISO 7816-4 5.1 shape them; short ones only.
namespace sim {

/// A command that is answered by a status word alone.
class Refused : public std::runtime_error {
 public:
  explicit Refused(std::uint16_t status);
  [[nodiscard]] std::uint16_t status() const { return status_; }

 private:
  std::uint16_t status_;
};

/// The class octet, taken apart (ISO 7816-4 5.4.1, ETSI TS 102 221 10.1.1).
struct Class {
  bool proprietary = false;
  std::size_t channel = 0;  ///< 0 to 19
};

/// Throws Refused: 6E00 for no such class, 6882 for secure messaging, 6884 for command chaining.
Class parse_class(std::uint8_t octet);

struct Command {
  Class cla;
  std::uint8_t ins = 0;
  std::uint8_t p1 = 0;
  std::uint8_t p2 = 0;
  base::ByteView body;  ///< what follows the header; borrowed

  [[nodiscard]] bool p1_p2(std::uint8_t first, std::uint8_t second) const {
    return p1 == first && p2 == second;
  }
};

/// The header; throws Refused(6700) when there are fewer than four octets, or as parse_class does.
Command parse_command(base::ByteView octets);

/// Data and expected length of one of the four cases (ISO 7816-3 12.1.3).
struct Body {
  base::ByteView data;                  ///< Nc octets; empty in cases 1 and 2
  std::optional<std::size_t> expected;  ///< Ne, 1 to 256; empty in cases 1 and 3
};

/// Throws Refused(6700) when Lc does not agree with what is there and for extended lengths.
Body parse_body(const Command& command);

}  // namespace sim
