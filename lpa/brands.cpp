#include "lpa/brands.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "lpa/apdu.hpp"

namespace lpa {
namespace {

/// What every ISD-R of eSTK.me begins with, and the applet that tells of the product.
constexpr std::string_view estk_prefix = "A06573746B6D65";
constexpr std::string_view estk_product_applet = "A06573746B6D65FFFFFFFFFFFF6D6774";

/// The EIDs of 9eSIM cards.
constexpr std::array<std::string_view, 2> nine_esim_prefixes{"890440458467274948",
                                                             "890440452167274948"};

/// Their models, by firmware.
struct Model {
  Version firmware;
  std::string_view name;
};
constexpr std::array nine_esim_models = std::to_array<Model>({
    {{{36, 7, 2}}, "v2"},
    {{{36, 9, 3}}, "v2.1"},
    {{{36, 17, 4}}, "v2s"},
    {{{36, 17, 39}}, "v3 beta"},
    {{{36, 18, 5}}, "v3"},
    {{{37, 1, 41}}, "v3.1"},
    {{{37, 4, 3}}, "v3.2"},
});

/// One text of the product applet; empty when it does not tell.
std::optional<std::string> estk_text(Channel& channel, std::uint8_t which) {
  const auto answer = channel.exchange({0x00, 0x00, which, 0x00, {}, 256});
  if (!answer.ok() || answer.data.empty()) return std::nullopt;
  return std::string(answer.data.begin(), answer.data.end());
}

Brand estk(Card& card) {
  Brand brand;
  brand.name = "eSTK.me";
  Channel channel(card);
  auto applet = base::from_hex(estk_product_applet).value_or(base::Bytes());
  const auto selected = channel.exchange({0x00, 0xA4, 0x04, 0x00, std::move(applet), 256});
  if (!selected.ok()) return brand;
  brand.serial = estk_text(channel, 0x00);
  brand.bootloader = estk_text(channel, 0x01);
  brand.firmware = estk_text(channel, 0x02);
  brand.product = estk_text(channel, 0x03);
  return brand;
}

}  // namespace

std::optional<Brand> find_brand(Card& card, const Aid& isdr, const Eid& eid,
                                const Version& firmware) {
  if (isdr.hex().starts_with(estk_prefix)) return estk(card);
  const auto digits = eid.digits();
  const bool nine_esim = std::ranges::any_of(
      nine_esim_prefixes, [&](auto prefix) { return digits.starts_with(prefix); });
  if (!nine_esim) return std::nullopt;
  Brand brand;
  brand.name = "9eSIM";
  const auto model = std::ranges::find(nine_esim_models, firmware, &Model::firmware);
  if (model != nine_esim_models.end()) brand.product = model->name;
  return brand;
}

}  // namespace lpa
