#pragma once

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "sim/keys.hpp"
#include "sim/pki.hpp"
#include "tests/sim/simulated.hpp"

/// A device that downloads: it writes and reads octets by hand, and shares nothing with sim/ and
/// lpa/ but keys and certificates.
namespace sim::test {

/// Tag, length, value.
inline base::Bytes tlv_of(const std::string& tag, const base::Bytes& value) {
  auto out = hex(tag);
  const auto size = value.size();
  if (size >= 0x10000) {
    out.push_back(0x83);
    out.push_back(static_cast<std::uint8_t>(size >> 16U));
  } else if (size >= 0x100) {
    out.push_back(0x82);
  } else if (size >= 0x80) {
    out.push_back(0x81);
  }
  if (size >= 0x100) out.push_back(static_cast<std::uint8_t>(size >> 8U));
  out.push_back(static_cast<std::uint8_t>(size));
  out.insert(out.end(), value.begin(), value.end());
  return out;
}

inline base::Bytes operator+(base::Bytes left, const base::Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// One element of a row of them: how many octets tag and length have, and how many in all.
struct Piece {
  std::string tag;
  std::size_t header = 0;
  std::size_t whole = 0;
};

inline Piece piece_at(base::ByteView octets) {
  Piece piece;
  std::size_t at = 1;
  if ((octets[0] & 0x1FU) == 0x1FU) {
    while ((octets[at++] & 0x80U) != 0) {
    }
  }
  piece.tag = base::to_hex(octets.first(at));
  std::size_t length = octets[at++];
  if (length >= 0x80) {
    auto count = length & 0x7FU;
    for (length = 0; count > 0; --count) length = (length << 8U) | octets[at++];
  }
  piece.header = at;
  piece.whole = at + length;
  return piece;
}

/// The elements side by side in `octets`, tag and length included.
inline std::vector<base::Bytes> pieces(base::ByteView octets) {
  std::vector<base::Bytes> list;
  while (!octets.empty()) {
    const auto whole = piece_at(octets).whole;
    list.emplace_back(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(whole));
    octets = octets.subspan(whole);
  }
  return list;
}

inline std::vector<base::Bytes> inside(const base::Bytes& element) {
  return pieces(base::ByteView(element).subspan(piece_at(element).header));
}

inline base::Bytes value_of(const base::Bytes& element) {
  const auto view = base::ByteView(element).subspan(piece_at(element).header);
  return {view.begin(), view.end()};
}

/// A bound profile package cut as SGP.22 2.5.5 says.
inline std::vector<base::Bytes> segments(const base::Bytes& package) {
  const auto outer = piece_at(package).header;
  const auto parts = inside(package);
  std::vector<base::Bytes> cut;
  cut.push_back(base::Bytes(package.begin(), package.begin() + static_cast<std::ptrdiff_t>(outer)) +
                parts.at(0));
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto piece = piece_at(parts[i]);
    const base::Bytes header(parts[i].begin(),
                             parts[i].begin() + static_cast<std::ptrdiff_t>(piece.header));
    auto blocks = inside(parts[i]);
    if (piece.tag == "A0" || piece.tag == "A2") {
      blocks.at(0) = header + blocks.at(0);
    } else {
      cut.push_back(header);
    }
    cut.insert(cut.end(), blocks.begin(), blocks.end());
  }
  return cut;
}

/// The card's answer to one whole ES10 command, without 9000; what is no 9000 throws.
inline base::Bytes send(Card& card, const base::Bytes& request) {
  base::Bytes answer;
  for (std::size_t at = 0, block = 0; at < request.size(); at += 255, ++block) {
    const auto count = std::min<std::size_t>(255, request.size() - at);
    const bool last = at + count == request.size();
    base::Bytes apdu{0x80, 0xE2, static_cast<std::uint8_t>(last ? 0x91 : 0x11),
                     static_cast<std::uint8_t>(block), static_cast<std::uint8_t>(count)};
    apdu.insert(apdu.end(), request.begin() + static_cast<std::ptrdiff_t>(at),
                request.begin() + static_cast<std::ptrdiff_t>(at + count));
    answer = card.transmit(apdu);
    base::Bytes whole;
    while (answer.size() >= 2 && answer[answer.size() - 2] == 0x61) {
      whole.insert(whole.end(), answer.begin(), answer.end() - 2);
      answer = card.transmit(base::Bytes{0x00, 0xC0, 0x00, 0x00, answer.back()});
    }
    answer = whole + answer;
    if (answer.size() < 2 || base::to_hex(base::ByteView(answer).last(2)) != "9000") {
      throw std::runtime_error("status " + base::to_hex(answer));
    }
  }
  answer.resize(answer.size() - 2);
  return answer;
}

inline Card selected_card(State state) {
  Card card(std::move(state));
  card.transmit(hex(select_isdr));
  return card;
}

/// ctxParams1 with that matching identifier: TAC and IMEI of a device.
inline base::Bytes context(std::string_view matching_id) {
  const base::Bytes text(matching_id.begin(), matching_id.end());
  return tlv_of("A0",
                tlv_of("80", text) + tlv_of("A1", tlv_of("80", hex("53920116")) + tlv_of("A1", {}) +
                                                      tlv_of("82", hex("539201161032540F"))));
}

}  // namespace sim::test
