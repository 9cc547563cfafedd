#pragma once

#include <string>

#include "lpa/es10a.hpp"
#include "lpa/es10b.hpp"
#include "lpa/es10c.hpp"
#include "lpa/schema.hpp"
#include "lpa/server_messages.hpp"

/// The tables of all ES10 messages: the only place in lpa that knows their tags. Costs seconds to
/// compile; only the files that decode or encode include it.

template <>
struct tlv::Value<lpa::Iccid> : tlv::Wrapped<&lpa::Iccid::octets> {};

template <>
struct tlv::Value<lpa::Eid> : tlv::Wrapped<&lpa::Eid::octets> {};

template <>
struct tlv::Value<lpa::Plmn> : tlv::Wrapped<&lpa::Plmn::octets> {};

template <>
struct tlv::Value<lpa::Version> : tlv::Wrapped<&lpa::Version::numbers, 0x04> {};

template <>
struct tlv::Value<lpa::Aid> {
  static constexpr Tag universal = 0;
  static lpa::Aid decode(base::ByteView octets) {
    auto aid = lpa::Aid::from(octets);
    if (!aid) throw Malformed(std::to_string(octets.size()) + " octets, not 5 to 16");
    return *std::move(aid);
  }
  static base::Bytes encode(const lpa::Aid& aid) {
    return {aid.octets().begin(), aid.octets().end()};
  }
};

template <>
struct tlv::Value<lpa::BitString> {
  static constexpr Tag universal = 0x03;
  static lpa::BitString decode(base::ByteView octets) {
    auto bits = lpa::BitString::from(octets);
    if (!bits) throw Malformed("not a BIT STRING");
    return *std::move(bits);
  }
  static base::Bytes encode(const lpa::BitString& bits) { return bits.contents(); }
};

// ES10a

template <>
inline constexpr auto tlv::schema<lpa::ConfiguredAddressesRequest> =
    tlv::sequence("EuiccConfiguredAddressesRequest", 0xBF3C);

template <>
inline constexpr auto tlv::schema<lpa::ConfiguredAddresses> =
    tlv::sequence("EuiccConfiguredAddressesResponse", 0xBF3C,
                  tlv::field(0x80, "defaultDpAddress", &lpa::ConfiguredAddresses::default_smdp),
                  tlv::field(0x81, "rootDsAddress", &lpa::ConfiguredAddresses::root_smds));

template <>
inline constexpr auto tlv::schema<lpa::SetDefaultSmdpRequest> =
    tlv::sequence("SetDefaultDpAddressRequest", 0xBF3F,
                  tlv::field(0x80, "defaultDpAddress", &lpa::SetDefaultSmdpRequest::address));

template <>
inline constexpr auto tlv::schema<lpa::SetDefaultSmdpResponse> = tlv::sequence(
    "SetDefaultDpAddressResponse", 0xBF3F,
    tlv::field(0x80, "setDefaultDpAddressResult", &lpa::SetDefaultSmdpResponse::result));

// ES10b

template <>
inline constexpr auto tlv::schema<lpa::EuiccInfo1Request> =
    tlv::sequence("GetEuiccInfo1Request", 0xBF20);

template <>
inline constexpr auto tlv::schema<lpa::EuiccInfo2Request> =
    tlv::sequence("GetEuiccInfo2Request", 0xBF22);

template <>
inline constexpr auto tlv::schema<lpa::RatRequest> = tlv::sequence("GetRatRequest", 0xBF43);

template <>
inline constexpr auto tlv::schema<lpa::EuiccInfo1> = tlv::sequence(
    "EUICCInfo1", 0xBF20, tlv::field(0x82, "svn", &lpa::EuiccInfo1::svn),
    tlv::field(0xA9, "euiccCiPKIdListForVerification", &lpa::EuiccInfo1::ci_for_verification),
    tlv::field(0xAA, "euiccCiPKIdListForSigning", &lpa::EuiccInfo1::ci_for_signing));

