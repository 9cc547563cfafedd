#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "lpa/dump.hpp"
#include "lpa/es10_schema.hpp"
#include "tests/support/hex.hpp"

/// Answers of cards that this project did not make (tests/data/es10): NAME.hex is the answer,
/// NAME.json its origin, what its publisher or another program read in it ("facts"), and what our
/// tables make of it ("dump"). The facts are the proof; the dump, which ESIMCTL_ACCEPT=1 writes
/// anew, shows what changed.

using Json = nlohmann::ordered_json;
using test::hex;

namespace {

const std::filesystem::path folder = std::filesystem::path(ESIMCTL_TEST_DATA) / "es10";

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file);
  REQUIRE_MESSAGE(stream, file);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

base::Bytes octets_of(const std::filesystem::path& file) {
  auto text = contents(file);
  std::erase(text, '\n');
  return hex(text);
}

/// What a message is read as, and whether writing that gives the same octets again.
struct Reading {
  Json dump;
  Json facts;  ///< our typed values, in the form that the vectors' facts have
  bool same_octets = false;
};

template <class T>
Json optional_text(const std::optional<T>& value) {
  return value ? Json(value->text()) : Json(nullptr);
}

Json key_ids(const std::vector<lpa::KeyId>& keys) {
  Json list = Json::array();
  for (const auto& key : keys) list.push_back(hex(key));
  return list;
}

/// A bit string as the names of the bits that are set.
Json names_of(const std::optional<lpa::BitString>& bits, std::initializer_list<const char*> names) {
  if (!bits) return nullptr;
  Json list = Json::array();
  std::size_t bit = 0;
  for (const auto* name : names) {
    if (bits->has(bit++)) list.push_back(name);
  }
  return list;
}

constexpr std::initializer_list<const char*> rules{"pprUpdateControl", "ppr1", "ppr2"};

Json facts_of(const lpa::EuiccInfo1& info) {
  return {{"svn", info.svn.text()},
          {"ciVerification", key_ids(info.ci_for_verification)},
          {"ciSigning", key_ids(info.ci_for_signing)}};
}

