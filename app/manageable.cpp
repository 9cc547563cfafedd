#include "app/manageable.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace app {
namespace {

bool is_iot(lpa::Euicc& euicc) {
  try {
    return euicc.info2().iot_specific_info.has_value();
  } catch (const base::Error& error) {
    if (error.code() != "card.status" && error.code() != "card.malformed-answer") throw;
    return false;
  }
}

}  // namespace

void require_manageable(Session& session) {
  if (!is_iot(session.euicc())) return;
  throw base::Error(base::ErrorKind::refused, "card.iot",
                    fmt::format("the card in {} is an SGP.32 (IoT) eUICC: its profiles are managed "
                                "by its eIM, and a device can only read them; nothing was changed",
                                base::clean(session.card_name())))
      .hint(
          "`esimctl list` and `esimctl info` work; use a consumer eUICC (SGP.22) to switch "
          "yourself");
}

}  // namespace app