template <>
inline constexpr auto tlv::schema<lpa::CardResources> = tlv::sequence(
    "extCardResource", 0x84,
    tlv::field(0x81, "installedApplication", &lpa::CardResources::installed_applications),
    tlv::field(0x82, "freeNonVolatileMemory", &lpa::CardResources::free_non_volatile_bytes),
    tlv::field(0x83, "freeVolatileMemory", &lpa::CardResources::free_volatile_bytes));

/// An OCTET STRING by its tag, that holds elements all the same.
template <>
struct tlv::Value<lpa::CardResources> {
  static constexpr Tag universal = 0;
  static lpa::CardResources decode(base::ByteView octets) {
    return decode_contents<lpa::CardResources>(octets);
  }
  static base::Bytes encode(const lpa::CardResources& resources) {
    return encode_contents(resources);
  }
};

template <>
inline constexpr auto tlv::schema<lpa::CertificationData> = tlv::sequence(
    "CertificationDataObject", 0x30,
    tlv::field(0x80, "platformLabel", &lpa::CertificationData::platform_label),
    tlv::field(0x81, "discoveryBaseURL", &lpa::CertificationData::discovery_base_url));

template <>
inline constexpr auto tlv::schema<lpa::EuiccInfo2> = tlv::sequence(
    "EUICCInfo2", 0xBF22, tlv::field(0x81, "profileVersion", &lpa::EuiccInfo2::profile_version),
    tlv::field(0x82, "svn", &lpa::EuiccInfo2::svn),
    tlv::field(0x83, "euiccFirmwareVer", &lpa::EuiccInfo2::firmware_version),
    tlv::field(0x84, "extCardResource", &lpa::EuiccInfo2::resources),
    tlv::field(0x85, "uiccCapability", &lpa::EuiccInfo2::uicc_capability),
    tlv::field(0x86, "ts102241Version", &lpa::EuiccInfo2::ts102241_version),
    tlv::field(0x87, "globalplatformVersion", &lpa::EuiccInfo2::globalplatform_version),
    tlv::field(0x88, "rspCapability", &lpa::EuiccInfo2::rsp_capability),
    tlv::field(0xA9, "euiccCiPKIdListForVerification", &lpa::EuiccInfo2::ci_for_verification),
    tlv::field(0xAA, "euiccCiPKIdListForSigning", &lpa::EuiccInfo2::ci_for_signing),
    tlv::field_also(0x8B, 0xAB, "euiccCategory", &lpa::EuiccInfo2::category),
    tlv::field(0x99, "forbiddenProfilePolicyRules", &lpa::EuiccInfo2::forbidden_policy_rules),
    tlv::field(0x04, "ppVersion", &lpa::EuiccInfo2::pp_version),
    tlv::field(0x0C, "sasAcreditationNumber", &lpa::EuiccInfo2::sas_accreditation_number),
    tlv::field(0xAC, "certificationDataObject", &lpa::EuiccInfo2::certification_data),
    tlv::field(0xAF, "additionalEuiccProfilePackageVersions",
               &lpa::EuiccInfo2::additional_profile_versions),
    tlv::field_also(0x94, 0xB4, "iotSpecificInfo", &lpa::EuiccInfo2::iot_specific_info));

template <>
inline constexpr auto tlv::schema<lpa::Operator> = tlv::sequence(
    "OperatorId", 0x30, tlv::field(0x80, "mccMnc", &lpa::Operator::plmn),
    tlv::field(0x81, "gid1", &lpa::Operator::gid1), tlv::field(0x82, "gid2", &lpa::Operator::gid2));

template <>
inline constexpr auto tlv::schema<lpa::AuthorisationRule> =
    tlv::sequence("ProfilePolicyAuthorisationRule", 0x30,
                  tlv::field(0x80, "pprIds", &lpa::AuthorisationRule::policy_rules),
                  tlv::field(0xA1, "allowedOperators", &lpa::AuthorisationRule::operators),
                  tlv::field(0x82, "pprFlags", &lpa::AuthorisationRule::flags));

template <>
inline constexpr auto tlv::schema<lpa::RulesAuthorisationTable> = tlv::sequence(
    "GetRatResponse", 0xBF43, tlv::field(0xA0, "rat", &lpa::RulesAuthorisationTable::rules));