Json facts_of(const lpa::EuiccInfo2& info) {
  const auto number = [](const std::optional<std::uint64_t>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  return {
      {"profileVersion", info.profile_version.text()},
      {"svn", info.svn.text()},
      {"euiccFirmwareVer", info.firmware_version.text()},
      {"installedApplication", number(info.resources.installed_applications)},
      {"freeNonVolatileMemory", number(info.resources.free_non_volatile_bytes)},
      {"freeVolatileMemory", number(info.resources.free_volatile_bytes)},
      {"uiccCapability", names_of(info.uicc_capability, {"contactlessSupport",
                                                         "usim",
                                                         "isim",
                                                         "csim",
                                                         "akaMilenage",
                                                         "akaCave",
                                                         "akaTuak128",
                                                         "akaTuak256",
                                                         "rfu1",
                                                         "rfu2",
                                                         "gbaUsim",
                                                         "gbaIsim",
                                                         "mbms",
                                                         "eap",
                                                         "javacard",
                                                         "multos",
                                                         "multipleUsim",
                                                         "multipleIsim",
                                                         "multipleCsim",
                                                         "berTlv",
                                                         "dfLink",
                                                         "catTp",
                                                         "getIdentity",
                                                         "profile-a-x25519",
                                                         "profile-b-p256",
                                                         "suciCalculatorApi",
                                                         "dns-resolution",
                                                         "scp11ac",
                                                         "scp11c-authorization-mechanism",
                                                         "s16mode",
                                                         "eaka",
                                                         "iotMinimal"})},
      {"ts102241Version", optional_text(info.ts102241_version)},
      {"globalplatformVersion", optional_text(info.globalplatform_version)},
      {"rspCapability",
       names_of(info.rsp_capability,
                {"additionalProfile", "crlSupport", "rpmSupport", "testProfile",
                 "deviceInfoExtensibility", "serviceSpecificData", "hriServerAddress"})},
      {"ciVerification", key_ids(info.ci_for_verification)},
      {"ciSigning", key_ids(info.ci_for_signing)},
      {"euiccCategory", info.category ? Json(static_cast<int>(*info.category)) : Json(nullptr)},
      {"forbiddenProfilePolicyRules", names_of(info.forbidden_policy_rules, rules)},
      {"ppVersion", optional_text(info.pp_version)},
      {"sasAcreditationNumber", info.sas_accreditation_number.value_or("absent")},
      {"platformLabel",
       info.certification_data ? Json(info.certification_data->platform_label) : Json(nullptr)},
      {"discoveryBaseUrl",
       info.certification_data ? Json(info.certification_data->discovery_base_url) : Json(nullptr)},
      {"additionalProfileVersions",
       info.additional_profile_versions ? Json(info.additional_profile_versions->size()) : Json(0)},
      {"iotSpecificInfo",
       info.iot_specific_info ? Json(hex(*info.iot_specific_info)) : Json(nullptr)}};
}

Json facts_of(const lpa::ConfiguredAddresses& addresses) {
  return {{"defaultDpAddress", addresses.default_smdp.value_or("absent")},
          {"rootDsAddress", addresses.root_smds.value_or("absent")}};
}

Json facts_of(const lpa::RulesAuthorisationTable& table) {
  Json lines = Json::array();
  for (const auto& rule : table.rules) {
    Json operators = Json::array();
    for (const auto& each : rule.operators) {
      operators.push_back({{"mccMnc", hex(each.plmn.octets)},
                           {"gid1", each.gid1 ? Json(hex(*each.gid1)) : Json(nullptr)},
                           {"gid2", each.gid2 ? Json(hex(*each.gid2)) : Json(nullptr)}});
    }
    lines.push_back({{"pprIds", names_of(rule.policy_rules, rules)},
                     {"allowedOperators", operators},
                     {"pprFlags", names_of(rule.flags, {"consentRequired"})}});
  }
  return {{"rules", lines}};
}

Json facts_of(const lpa::EidResponse& response) {
  return {{"eid", response.eid.digits()}, {"eidMod97", response.eid.check_digits_hold()}};
}

Json facts_of(const lpa::ProfilesResponse& response) {
  if (const auto* error = std::get_if<lpa::ProfilesError>(&response)) {
    return {{"error", static_cast<int>(*error)}};
  }
  Json list = Json::array();
  for (const auto& profile : std::get<std::vector<lpa::ProfileInfo>>(response)) {
    Json line = Json::object();
    if (profile.iccid) line["iccid"] = profile.iccid->digits();
    if (profile.isdp_aid) line["isdpAid"] = profile.isdp_aid->hex();
    if (profile.state) line["profileState"] = profile.enabled() ? "enabled" : "disabled";
    if (profile.nickname) line["profileNickname"] = *profile.nickname;
    if (profile.provider) line["serviceProviderName"] = *profile.provider;
    if (profile.name) line["profileName"] = *profile.name;
    if (profile.icon_type)
      line["iconType"] = *profile.icon_type == lpa::IconType::png ? "png" : "jpg";
    if (profile.icon) line["iconBytes"] = profile.icon->size();
    if (profile.profile_class) {
      line["profileClass"] = std::vector{"test", "provisioning", "operational"}.at(
          static_cast<std::size_t>(*profile.profile_class));
    }
    list.push_back(line);
  }
  return {{"profiles", list}};
}

Json facts_of(const lpa::EnableResponse& response) {
  return {{"result", static_cast<int>(response.result)}};
}
Json facts_of(const lpa::DisableResponse& response) {
  return {{"result", static_cast<int>(response.result)}};
}

Json facts_of(const lpa::NotificationMetadata& metadata) {
  return {{"seqNumber", metadata.sequence_number},
          {"operation", names_of(metadata.operation, {"install", "enable", "disable", "delete"})},
          {"notificationAddress", metadata.address},
          {"iccid", metadata.iccid ? Json(metadata.iccid->digits()) : Json(nullptr)}};
}

Json facts_of(const lpa::ListNotificationsResponse& response) {
  Json list = Json::array();
  for (const auto& each : std::get<std::vector<lpa::NotificationMetadata>>(response)) {
    list.push_back(facts_of(each));
  }
  return {{"notifications", list}};
}

Json facts_of(const lpa::RetrieveNotificationsResponse& response) {
  Json list = Json::array();
  for (const auto& each : std::get<std::vector<lpa::PendingNotification>>(response)) {
    const auto& installed = std::get<tlv::Signed<lpa::InstallationResult>>(each);
    const auto& data = installed.value.data;
    const auto* error = std::get_if<lpa::InstallationError>(&data.outcome);
    list.push_back({{"bytes", installed.raw.size()},
                    {"metadata", facts_of(data.metadata)},
                    {"transactionId", hex(data.transaction_id)},
                    {"errorReason", error != nullptr ? Json(error->reason) : Json(nullptr)}});
  }
  return {{"pending", list}};
}

Json facts_of(const lpa::InstallationResult& result) {
  const auto* success = std::get_if<lpa::InstallationSuccess>(&result.data.outcome);
  return {{"transactionId", hex(result.data.transaction_id)},
          {"aid", success != nullptr ? Json(success->isdp_aid.hex()) : Json(nullptr)},
          {"metadata", facts_of(result.data.metadata)}};
}

Json facts_of(const lpa::AuthenticateServerResponse& response) {
  return {{"signatureLen", std::get<lpa::AuthenticateServerOk>(response).signature.size()}};
}

Json facts_of(const lpa::PrepareDownloadResponse& response) {
  const auto& ok = std::get<lpa::PrepareDownloadOk>(response);
  return {{"transactionId", hex(ok.prepared.transaction_id)},
          {"otpkLen", ok.prepared.one_time_key.size()},
          {"signatureLen", ok.signature.size()}};
}

Json facts_of(const lpa::CancelSessionResponse& response) {
  const auto& ok = std::get<lpa::CancelSessionOk>(response);
  return {{"transactionId", hex(ok.cancelled.transaction_id)},
          {"reason", static_cast<int>(ok.cancelled.reason)},
          {"signatureLen", ok.signature.size()}};
}

template <tlv::Message T>
Reading read(const base::Bytes& octets) {
  const auto message = tlv::decode<T>(octets);
  const auto again = tlv::encode(message);
  const auto second = tlv::decode<T>(again);
  CHECK(tlv::encode(second) == again);
  return {tlv::dump<Json>(message), facts_of(message), again == octets};
}

const std::map<std::string, std::function<Reading(const base::Bytes&)>> readers{
    {"EUICCInfo1", read<lpa::EuiccInfo1>},
    {"EUICCInfo2", read<lpa::EuiccInfo2>},
    {"EuiccConfiguredAddressesResponse", read<lpa::ConfiguredAddresses>},
    {"GetRatResponse", read<lpa::RulesAuthorisationTable>},
    {"GetEuiccDataResponse", read<lpa::EidResponse>},
    {"ProfileInfoListResponse", read<lpa::ProfilesResponse>},
    {"ListNotificationResponse", read<lpa::ListNotificationsResponse>},
    {"RetrieveNotificationsListResponse", read<lpa::RetrieveNotificationsResponse>},
    {"ProfileInstallationResult", read<lpa::InstallationResult>},
    {"AuthenticateServerResponse", read<lpa::AuthenticateServerResponse>},
    {"PrepareDownloadResponse", read<lpa::PrepareDownloadResponse>},
    {"CancelSessionResponse", read<lpa::CancelSessionResponse>},
    {"EnableProfileResponse", read<lpa::EnableResponse>},
    {"DisableProfileResponse", read<lpa::DisableResponse>}};

std::vector<std::filesystem::path> vectors() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

bool accepting() {
  return std::getenv("ESIMCTL_ACCEPT") != nullptr;  // NOLINT(concurrency-mt-unsafe): one thread
}

}  // namespace

