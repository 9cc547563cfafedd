#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/world.hpp"
#include "lpa/journal.hpp"

namespace app {

class Session;

/// A download that broke off, and what it turned out to have come to.
struct Recovered {
  lpa::OpenSession download;
  lpa::DownloadOutcome outcome = lpa::DownloadOutcome::cancelled;
  std::optional<lpa::Iccid> iccid{};  ///< of the profile, when the card has a result
  std::uint64_t number = 0;           ///< of its notification
};

/// Looks after the downloads onto this card that were begun and not finished: one whose result the
/// card still has is finished with it, and its notification copied to the outbox; of another
/// nothing was installed, and the card is told that its session is over. Observer::news says what
/// was found. Asks nobody anything when nothing waits (store::Journal::something_waits). Throws
/// nothing: what cannot be done is noted, and waits.
std::vector<Recovered> recover(const World& world, const Observer& observer,
                               Session& session) noexcept;

}  // namespace app
