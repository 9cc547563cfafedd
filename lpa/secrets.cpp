#include "lpa/secrets.hpp"

#include <algorithm>
#include <array>

namespace lpa {
namespace {

constexpr tlv::Tag number_tag = 0x5A;    // EID and ICCID
constexpr tlv::Tag nickname_tag = 0x90;  // in ProfileInfo and SetNickname
constexpr std::size_t issuer_size = 4;
constexpr std::size_t longest_result = 1;

/// The functions whose messages have no secrets but numbers and nicknames.
constexpr std::array<tlv::Tag, 15> plain_functions{0xBF20, 0xBF22, 0xBF28, 0xBF29, 0xBF2D,
                                                   0xBF30, 0xBF31, 0xBF32, 0xBF33, 0xBF34,
                                                   0xBF3C, 0xBF3E, 0xBF3F, 0xBF43, number_tag};

/// Those of them where tag 90 is a nickname; elsewhere it is something else.
bool has_nicknames(tlv::Tag function) { return function == 0xBF29 || function == 0xBF2D; }

void walk(tlv::Reader reader, const std::uint8_t* start,
          const std::function<void(tlv::Tag, Range)>& each) {
  while (const auto element = reader.next()) {
    if (tlv::constructed(element->tag)) {
      walk(reader.inside(*element), start, each);
    } else {
      each(element->tag,
           {static_cast<std::size_t>(element->value.data() - start), element->value.size()});
    }
  }
}

/// The tag that a message begins with, whatever follows.
tlv::Tag first_tag(base::ByteView message) {
  if (message.empty()) return 0;
  const bool two = (message[0] & 0x1FU) == 0x1F && message.size() > 1;
  return two ? static_cast<tlv::Tag>((message[0] << 8U) | message[1]) : message[0];
}

}  // namespace

bool for_each_primitive(base::ByteView message,
                        const std::function<void(tlv::Tag, Range value)>& each) {
  try {
    walk(tlv::Reader(message), message.data(), each);
    return true;
  } catch (const tlv::Malformed&) {
    return false;
  }
}

std::vector<Range> secrets_in(base::ByteView message) {
  const auto function = first_tag(message);
  const bool plain = std::ranges::find(plain_functions, function) != plain_functions.end();
  std::vector<Range> secrets;
  const bool readable = for_each_primitive(message, [&](tlv::Tag tag, Range value) {
    if (tag == number_tag) {
      const auto shown = std::min(issuer_size, value.size);
      secrets.push_back({value.offset + shown, value.size - shown});
    } else if (plain ? tag == nickname_tag && has_nicknames(function)
                     : value.size > longest_result) {
      secrets.push_back(value);
    }
  });
  if (readable) return secrets;
  const auto shown = std::min<std::size_t>(function > 0xFF ? 2 : 1, message.size());
  return {{shown, message.size() - shown}};
}

}  // namespace lpa