TEST_CASE("answers of foreign cards are read as their publishers read them") {
  for (const auto& file : vectors()) {
    CAPTURE(file.stem().string());
    auto vector = Json::parse(contents(file));
    REQUIRE_FALSE(vector.at("origin").get<std::string>().empty());
    const auto octets = octets_of(std::filesystem::path(file).replace_extension(".hex"));
    const auto reading = readers.at(vector.at("message"))(octets);

    REQUIRE_FALSE(vector.at("facts").empty());
    for (const auto& [name, fact] : vector.at("facts").items()) {
      CAPTURE(name);
      CHECK(reading.facts.at(name) == fact);
    }
    if (accepting()) {
      vector["dump"] = reading.dump;
      std::ofstream(file) << vector.dump(2) << '\n';
    }
    CHECK(reading.dump == vector.at("dump"));
  }
}

TEST_CASE("every vector has its octets and there is one of each message") {
  std::map<std::string, int> seen;
  for (const auto& file : vectors()) {
    CHECK(std::filesystem::exists(std::filesystem::path(file).replace_extension(".hex")));
    ++seen[Json::parse(contents(file)).at("message")];
  }
  for (const auto& [message, reader] : readers) {
    CAPTURE(message);
    CHECK(seen[message] > 0);
  }
}

TEST_CASE(
    "an answer that a card wrote without padding and unknown tags is written again octet by "
    "octet") {
  std::size_t same = 0;
  for (const auto& file : vectors()) {
    const auto octets = octets_of(std::filesystem::path(file).replace_extension(".hex"));
    if (readers.at(Json::parse(contents(file)).at("message"))(octets).same_octets) ++same;
  }
  CHECK(same >= 7);
}

TEST_CASE("a fact that does not hold is noticed") {
  const auto reading = read<lpa::EidResponse>(hex("BF3E125A1089049044900000000000000000102355"));
  CHECK(reading.facts.at("eid") == "89049044900000000000000000102355");
  CHECK(reading.facts.at("eid") != "89049044900000000000000000102356");
}
