#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "lpa/identifiers.hpp"

/// ES10b: what the LPDd part of an LPA asks (SGP.22 v2.5 5.7.5 to 5.7.14). A field that a card left
/// out is empty.
namespace lpa {

/// Subject key identifier of a GSMA certificate issuer.
using KeyId = base::Bytes;

struct EuiccInfo1Request {};
struct EuiccInfo2Request {};
struct RatRequest {};

/// SGP.22 v2.5 5.7.8.
struct EuiccInfo1 {
  Version svn;  ///< highest SGP.22 version of the card
  std::vector<KeyId> ci_for_verification;
  std::vector<KeyId> ci_for_signing;
};

/// Memory of the card (ETSI TS 102 226 8.2.1.7.2).
struct CardResources {
  std::optional<std::uint64_t> installed_applications;
  std::optional<std::uint64_t> free_non_volatile_bytes;
  std::optional<std::uint64_t> free_volatile_bytes;
};

enum class EuiccCategory : std::uint8_t { other = 0, basic = 1, medium = 2, contactless = 3 };

struct CertificationData {
  std::string platform_label;
  std::string discovery_base_url;
};

/// SGP.22 v2.5 5.7.8, with what v3 and SGP.32 add where cards are known to send it.
struct EuiccInfo2 {
  Version profile_version;
  Version svn;
  Version firmware_version;
  CardResources resources;
  BitString uicc_capability;
  std::optional<Version> ts102241_version;
  std::optional<Version> globalplatform_version;
  std::optional<BitString> rsp_capability;
  std::vector<KeyId> ci_for_verification;
  std::vector<KeyId> ci_for_signing;
  std::optional<EuiccCategory> category;
  std::optional<BitString> forbidden_policy_rules;
  std::optional<Version> pp_version;
  std::optional<std::string> sas_accreditation_number;
  std::optional<CertificationData> certification_data;
  std::optional<std::vector<Version>> additional_profile_versions;
  std::optional<base::Bytes> iot_specific_info;  ///< its contents; only an SGP.32 card has it
};

/// An operator as a profile or a rule names it.
struct Operator {
  Plmn plmn;
  std::optional<base::Bytes> gid1;
  std::optional<base::Bytes> gid2;
};

/// One line of the Rules Authorisation Table (SGP.22 v2.5 2.4.12): who may use which policy rules.
struct AuthorisationRule {
  BitString policy_rules;
  std::vector<Operator> operators;
  BitString flags;
};

struct RulesAuthorisationTable {
  std::vector<AuthorisationRule> rules;
};

/// Bits of a policy rule set (PprIds).
namespace policy_rule {
constexpr std::size_t update_control = 0;
constexpr std::size_t no_disable = 1;  ///< PPR1
constexpr std::size_t no_delete = 2;   ///< PPR2
}  // namespace policy_rule

/// Bit of `AuthorisationRule::flags`: the user has to agree.
constexpr std::size_t consent_required = 0;

}  // namespace lpa