template <>
inline constexpr auto tlv::schema<lpa::NotificationMetadata> = tlv::sequence(
    "NotificationMetadata", 0xBF2F,
    tlv::field(0x80, "seqNumber", &lpa::NotificationMetadata::sequence_number),
    tlv::field(0x81, "profileManagementOperation", &lpa::NotificationMetadata::operation),
    tlv::field(0x0C, "notificationAddress", &lpa::NotificationMetadata::address),
    tlv::field(0x5A, "iccid", &lpa::NotificationMetadata::iccid));

template <>
inline constexpr auto tlv::schema<lpa::ListNotificationsRequest> = tlv::sequence(
    "ListNotificationRequest", 0xBF28,
    tlv::field(0x81, "profileManagementOperation", &lpa::ListNotificationsRequest::events));

template <>
inline constexpr auto tlv::schema<lpa::ListNotificationsResponse> = tlv::choice(
    "ListNotificationResponse", 0xBF28,
    tlv::alternative<std::vector<lpa::NotificationMetadata>>(0xA0, "notificationMetadataList"),
    tlv::alternative<lpa::NotificationsError>(0x81, "listNotificationsResultError"));

template <>
inline constexpr auto tlv::schema<lpa::InstallationSuccess> = tlv::sequence(
    "SuccessResult", 0x30, tlv::field(0x4F, "aid", &lpa::InstallationSuccess::isdp_aid));

template <>
inline constexpr auto tlv::schema<lpa::InstallationError> = tlv::sequence(
    "ErrorResult", 0x30, tlv::field(0x80, "bppCommandId", &lpa::InstallationError::command),
    tlv::field(0x81, "errorReason", &lpa::InstallationError::reason));

template <>
inline constexpr auto tlv::schema<lpa::InstallationOutcome> =
    tlv::choice("finalResult", 0, tlv::alternative<lpa::InstallationSuccess>(0xA0, "successResult"),
                tlv::alternative<lpa::InstallationError>(0xA1, "errorResult"));

template <>
inline constexpr auto tlv::schema<lpa::InstallationData> =
    tlv::sequence("ProfileInstallationResultData", 0xBF27,
                  tlv::field(0x80, "transactionId", &lpa::InstallationData::transaction_id),
                  tlv::field(0xBF2F, "notificationMetadata", &lpa::InstallationData::metadata),
                  tlv::field(0xA2, "finalResult", &lpa::InstallationData::outcome));

template <>
inline constexpr auto tlv::schema<lpa::InstallationResult> = tlv::sequence(
    "ProfileInstallationResult", 0xBF37,
    tlv::field(0xBF27, "profileInstallationResultData", &lpa::InstallationResult::data));

template <>
inline constexpr auto tlv::schema<lpa::OtherNotification> =
    tlv::sequence("OtherSignedNotification", 0x30,
                  tlv::field(0xBF2F, "tbsOtherNotification", &lpa::OtherNotification::metadata));

template <>
inline constexpr auto tlv::schema<lpa::PendingNotification> = tlv::choice(
    "PendingNotification", 0,
    tlv::alternative<tlv::Signed<lpa::InstallationResult>>(0xBF37, "profileInstallationResult"),
    tlv::alternative<tlv::Signed<lpa::OtherNotification>>(0x30, "otherSignedNotification"));

template <>
inline constexpr auto tlv::schema<lpa::NotificationSearch> =
    tlv::choice("searchCriteria", 0, tlv::alternative<std::uint64_t>(0x80, "seqNumber"),
                tlv::alternative<lpa::BitString>(0x81, "profileManagementOperation"));

template <>
inline constexpr auto tlv::schema<lpa::RetrieveNotificationsRequest> =
    tlv::sequence("RetrieveNotificationsListRequest", 0xBF2B,
                  tlv::field(0xA0, "searchCriteria", &lpa::RetrieveNotificationsRequest::search));

