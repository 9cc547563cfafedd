#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "app/session.hpp"
#include "app/test_profiles.hpp"
#include "lpa/journal.hpp"
#include "lpa/trust.hpp"
#include "store/journal.hpp"

namespace app {

/// How operators are told.
struct DeliveryOptions {
  std::optional<lpa::Trust> trust{};  ///< in place of the card's
  TestProfiles test_profiles = TestProfiles::refused;
  unsigned attempts = 1;  ///< for each, with longer and longer pauses, when a server fails
};

/// What became of one notification.
struct Delivery {
  lpa::Eid eid;
  std::uint64_t number = 0;
  std::string address;  ///< of the server that is to hear of it; clean text
  bool sent = false;
  bool removed = false;   ///< from the card
  std::string why_not{};  ///< a clause, when it was not sent
  std::string trust{};    ///< by which its server was to be known (lpa::to_string); empty: none yet
};

/// Takes off the card what its servers have, now or since an earlier run, and gives the numbers.
/// What the card does not remove is noted, and tried again the next time. Throws as lpa::Euicc and
/// store::Journal.
std::set<std::uint64_t> take_off_the_card(store::Journal& journal, const World& world,
                                          const Observer& observer, Session& session);

/// Copies what waits on the card to the outbox. Throws as deliver.
void copy_to_outbox(const World& world, const Observer& observer, Session& session);

/// Copies what waits on the card to the outbox, sends all that is unsent in it (also what other
/// cards left there), or the one of `number`, and takes off the card what its server has
/// acknowledged, now or before (SGP.22 v2.5 3.5).
///
/// Each server is told in sequence order over one connection, up to eight at a time; after a
/// failure it hears no more of them. Throws as lpa::Euicc, store::Journal and lpa::http_trust, and
/// Error `notification.not-found`; a server that fails is no error.
std::vector<Delivery> deliver(const World& world, const Observer& observer, Session& session,
                              const DeliveryOptions& options,
                              std::optional<std::uint64_t> number = {});

/// Sends what is unsent in the outbox without a card, also that of other cards. Servers are trusted
/// by the issuers that this LPA knows, unless chosen. Throws as deliver.
std::vector<Delivery> deliver_outbox(const World& world, const Observer& observer,
                                     const DeliveryOptions& options,
                                     std::optional<std::uint64_t> number = {});

/// The same for those alone that tell of these events of these profiles, and that the outbox does
/// not have yet: what a change has just left; nobody where nothing is kept between runs. Throws
/// nothing: what cannot be done waits, and the deliveries say why.
std::vector<Delivery> deliver_new(const World& world, const Observer& observer, Session& session,
                                  const DeliveryOptions& options,
                                  std::span<const lpa::ProfileInfo> profiles,
                                  const lpa::BitString& events) noexcept;

}  // namespace app
