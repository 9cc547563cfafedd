#include "lpa/refusal.hpp"

#include <utility>

#include <fmt/format.h>

#include "lpa/status.hpp"

namespace lpa {

base::Error refusal(std::string code, const std::string& what, std::string_view function,
                    std::uint32_t result) {
  const auto meaning = result_meaning(function, result);
  const auto why = meaning ? fmt::format("{} ({}: {})", meaning->cause, meaning->name, result)
                           : fmt::format("unknown result {}", result);
  base::Error error(base::ErrorKind::refused, std::move(code),
                    fmt::format("cannot {}: {}", what, why));
  const auto advice = meaning ? meaning->advice : advice_on_unknown;
  if (!advice.empty()) error.hint(std::string(advice));
  return error;
}

base::Error nameless(std::string_view verb) {
  return base::Error(base::ErrorKind::card, "card.nameless-profile",
                     fmt::format("cannot {} the profile: the card lists it without ICCID", verb))
      .hint("the card does not follow SGP.22 there; `esimctl list --json` shows what it tells");
}

}  // namespace lpa
