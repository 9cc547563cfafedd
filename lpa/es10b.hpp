#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "lpa/identifiers.hpp"
#include "lpa/signed.hpp"

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

/// What happened to a profile; the bit numbers of NotificationEvent.
namespace notification_event {
constexpr std::size_t install = 0;
constexpr std::size_t enable = 1;
constexpr std::size_t disable = 2;
constexpr std::size_t remove = 3;
}  // namespace notification_event

/// What a notification is about and who is to hear of it (SGP.22 v2.5 5.7.9).
struct NotificationMetadata {
  std::uint64_t sequence_number = 0;
  BitString operation;  ///< one bit of `notification_event`
  std::string address;
  std::optional<Iccid> iccid;
};

/// SGP.22 v2.5 5.7.9; with `events` only notifications of those.
struct ListNotificationsRequest {
  std::optional<BitString> events;
};
enum class NotificationsError : std::uint8_t { no_result = 1, undefined = 127 };
using ListNotificationsResponse =
    std::variant<std::vector<NotificationMetadata>, NotificationsError>;

/// What installing a profile came to (SGP.22 v2.5 2.5.6).
struct InstallationSuccess {
  Aid isdp_aid;
};
struct InstallationError {
  std::uint32_t command = 0;  ///< what it was doing: `installation_commands` (lpa/status.hpp)
  std::uint32_t reason = 0;   ///< `installation_reasons`
};
using InstallationOutcome = std::variant<InstallationSuccess, InstallationError>;
struct InstallationData {
  base::Bytes transaction_id;
  NotificationMetadata metadata;
  InstallationOutcome outcome;
};
struct InstallationResult {
  InstallationData data;
};

/// A notification of enabling, disabling or deleting; the rest of it is for the server.
struct OtherNotification {
  NotificationMetadata metadata;
};

/// A notification with its signature, as the server gets it (SGP.22 v2.5 5.7.10).
using PendingNotification =
    std::variant<tlv::Signed<InstallationResult>, tlv::Signed<OtherNotification>>;

/// SGP.22 v2.5 5.7.10: one by its number, those of some events, or all.
using NotificationSearch = std::variant<std::uint64_t, BitString>;
struct RetrieveNotificationsRequest {
  std::optional<NotificationSearch> search;
};
using RetrieveNotificationsResponse =
    std::variant<std::vector<PendingNotification>, NotificationsError>;

/// SGP.22 v2.5 5.7.11.
struct RemoveNotificationRequest {
  std::uint64_t sequence_number = 0;
};
enum class RemoveNotificationResult : std::uint8_t {
  ok = 0,
  nothing_to_delete = 1,
  undefined = 127
};
struct RemoveNotificationResponse {
  RemoveNotificationResult result = RemoveNotificationResult::undefined;
};

/// What a card makes of a certificate revocation list, or a part of one (SGP.22 v2.5 5.7.12).
struct CrlPart {
  std::uint64_t number = 0;
};
struct CrlLoaded {
  std::optional<std::vector<CrlPart>> missing_parts;
};
enum class LoadCrlError : std::uint8_t {
  invalid_signature = 1,
  invalid_format = 2,
  no_memory = 3,
  no_verification_key = 4,
  undefined = 127
};
using LoadCrlResponse = std::variant<CrlLoaded, LoadCrlError>;

/// How a server names one session; 1 to 16 octets.
using TransactionId = base::Bytes;

/// Random octets that the other side has to sign.
using Challenge = std::array<std::uint8_t, 16>;

/// SGP.22 v2.5 5.7.7.
struct ChallengeRequest {};
struct ChallengeResponse {
  Challenge challenge{};
};

/// Highest release of each kind of network that a device supports (SGP.22 v2.5 4.2).
struct DeviceCapabilities {
  std::optional<Version> gsm;
  std::optional<Version> utran;
  std::optional<Version> cdma2000_onex;
  std::optional<Version> cdma2000_hrpd;
  std::optional<Version> cdma2000_ehrpd;
  std::optional<Version> eutran;
  std::optional<Version> contactless;
  std::optional<Version> rsp_crl;
};

/// The device that asks for a profile. Numbers are digits of the IMEI with nibbles swapped, but for
/// the last octet: check digit, then F (SGP.22 v2.5 4.2).
struct DeviceInfo {
  std::array<std::uint8_t, 4> tac{};
  DeviceCapabilities capabilities;
  std::optional<std::array<std::uint8_t, 8>> imei;
};

/// What a download is for (ctxParams1); without a matching identifier the server goes by the EID.
struct DownloadContext {
  std::optional<std::string> matching_id;
  DeviceInfo device;
};

/// How a card answers a server that wants to be known (SGP.22 v2.5 5.7.13); all but the signature
/// is for the server.
struct AuthenticateServerOk {
  base::Bytes signature;
};
enum class AuthenticateServerErrorCode : std::uint8_t {
  invalid_certificate = 1,
  invalid_signature = 2,
  unsupported_curve = 3,
  no_session = 4,
  invalid_oid = 5,
  challenge_mismatch = 6,
  unknown_issuer = 7,
  undefined = 127
};
struct AuthenticateServerError {
  TransactionId transaction_id;
  AuthenticateServerErrorCode code = AuthenticateServerErrorCode::undefined;
};
using AuthenticateServerResponse = std::variant<AuthenticateServerOk, AuthenticateServerError>;

/// How a card gets ready for a package (SGP.22 v2.5 5.7.5).
struct PreparedDownload {
  TransactionId transaction_id;
  base::Bytes one_time_key;
  std::optional<base::Bytes> code_hash;
};
struct PrepareDownloadOk {
  PreparedDownload prepared;
  base::Bytes signature;
};
enum class PrepareDownloadErrorCode : std::uint8_t {
  invalid_certificate = 1,
  invalid_signature = 2,
  unsupported_curve = 3,
  no_session = 4,
  invalid_transaction_id = 5,
  undefined = 127
};
struct PrepareDownloadError {
  TransactionId transaction_id;
  PrepareDownloadErrorCode code = PrepareDownloadErrorCode::undefined;
};
using PrepareDownloadResponse = std::variant<PrepareDownloadOk, PrepareDownloadError>;

/// SGP.22 v2.5 5.7.14: why a session ends without a profile.
enum class CancelReason : std::uint8_t {
  end_user_rejection = 0,
  postponed = 1,
  timeout = 2,
  policy_rule_not_allowed = 3,
  metadata_mismatch = 4,
  load_error = 5,
  undefined = 127
};
struct CancelSessionRequest {
  TransactionId transaction_id;
  CancelReason reason = CancelReason::undefined;
};
struct CancelledSession {
  TransactionId transaction_id;
  CancelReason reason = CancelReason::undefined;
};
struct CancelSessionOk {
  CancelledSession cancelled;
  base::Bytes signature;
};
enum class CancelSessionError : std::uint8_t { invalid_transaction_id = 5, undefined = 127 };
using CancelSessionResponse = std::variant<CancelSessionOk, CancelSessionError>;

/// Bits of a policy rule set (PprIds).
namespace policy_rule {
constexpr std::size_t update_control = 0;
constexpr std::size_t no_disable = 1;  ///< PPR1
constexpr std::size_t no_delete = 2;   ///< PPR2
}  // namespace policy_rule

/// Bit of `AuthorisationRule::flags`: the user has to agree.
constexpr std::size_t consent_required = 0;

}  // namespace lpa
