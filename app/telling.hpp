#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/world.hpp"
#include "lpa/identifiers.hpp"
#include "lpa/journal.hpp"
#include "lpa/trust.hpp"

namespace app {

/// What servers are asked with.
struct TellingTerms {
  lpa::Trust trust;
  lpa::Version card;      ///< its version of SGP.22
  unsigned attempts = 1;  ///< for each notification
};

/// Hears what became of one, in the calling thread; `why_not` is empty when the server has it.
using HearOutcome =
    std::function<void(const lpa::OutboxNotification& notification, const std::string& why_not)>;

/// HandleNotification (SGP.22 v2.5 5.6.4) for each: to one server after another in sequence order
/// over one connection, to up to eight servers at a time; the next one once `told` has heard of the
/// one before. After a failure that server hears no more, and after one of `told` none does. Throws
/// as lpa::http_trust, and what `told` throws once all threads have ended.
void tell_servers(const World& world, const TellingTerms& terms,
                  std::vector<lpa::OutboxNotification> notifications, const HearOutcome& told);

}  // namespace app
