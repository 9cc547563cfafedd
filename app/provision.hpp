#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/session.hpp"
#include "app/test_profiles.hpp"
#include "base/secret.hpp"
#include "lpa/activation_code.hpp"
#include "lpa/es10c.hpp"
#include "lpa/journal.hpp"
#include "lpa/policy.hpp"
#include "lpa/trust.hpp"

namespace app {

/// Which profile to fetch, and how.
struct ProvisionRequest {
  std::optional<lpa::ActivationCode> code;  ///< nothing: what the card's default SM-DP+ has for it
  lpa::DeviceInfo device;
  std::optional<lpa::Trust> trust{};  ///< in place of the card's
  TestProfiles test_profiles = TestProfiles::refused;
  bool preview = false;  ///< ask what there is, and install nothing
  bool send = true;      ///< the notification of the installation, at once
};

/// A policy rule of a profile, and what the card's Rules Authorisation Table says about it.
struct ProposedRule {
  std::size_t rule = 0;  ///< a bit of lpa::policy_rule
  lpa::RuleVerdict verdict = lpa::RuleVerdict::consent;
};

/// What is on offer, before anything is installed.
struct Proposal {
  std::string smdp_address;
  lpa::Trust trust;
  lpa::ProfileInfo profile;  ///< as it will be listed; without AID and state
  std::vector<ProposedRule> rules;
  bool code_required = false;               ///< a confirmation code
  std::optional<std::uint64_t> free_bytes;  ///< on the card
};

enum class Consent { yes, no, later };

/// The other side of a download: asked and told, in the thread of `provision`. What it throws ends
/// the download and postpones the profile.
struct ProvisionDialogue {
  std::function<void(lpa::DownloadStage stage)> stage = [](lpa::DownloadStage) {};
  std::function<Consent(const Proposal& proposal)> consent;
  std::function<base::Secret()> confirmation_code;  ///< asked only when the server wants one
  /// Throws nothing. Octets of the package that the card has taken, of how many.
  std::function<void(std::size_t taken, std::size_t all)> progress = [](std::size_t, std::size_t) {
  };
};

/// What became of the notification of an installation.
struct Told {
  std::uint64_t sequence_number = 0;
  bool sent = false;
  std::string why_not;  ///< a clause, when it was not
};

struct Provisioned {
  lpa::ProfileInfo profile;  ///< as the card lists it now
  Told told;
};

struct ProvisionReport {
  Proposal proposal;
  std::optional<Provisioned> installed;  ///< nothing after a preview
};

/// Fetches a profile from an SM-DP+ and installs it, disabled (SGP.22 v2.5 3.1.3), over one
/// connection.
///
/// When a download by the same code has just been found to have installed its profile
/// (Session::recovered), that is the report, and no server is asked.
///
/// Whatever can fail here is tried before the server is asked for anything. Throws as
/// lpa::Download, store::Journal, require_manageable and require_allowed; Error `smdp.none`
/// (usage) without a code and a default SM-DP+; `card.full` (refused); `store.full` (failure); of
/// kind refused `card.iccid-exists`, `card.policy-forbids`, `card.not-installed`;
/// `download.declined` (declined).
ProvisionReport provision(const World& world, const Observer& observer, Session& session,
                          const ProvisionRequest& request, const ProvisionDialogue& dialogue);

}  // namespace app
