#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/session.hpp"
#include "app/test_profiles.hpp"
#include "base/error.hpp"
#include "lpa/activation_code.hpp"
#include "lpa/es10b.hpp"
#include "lpa/trust.hpp"

namespace app {

struct DiscoverRequest {
  std::vector<std::string> servers{};  ///< in place of the card's and the known ones
  lpa::DeviceInfo device;
  std::optional<lpa::Trust> trust{};  ///< in place of the card's
  TestProfiles test_profiles = TestProfiles::refused;
};

/// Why an SM-DS was asked.
enum class SmdsOrigin { card, known, named };

struct AskedSmds {
  std::string address;
  SmdsOrigin origin = SmdsOrigin::named;
  std::optional<base::Error> error;  ///< why it told nothing
};

/// Something that waits for the card.
struct FoundEvent {
  std::string event_id;
  std::string smdp_address;  ///< both as the SM-DS tells them
  std::string smds_address;  ///< who told of it first
};

struct Discovery {
  lpa::Trust trust;  ///< by which the servers were to be known
  std::vector<AskedSmds> servers;
  std::vector<FoundEvent> events;
  std::string default_smdp;  ///< of the card, which can be asked as well; empty: none
};

/// Asks SM-DS servers, one after the other, what waits for the card: those that are named, or the
/// card's root SM-DS and then the known ones. Each event is there once.
///
/// A server that fails is no error as long as one answers. Throws as lpa::Euicc, lpa::http_trust
/// and require_manageable, Error `smdp.address` (usage) for a name that can be none, and when every
/// server has failed, the first one's Error with what the others said as hints.
Discovery discover(const World& world, const Observer& observer, Session& session,
                   const DiscoverRequest& request);

/// The code by which the event `number`, from 1 on, is downloaded. Throws Error
/// `discover.no-event` (not_found), and `smdp.address` (usage).
lpa::ActivationCode code_of_event(const Discovery& discovery, std::size_t number);

}  // namespace app
