#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

/// A simulated eUICC. It knows nothing of the code that it tests: every fact here is from a
/// specification.
namespace sim {

/// Major, minor, revision: SGP.22 annex H, VersionType.
using Version = std::array<std::uint8_t, 3>;

/// SGP.22 annex H, ProfileState.
enum class ProfileState : std::uint8_t { disabled = 0, enabled = 1 };

/// SGP.22 annex H, ProfileClass.
enum class ProfileClass : std::uint8_t { test = 0, provisioning = 1, operational = 2 };

/// SGP.22 annex H, IconType.
enum class IconType : std::uint8_t { jpg = 0, png = 1 };

/// What happened to a profile; the value is the bit number of SGP.22 annex H, NotificationEvent.
enum class Event : std::uint8_t { install = 0, enable = 1, disable = 2, remove = 3 };

/// One receiver that is told of some events: SGP.22 annex H, NotificationConfigurationInformation.
struct NotificationConfiguration {
  std::vector<Event> events;
  std::string address;
  bool operator==(const NotificationConfiguration&) const = default;
};

/// SGP.22 annex H, OperatorId; `mcc_mnc` is three octets as in 3GPP TS 24.008.
struct Owner {
  base::Bytes mcc_mnc;
  std::optional<base::Bytes> gid1;
  std::optional<base::Bytes> gid2;
  bool operator==(const Owner&) const = default;
};

/// SGP.22 annex H, PprIds: PPR1 forbids to disable a profile, PPR2 to delete it.
struct PolicyRules {
  bool update_control = false;
  bool ppr1 = false;
  bool ppr2 = false;
  [[nodiscard]] bool any() const { return update_control || ppr1 || ppr2; }
  bool operator==(const PolicyRules&) const = default;
};

struct Profile {
  base::Bytes iccid;     ///< ten octets as in EF_ICCID: swapped nibbles, padded with F
  base::Bytes isdp_aid;  ///< 5 to 16 octets; empty when the card does not tell it
  ProfileState state = ProfileState::disabled;
  std::optional<std::string> nickname;  ///< at most 64 octets
  std::optional<std::string> provider;
  std::optional<std::string> name;
  std::optional<IconType> icon_type;
  base::Bytes icon;  ///< at most 1024 octets; empty when there is none
  ProfileClass profile_class = ProfileClass::operational;
  std::vector<NotificationConfiguration> notifications;
  std::optional<Owner> owner;
  PolicyRules rules;
  std::uint32_t size = 0;  ///< octets that come free when it is deleted
  bool preloaded = false;  ///< a test profile that a memory reset leaves alone (SGP.22 5.7.19)
  bool operator==(const Profile&) const = default;
};

/// A notification that waits to be sent: SGP.22 annex H, NotificationMetadata.
struct Notification {
  std::uint64_t sequence = 0;
  Event operation = Event::install;
  std::string address;
  base::Bytes iccid;                          ///< empty when the notification names none
  std::optional<base::Bytes> installation{};  ///< a ProfileInstallationResult as it was signed
  bool operator==(const Notification&) const = default;
};

/// What a card has for one CI: its private key, and certificates (DER) from its own up to the CI's.
struct Keys {
  base::Bytes private_key;  ///< 32 octets
  base::Bytes certificate;
  base::Bytes eum;
  base::Bytes ci;
  bool operator==(const Keys&) const = default;
};

/// One line of the rules authorisation table: SGP.22 annex H, ProfilePolicyAuthorisationRule.
struct AuthorisationRule {
  PolicyRules rules;
  std::vector<Owner> operators;
  bool consent_required = false;
  bool operator==(const AuthorisationRule&) const = default;
};

/// SGP.22 annex H, CertificationDataObject.
struct Certification {
  std::string platform_label;
  std::string discovery_url;
  bool operator==(const Certification&) const = default;
};

/// What EUICCInfo1 and EUICCInfo2 tell (SGP.22 annex H); bit strings start with their unused-bits
/// octet.
struct Info {
  Version profile_version{2, 3, 1};
  Version svn{2, 3, 0};
  Version firmware{1, 4, 2};
  std::uint32_t installed_applications = 0;
  std::uint32_t free_memory = 0;           ///< octets, non-volatile
  std::uint32_t free_volatile_memory = 0;  ///< octets
  base::Bytes uicc_capability;
  std::optional<Version> ts102241_version;
  std::optional<Version> globalplatform_version;
  base::Bytes rsp_capability;
  std::vector<base::Bytes> verification_keys;  ///< subject key identifiers of CIs
  std::vector<base::Bytes> signing_keys;
  std::optional<std::uint8_t> category;
  std::optional<PolicyRules> forbidden_rules;
  Version protection_profile{1, 0, 0};
  std::string sas_number;
  std::optional<Certification> certification;
  base::Bytes extra;  ///< elements after the last that SGP.22 v2 knows, as they are
  bool operator==(const Info&) const = default;
};

/// Whether a command with data may, may not or must end with an Le on T=1 (ISO 7816-3 12.1.3, cases
/// 3 and 4).
enum class Le : std::uint8_t { free = 0, refused = 1, needed = 2 };

/// The class of GET RESPONSE: 0X as ETSI TS 102 221 table 10.5 has it, or 8X.
enum class GetResponseClass : std::uint8_t { interindustry = 0, proprietary = 1 };

/// How commands and answers travel, where a card is free to choose or does as it likes.
struct Line {
  Le le = Le::free;
  bool exact_le = false;             ///< on T=1 too an Le over what there is gives 6Cxx
  std::uint16_t answer_piece = 256;  ///< most octets that come at once or are offered by 61xx
  GetResponseClass get_response_class = GetResponseClass::interindustry;
  std::uint8_t longest_block = 255;          ///< most octets of data in a STORE DATA
  base::Bytes too_long_status{0x67, 0x00};   ///< what a longer one gets
  base::Bytes terminal_capability_status{};  ///< what TERMINAL CAPABILITY gets; empty: it is taken
  bool always_proactive = false;             ///< 910B in place of each 9000
  std::uint8_t leaked_channels = 0;          ///< open when the card is found, until closed or reset
  std::uint32_t ms_per_apdu = 0;             ///< how long the card thinks about a command
  std::uint32_t us_per_byte = 0;  ///< how long an octet of command or answer is on the way
  bool operator==(const Line&) const = default;
};

/// How long a dialogue of the CAT keeps a card from switching that was just found: catBusy(5) to
/// the first who asks, or until the card is reset.
enum class CatBusy : std::uint8_t { never = 0, once = 1, until_reset = 2 };

/// How this card differs from a plain one; everything is off unless it says otherwise.
struct Options {
  bool isdr = true;                        ///< an ISD-R can be selected
  bool ecasd = false;                      ///< an SGP.02 ECASD can be selected and tells the EID
  bool needs_terminal_capability = false;  ///< no ISD-R before the terminal said that it has an LPA
  bool busy_until_reset = false;           ///< 6985 to all of ES10 after a REFRESH was asked for
  bool proactive_status = true;            ///< 91xx instead of 9000 when a REFRESH is asked for
  bool enable_by_iccid_refused = false;    ///< EnableProfile by ICCID gives undefinedError
  bool refresh_refused = false;  ///< EnableProfile and DisableProfile with a REFRESH likewise
  bool change_at_reset = false;  ///< the list of profiles stays as it was until a reset
  CatBusy cat_busy = CatBusy::never;
  bool memory_full = false;        ///< no octet is free, and nothing that needs one is kept
  bool extra_tags = false;         ///< answers end with elements that nobody knows
  bool defaults_left_out = false;  ///< state disabled and class operational are not told
  std::optional<std::uint8_t> enable_result;   ///< what EnableProfile answers, whatever is asked
  std::optional<std::uint8_t> disable_result;  ///< likewise for DisableProfile
  std::optional<std::uint8_t> delete_result;   ///< likewise for DeleteProfile
  std::optional<std::uint8_t> reset_result;    ///< likewise for eUICCMemoryReset
  Line line;
  bool operator==(const Options&) const = default;
};

/// Why a bound profile package is refused, whatever it is: SGP.22 annex H, ErrorResult.
struct InstallError {
  std::uint8_t command = 0;  ///< BppCommandId: the sequence at which it is refused
  std::uint8_t reason = 0;   ///< ErrorReason
  bool operator==(const InstallError&) const = default;
};

/// What goes wrong in a download, besides what is wrong with it.
struct DownloadFaults {
  std::optional<std::uint8_t> authenticate_error;  ///< AuthenticateServer answers this error
  std::optional<std::uint8_t> prepare_error;       ///< PrepareDownload likewise
  std::optional<std::uint8_t> cancel_error;        ///< CancelSession likewise
  std::optional<InstallError> install_error;
  std::optional<std::uint32_t> mute_after_segments;  ///< that many of a package, then no answer
  bool operator==(const DownloadFaults&) const = default;
};

enum class Protocol : std::uint8_t { t0, t1 };

/// All that a card keeps without power.
struct State {
  base::Bytes eid;  ///< 16 octets
  base::Bytes isdr_aid{0xA0, 0x00, 0x00, 0x05, 0x59, 0x10, 0x10, 0xFF,
                       0xFF, 0xFF, 0xFF, 0x89, 0x00, 0x00, 0x01, 0x00};  ///< SGP.02 2.2.3
  Protocol protocol = Protocol::t0;
  base::Bytes atr;           ///< empty: one that fits `protocol` and `channels`
  std::size_t channels = 4;  ///< logical channels, the basic one included; 1 to 20
  std::vector<Profile> profiles;
  std::string default_smdp;
  std::string factory_smdp;  ///< what a memory reset puts back (SGP.22 5.7.19)
  std::string root_smds;
  std::vector<Notification> notifications;
  std::uint64_t next_sequence = 1;
  std::vector<AuthorisationRule> authorisation_rules;
  Info info;
  std::vector<Keys> keys;                ///< none: those of the test PKI (sim/pki.hpp)
  std::vector<base::Bytes> revocations;  ///< CRLs (DER) that were loaded
  Options options;
  DownloadFaults download;
  bool operator==(const State&) const = default;
};

/// A made-up card: four profiles, the first enabled, no two alike.
State fresh();

/// `state` as the JSON text that sim/README.md describes.
std::string to_json(const State& state);

/// The state in `text`; throws base::Error (usage, "sim.state") that begins with `source` and the
/// key.
State from_json(std::string_view text, std::string_view source);

/// The same for one profile alone, which needs no ISD-P AID.
std::string to_json(const Profile& profile);
Profile profile_from_json(std::string_view text, std::string_view source);

/// Reads a state file; throws base::Error (usage, "sim.state") when it is missing or damaged.
State load(const std::string& path);

/// Replaces the file as a whole, readable by its owner only; throws base::Error (failure,
/// "sim.save").
void save(const State& state, const std::string& path);

/// Reads a state file; makes one with a fresh card when there is none.
State load_or_create(const std::string& path);

}  // namespace sim