template <>
inline constexpr auto tlv::schema<lpa::RetrieveNotificationsResponse> =
    tlv::choice("RetrieveNotificationsListResponse", 0xBF2B,
                tlv::alternative<std::vector<lpa::PendingNotification>>(0xA0, "notificationList"),
                tlv::alternative<lpa::NotificationsError>(0x81, "notificationsListResultError"));

template <>
inline constexpr auto tlv::schema<lpa::RemoveNotificationRequest> =
    tlv::sequence("NotificationSentRequest", 0xBF30,
                  tlv::field(0x80, "seqNumber", &lpa::RemoveNotificationRequest::sequence_number));

template <>
inline constexpr auto tlv::schema<lpa::RemoveNotificationResponse> = tlv::sequence(
    "NotificationSentResponse", 0xBF30,
    tlv::field(0x80, "deleteNotificationStatus", &lpa::RemoveNotificationResponse::result));

template <>
inline constexpr auto tlv::schema<lpa::CrlPart> =
    tlv::sequence("missingPart", 0x30, tlv::field(0x80, "number", &lpa::CrlPart::number));

template <>
inline constexpr auto tlv::schema<lpa::CrlLoaded> = tlv::sequence(
    "LoadCRLResponseOk", 0x30, tlv::field(0xA0, "missingParts", &lpa::CrlLoaded::missing_parts));

template <>
inline constexpr auto tlv::schema<lpa::LoadCrlResponse> = tlv::choice(
    "LoadCRLResponse", 0xBF35, tlv::alternative<lpa::CrlLoaded>(0xA0, "loadCRLResponseOk"),
    tlv::alternative<lpa::LoadCrlError>(0x81, "loadCRLResponseError"));

template <>
inline constexpr auto tlv::schema<lpa::ChallengeRequest> =
    tlv::sequence("GetEuiccChallengeRequest", 0xBF2E);

template <>
inline constexpr auto tlv::schema<lpa::ChallengeResponse> =
    tlv::sequence("GetEuiccChallengeResponse", 0xBF2E,
                  tlv::field(0x80, "euiccChallenge", &lpa::ChallengeResponse::challenge));

template <>
inline constexpr auto tlv::schema<lpa::DeviceCapabilities> = tlv::sequence(
    "DeviceCapabilities", 0xA1,
    tlv::field(0x80, "gsmSupportedRelease", &lpa::DeviceCapabilities::gsm),
    tlv::field(0x81, "utranSupportedRelease", &lpa::DeviceCapabilities::utran),
    tlv::field(0x82, "cdma2000onexSupportedRelease", &lpa::DeviceCapabilities::cdma2000_onex),
    tlv::field(0x83, "cdma2000hrpdSupportedRelease", &lpa::DeviceCapabilities::cdma2000_hrpd),
    tlv::field(0x84, "cdma2000ehrpdSupportedRelease", &lpa::DeviceCapabilities::cdma2000_ehrpd),
    tlv::field(0x85, "eutranSupportedRelease", &lpa::DeviceCapabilities::eutran),
    tlv::field(0x86, "contactlessSupportedRelease", &lpa::DeviceCapabilities::contactless),
    tlv::field(0x87, "rspCrlSupportedVersion", &lpa::DeviceCapabilities::rsp_crl));

template <>
inline constexpr auto tlv::schema<lpa::DeviceInfo> =
    tlv::sequence("DeviceInfo", 0xA1, tlv::field(0x80, "tac", &lpa::DeviceInfo::tac),
                  tlv::field(0xA1, "deviceCapabilities", &lpa::DeviceInfo::capabilities),
                  tlv::field(0x82, "imei", &lpa::DeviceInfo::imei));

template <>
inline constexpr auto tlv::schema<lpa::DownloadContext> =
    tlv::sequence("CtxParamsForCommonAuthentication", 0xA0,
                  tlv::field(0x80, "matchingId", &lpa::DownloadContext::matching_id),
                  tlv::field(0xA1, "deviceInfo", &lpa::DownloadContext::device));

