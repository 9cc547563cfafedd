#include "lpa/isdr_aids.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace lpa {
namespace {

constexpr std::string_view gsma =
    "A0000005591010FFFFFFFF8900000100";  // SGP.02 2.2.3, SGP.22 Annex H

/// The secure elements of eSTK.me cards. Their GSMA identifier is one of the two again.
constexpr std::array<std::string_view, 2> secure_elements{
    "A06573746B6D65FFFF4953442D522030",
    "A06573746B6D65FFFF4953442D522031",
};

/// What other brands use instead, in the order of how common they are.
constexpr std::array<std::string_view, 8> others{
    "A0000005591010FFFFFFFF8900050500",  // 5ber
    "A0000005591010000000008900000300",  // eSIM.me
    "A0000005591010FFFFFFFF8900000177",  // Xesim
    "A000000559104C696E6B736669656C64",  // LinksField
    "A06573746B6D65FFFFFFFF4953442D52",  // eSTK.me, before the two secure elements
    "A0000006281010FFFFFFFF8900000100",  // GlocalMe
    "A0000005591010000000890000000300",  // seen in two lists of other programs for eSIM.me
    "A0000005591010000000008900000200",
};

/// Answers to reset of cards that want their own identifiers tried first (eSTK.me).
constexpr std::array<std::string_view, 3> own_first{
    "3B9F96801FC78031E073FE2115576573746B2E6D65C1",
    "3B9F96803FC7828031E073FE2115576573746B2E6D6563",
    "3BBF9300801FC68031E073FE2113576573746B2E6D65E3",
};

Aid known(std::string_view text) {
  auto aid = Aid::from_hex(text);
  if (!aid) throw std::logic_error("a known identifier is not one");
  return *std::move(aid);
}

}  // namespace

std::vector<Aid> isdr_candidates(base::ByteView atr, std::optional<unsigned> secure_element) {
  std::vector<std::string_view> order;
  if (secure_element) {
    if (*secure_element < secure_elements.size()) order.push_back(secure_elements[*secure_element]);
  } else if (std::ranges::find(own_first, base::to_hex(atr)) != own_first.end()) {
    order.insert(order.end(), secure_elements.begin(), secure_elements.end());
  }
  if (!secure_element || *secure_element == 0) {
    order.push_back(gsma);
    if (!secure_element) order.insert(order.end(), secure_elements.begin(), secure_elements.end());
    order.insert(order.end(), others.begin(), others.end());
  }

  std::vector<Aid> aids;
  for (const auto text : order) {
    auto aid = known(text);
    if (std::ranges::find(aids, aid) == aids.end()) aids.push_back(std::move(aid));
  }
  return aids;
}

Aid ecasd_aid() { return known("A0000005591010FFFFFFFF8900000200"); }

}  // namespace lpa
