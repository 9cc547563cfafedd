#include "sim/apdu.hpp"

#include <string>

namespace sim {
namespace {

/// Le: 00 stands for 256 (ISO 7816-3 12.1.3).
std::size_t expected_length(std::uint8_t le) { return le == 0 ? 256 : le; }

}  // namespace

Refused::Refused(std::uint16_t status)
    : std::runtime_error("refused with " +
                         base::to_hex(base::Bytes{static_cast<std::uint8_t>(status >> 8U),
                                                  static_cast<std::uint8_t>(status)})),
      status_(status) {}

Class parse_class(std::uint8_t octet) {
  // ISO 7816-4 table 2: 0X, 1X for channels 0 to 3; table 3: 4X to 7X for channels 4 to 19. The
  // proprietary classes 8X, 9X and CX to EX are read alike (ETSI TS 102 221 tables 10.3, 10.4a).
  const bool further = (octet & 0x40U) != 0;
  if (octet == 0xFF || (!further && (octet & 0x20U) != 0)) throw Refused(0x6E00);
  const unsigned secure_messaging = further ? octet & 0x20U : octet & 0x0CU;
  if (secure_messaging != 0) throw Refused(0x6882);
  if ((octet & 0x10U) != 0) throw Refused(0x6884);
  const std::size_t channel = further ? (octet & 0x0FU) + 4U : octet & 0x03U;
  return {(octet & 0x80U) != 0, channel};
}

Command parse_command(base::ByteView octets) {
  if (octets.size() < 4) throw Refused(0x6700);
  return {parse_class(octets[0]), octets[1], octets[2], octets[3], octets.subspan(4)};
}

Body parse_body(const Command& command) {
  const auto body = command.body;
  if (body.empty()) return {};                                  // case 1
  if (body.size() == 1) return {{}, expected_length(body[0])};  // case 2
  const std::size_t length = body[0];
  if (length == 0) throw Refused(0x6700);                                 // extended lengths
  if (body.size() == length + 1) return {body.subspan(1), std::nullopt};  // case 3
  if (body.size() != length + 2) throw Refused(0x6700);
  return {body.subspan(1, length), expected_length(body[length + 1])};  // case 4
}

}  // namespace sim
