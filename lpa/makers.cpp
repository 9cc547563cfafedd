#include "lpa/makers.hpp"

#include <algorithm>
#include <array>

namespace lpa {
namespace {

/// EUM identification numbers that are seen on cards.
constexpr std::array makers = std::to_array<Maker>({
    {"35060000", "HED", "CN"},
    {"35840574", "Watchdata", "CN"},
    {"89033023", "Thales", "FR"},
    {"89033024", "IDEMIA", "FR"},
    {"89034011", "Valid", "ES"},
    {"89041030", "STMicroelectronics", "CH"},
    {"89043051", "NXP", "AT"},
    {"89043052", "NXP", "AT"},
    {"89044045", "Kigen", "GB"},
    {"89044047", "Truphone", "GB"},
    {"89049032", "Giesecke+Devrient", "DE"},
    {"89049038", "Giesecke+Devrient", "DE"},
    {"89086001", "Hengbao", "CN"},
    {"89086029", "Tianyu", "CN"},
    {"89086030", "Eastcompeace", "CN"},
});

}  // namespace

std::optional<Maker> find_maker(const Eid& eid) {
  constexpr std::size_t number_digits = 8;
  const auto found =
      std::ranges::find(makers, eid.digits().substr(0, number_digits), &Maker::number);
  if (found == makers.end()) return std::nullopt;
  return *found;
}

}  // namespace lpa
