#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "lpa/es10b.hpp"
#include "lpa/identifiers.hpp"
#include "lpa/tlv.hpp"

/// ES10c: what the local user interface of an LPA asks (SGP.22 v2.5 5.7.15 to 5.7.22).
namespace lpa {

/// SGP.22 v2.5 5.7.20.
struct EidRequest {
  base::Bytes tags;
};
struct EidResponse {
  Eid eid;
};

enum class ProfileState : std::uint8_t { disabled = 0, enabled = 1 };
enum class ProfileClass : std::uint8_t { test = 0, provisioning = 1, operational = 2 };
enum class IconType : std::uint8_t { jpg = 0, png = 1 };

/// Which servers hear of which events of a profile (bits as in `notification_event`).
struct NotificationConfiguration {
  BitString events;
  std::string address;
};

/// What the card tells of one profile (SGP.22 v2.5 5.7.15). A field that the card left out is
/// empty; text is as it came, valid UTF-8 or not; an enumeration may hold a number without a name.
struct ProfileInfo {
  std::optional<Iccid> iccid;
  std::optional<Aid> isdp_aid;
  std::optional<ProfileState> state;
  std::optional<std::string> nickname;
  std::optional<std::string> provider;
  std::optional<std::string> name;
  std::optional<IconType> icon_type;
  std::optional<base::Bytes> icon;
  std::optional<ProfileClass> profile_class;
  std::optional<std::vector<NotificationConfiguration>> notifications;
  std::optional<Operator> owner;
  std::optional<BitString> policy_rules;

  /// A card that leaves them out means these.
  [[nodiscard]] ProfileState state_or_default() const {
    return state.value_or(ProfileState::disabled);
  }
  [[nodiscard]] ProfileClass class_or_default() const {
    return profile_class.value_or(ProfileClass::operational);
  }

  [[nodiscard]] bool enabled() const { return state == ProfileState::enabled; }
  [[nodiscard]] bool has_rule(std::size_t rule) const {
    return policy_rules && policy_rules->has(rule);
  }
};

/// Which profiles to ask for; empty: all.
using ProfileSearch = std::variant<Aid, Iccid, ProfileClass>;

struct ProfilesRequest {
  std::optional<ProfileSearch> search;
  std::optional<base::Bytes> tags;  ///< the octets of the tags wanted, one after the other
};

enum class ProfilesError : std::uint8_t { incorrect_input = 1, undefined = 127 };
using ProfilesResponse = std::variant<std::vector<ProfileInfo>, ProfilesError>;

using ProfileId = std::variant<Aid, Iccid>;

/// SGP.22 v2.5 5.7.16 and 5.7.17. `refresh`: the card asks the device to reset it.
struct EnableRequest {
  ProfileId profile;
  bool refresh = true;
};
struct DisableRequest {
  ProfileId profile;
  bool refresh = true;
};

/// Results of enabling and disabling; the numbers are the same where both have them.
enum class SwitchResult : std::uint8_t {
  ok = 0,
  not_found = 1,
  wrong_state = 2,  ///< it is as wanted already
  disallowed_by_policy = 3,
  wrong_profile_reenabling = 4,
  cat_busy = 5,
  undefined = 127
};
struct EnableResponse {
  SwitchResult result = SwitchResult::undefined;
};
struct DisableResponse {
  SwitchResult result = SwitchResult::undefined;
};

/// SGP.22 v2.5 5.7.18: one of the two.
struct DeleteRequest {
  std::optional<Aid> isdp_aid;
  std::optional<Iccid> iccid;
};
enum class DeleteResult : std::uint8_t {
  ok = 0,
  not_found = 1,
  not_disabled = 2,
  disallowed_by_policy = 3,
  undefined = 127
};
struct DeleteResponse {
  DeleteResult result = DeleteResult::undefined;
};

/// SGP.22 v2.5 5.7.21; an empty nickname removes it.
struct SetNicknameRequest {
  Iccid iccid;
  std::string nickname;
};
enum class SetNicknameResult : std::uint8_t { ok = 0, not_found = 1, undefined = 127 };
struct SetNicknameResponse {
  SetNicknameResult result = SetNicknameResult::undefined;
};

/// What eUICCMemoryReset erases (SGP.22 v2.5 5.7.19), as bit numbers.
namespace reset_option {
constexpr std::size_t operational_profiles = 0;
constexpr std::size_t test_profiles = 1;  ///< those that were loaded in the field
constexpr std::size_t default_smdp = 2;
}  // namespace reset_option

struct MemoryResetRequest {
  BitString options;
};
enum class MemoryResetResult : std::uint8_t {
  ok = 0,
  nothing_to_delete = 1,
  cat_busy = 5,
  undefined = 127
};
struct MemoryResetResponse {
  MemoryResetResult result = MemoryResetResult::undefined;
};

}  // namespace lpa
