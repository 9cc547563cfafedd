#include "app/manageable.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace app {
namespace {

std::optional<lpa::EuiccInfo2> info_of(lpa::Euicc& euicc) {
  try {
    return euicc.info2();
  } catch (const base::Error& error) {
    if (error.code() != "card.status" && error.code() != "card.malformed-answer") throw;
    return std::nullopt;
  }
}

}  // namespace

void require_manageable(Session& session) {
  if (const auto info = info_of(session.euicc())) require_manageable(session, *info);
}

void require_manageable(const Session& session, const lpa::EuiccInfo2& info) {
  if (!info.iot_specific_info) return;
  throw base::Error(base::ErrorKind::refused, "card.iot",
                    fmt::format("the card in {} is an SGP.32 (IoT) eUICC: its profiles are managed "
                                "by its eIM, and a device can only read them; nothing was changed",
                                base::clean(session.card_name())))
      .hint(
          "`esimctl list` and `esimctl info` work; use a consumer eUICC (SGP.22) to switch "
          "yourself");
}

}  // namespace app