template <>
inline constexpr auto tlv::schema<lpa::AuthenticateServerOk> =
    tlv::sequence("AuthenticateResponseOk", 0xA0,
                  tlv::field(0x5F37, "euiccSignature1", &lpa::AuthenticateServerOk::signature));

template <>
inline constexpr auto tlv::schema<lpa::AuthenticateServerError> =
    tlv::sequence("AuthenticateResponseError", 0xA1,
                  tlv::field(0x80, "transactionId", &lpa::AuthenticateServerError::transaction_id),
                  tlv::field(0x02, "authenticateErrorCode", &lpa::AuthenticateServerError::code));

template <>
inline constexpr auto tlv::schema<lpa::AuthenticateServerResponse> =
    tlv::choice("AuthenticateServerResponse", 0xBF38,
                tlv::alternative<lpa::AuthenticateServerOk>(0xA0, "authenticateResponseOk"),
                tlv::alternative<lpa::AuthenticateServerError>(0xA1, "authenticateResponseError"));

template <>
inline constexpr auto tlv::schema<lpa::PreparedDownload> = tlv::sequence(
    "EUICCSigned2", 0x30, tlv::field(0x80, "transactionId", &lpa::PreparedDownload::transaction_id),
    tlv::field(0x5F49, "euiccOtpk", &lpa::PreparedDownload::one_time_key),
    tlv::field(0x04, "hashCc", &lpa::PreparedDownload::code_hash));

template <>
inline constexpr auto tlv::schema<lpa::PrepareDownloadOk> =
    tlv::sequence("PrepareDownloadResponseOk", 0xA0,
                  tlv::field(0x30, "euiccSigned2", &lpa::PrepareDownloadOk::prepared),
                  tlv::field(0x5F37, "euiccSignature2", &lpa::PrepareDownloadOk::signature));

template <>
inline constexpr auto tlv::schema<lpa::PrepareDownloadError> =
    tlv::sequence("PrepareDownloadResponseError", 0xA1,
                  tlv::field(0x80, "transactionId", &lpa::PrepareDownloadError::transaction_id),
                  tlv::field(0x02, "downloadErrorCode", &lpa::PrepareDownloadError::code));

template <>
inline constexpr auto tlv::schema<lpa::PrepareDownloadResponse> =
    tlv::choice("PrepareDownloadResponse", 0xBF21,
                tlv::alternative<lpa::PrepareDownloadOk>(0xA0, "downloadResponseOk"),
                tlv::alternative<lpa::PrepareDownloadError>(0xA1, "downloadResponseError"));

template <>
inline constexpr auto tlv::schema<lpa::CancelSessionRequest> =
    tlv::sequence("CancelSessionRequest", 0xBF41,
                  tlv::field(0x80, "transactionId", &lpa::CancelSessionRequest::transaction_id),
                  tlv::field(0x81, "reason", &lpa::CancelSessionRequest::reason));

template <>
inline constexpr auto tlv::schema<lpa::CancelledSession> =
    tlv::sequence("EuiccCancelSessionSigned", 0x30,
                  tlv::field(0x80, "transactionId", &lpa::CancelledSession::transaction_id),
                  tlv::field(0x82, "reason", &lpa::CancelledSession::reason));

template <>
inline constexpr auto tlv::schema<lpa::CancelSessionOk> = tlv::sequence(
    "CancelSessionResponseOk", 0xA0,
    tlv::field(0x30, "euiccCancelSessionSigned", &lpa::CancelSessionOk::cancelled),
    tlv::field(0x5F37, "euiccCancelSessionSignature", &lpa::CancelSessionOk::signature));

template <>
inline constexpr auto tlv::schema<lpa::CancelSessionResponse> =
    tlv::choice("CancelSessionResponse", 0xBF41,
                tlv::alternative<lpa::CancelSessionOk>(0xA0, "cancelSessionResponseOk"),
                tlv::alternative<lpa::CancelSessionError>(0x81, "cancelSessionResponseError"));

// ES10c

template <>
inline constexpr auto tlv::schema<lpa::EidRequest> = tlv::sequence(
    "GetEuiccDataRequest", 0xBF3E, tlv::field(0x5C, "tagList", &lpa::EidRequest::tags));

template <>
inline constexpr auto tlv::schema<lpa::EidResponse> = tlv::sequence(
    "GetEuiccDataResponse", 0xBF3E, tlv::field(0x5A, "eidValue", &lpa::EidResponse::eid));

template <>
inline constexpr auto tlv::schema<lpa::NotificationConfiguration> = tlv::sequence(
    "NotificationConfigurationInformation", 0x30,
    tlv::field(0x80, "profileManagementOperation", &lpa::NotificationConfiguration::events),
    tlv::field(0x81, "notificationAddress", &lpa::NotificationConfiguration::address));

template <>
inline constexpr auto tlv::schema<lpa::ProfileInfo> = tlv::sequence(
    "ProfileInfo", 0xE3, tlv::field(0x5A, "iccid", &lpa::ProfileInfo::iccid),
    tlv::field(0x4F, "isdpAid", &lpa::ProfileInfo::isdp_aid),
    tlv::field(0x9F70, "profileState", &lpa::ProfileInfo::state),
    tlv::field(0x90, "profileNickname", &lpa::ProfileInfo::nickname),
    tlv::field(0x91, "serviceProviderName", &lpa::ProfileInfo::provider),
    tlv::field(0x92, "profileName", &lpa::ProfileInfo::name),
    tlv::field(0x93, "iconType", &lpa::ProfileInfo::icon_type),
    tlv::field(0x94, "icon", &lpa::ProfileInfo::icon),
    tlv::field(0x95, "profileClass", &lpa::ProfileInfo::profile_class),
    tlv::field(0xB6, "notificationConfigurationInfo", &lpa::ProfileInfo::notifications),
    tlv::field(0xB7, "profileOwner", &lpa::ProfileInfo::owner),
    tlv::field(0x99, "profilePolicyRules", &lpa::ProfileInfo::policy_rules));

template <>
inline constexpr auto tlv::schema<lpa::ProfileSearch> =
    tlv::choice("searchCriteria", 0, tlv::alternative<lpa::Aid>(0x4F, "isdpAid"),
                tlv::alternative<lpa::Iccid>(0x5A, "iccid"),
                tlv::alternative<lpa::ProfileClass>(0x95, "profileClass"));

template <>
inline constexpr auto tlv::schema<lpa::ProfilesRequest> =
    tlv::sequence("ProfileInfoListRequest", 0xBF2D,
                  tlv::field(0xA0, "searchCriteria", &lpa::ProfilesRequest::search),
                  tlv::field(0x5C, "tagList", &lpa::ProfilesRequest::tags));

template <>
inline constexpr auto tlv::schema<lpa::ProfilesResponse> =
    tlv::choice("ProfileInfoListResponse", 0xBF2D,
                tlv::alternative<std::vector<lpa::ProfileInfo>>(0xA0, "profileInfoListOk"),
                tlv::alternative<lpa::ProfilesError>(0x81, "profileInfoListError"));

template <>
inline constexpr auto tlv::schema<lpa::ProfileId> =
    tlv::choice("profileIdentifier", 0, tlv::alternative<lpa::Aid>(0x4F, "isdpAid"),
                tlv::alternative<lpa::Iccid>(0x5A, "iccid"));

template <>
inline constexpr auto tlv::schema<lpa::EnableRequest> =
    tlv::sequence("EnableProfileRequest", 0xBF31,
                  tlv::field(0xA0, "profileIdentifier", &lpa::EnableRequest::profile),
                  tlv::field(0x81, "refreshFlag", &lpa::EnableRequest::refresh));

template <>
inline constexpr auto tlv::schema<lpa::EnableResponse> =
    tlv::sequence("EnableProfileResponse", 0xBF31,
                  tlv::field(0x80, "enableResult", &lpa::EnableResponse::result));

template <>
inline constexpr auto tlv::schema<lpa::DisableRequest> =
    tlv::sequence("DisableProfileRequest", 0xBF32,
                  tlv::field(0xA0, "profileIdentifier", &lpa::DisableRequest::profile),
                  tlv::field(0x81, "refreshFlag", &lpa::DisableRequest::refresh));

template <>
inline constexpr auto tlv::schema<lpa::DisableResponse> =
    tlv::sequence("DisableProfileResponse", 0xBF32,
                  tlv::field(0x80, "disableResult", &lpa::DisableResponse::result));

template <>
inline constexpr auto tlv::schema<lpa::DeleteRequest> = tlv::sequence(
    "DeleteProfileRequest", 0xBF33, tlv::field(0x4F, "isdpAid", &lpa::DeleteRequest::isdp_aid),
    tlv::field(0x5A, "iccid", &lpa::DeleteRequest::iccid));

template <>
inline constexpr auto tlv::schema<lpa::DeleteResponse> =
    tlv::sequence("DeleteProfileResponse", 0xBF33,
                  tlv::field(0x80, "deleteResult", &lpa::DeleteResponse::result));

template <>
inline constexpr auto tlv::schema<lpa::SetNicknameRequest> = tlv::sequence(
    "SetNicknameRequest", 0xBF29, tlv::field(0x5A, "iccid", &lpa::SetNicknameRequest::iccid),
    tlv::field(0x90, "profileNickname", &lpa::SetNicknameRequest::nickname));

template <>
inline constexpr auto tlv::schema<lpa::SetNicknameResponse> =
    tlv::sequence("SetNicknameResponse", 0xBF29,
                  tlv::field(0x80, "setNicknameResult", &lpa::SetNicknameResponse::result));

template <>
inline constexpr auto tlv::schema<lpa::MemoryResetRequest> =
    tlv::sequence("EuiccMemoryResetRequest", 0xBF34,
                  tlv::field(0x82, "resetOptions", &lpa::MemoryResetRequest::options));

template <>
inline constexpr auto tlv::schema<lpa::MemoryResetResponse> =
    tlv::sequence("EuiccMemoryResetResponse", 0xBF34,
                  tlv::field(0x80, "resetResult", &lpa::MemoryResetResponse::result));

// What a server sends through the LPA

template <>
inline constexpr auto tlv::schema<lpa::ServerSigned1> = tlv::sequence(
    "ServerSigned1", 0x30, tlv::field(0x80, "transactionId", &lpa::ServerSigned1::transaction_id),
    tlv::field(0x81, "euiccChallenge", &lpa::ServerSigned1::card_challenge),
    tlv::field(0x83, "serverAddress", &lpa::ServerSigned1::server_address),
    tlv::field(0x84, "serverChallenge", &lpa::ServerSigned1::server_challenge));

template <>
inline constexpr auto tlv::schema<lpa::SmdpSigned2> = tlv::sequence(
    "SmdpSigned2", 0x30, tlv::field(0x80, "transactionId", &lpa::SmdpSigned2::transaction_id),
    tlv::field(0x01, "ccRequiredFlag", &lpa::SmdpSigned2::code_required),
    tlv::field(0x5F49, "bppEuiccOtpk", &lpa::SmdpSigned2::one_time_key));

template <>
inline constexpr auto tlv::schema<lpa::ProfileMetadata> = tlv::sequence(
    "StoreMetadataRequest", 0xBF25, tlv::field(0x5A, "iccid", &lpa::ProfileMetadata::iccid),
    tlv::field(0x91, "serviceProviderName", &lpa::ProfileMetadata::provider),
    tlv::field(0x92, "profileName", &lpa::ProfileMetadata::name),
    tlv::field(0x93, "iconType", &lpa::ProfileMetadata::icon_type),
    tlv::field(0x94, "icon", &lpa::ProfileMetadata::icon),
    tlv::field(0x95, "profileClass", &lpa::ProfileMetadata::profile_class),
    tlv::field(0xB6, "notificationConfigurationInfo", &lpa::ProfileMetadata::notifications),
    tlv::field(0xB7, "profileOwner", &lpa::ProfileMetadata::owner),
    tlv::field(0x99, "profilePolicyRules", &lpa::ProfileMetadata::policy_rules));
