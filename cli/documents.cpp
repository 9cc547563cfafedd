#include "cli/documents.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include <nlohmann/json.hpp>

#include "app/notifications.hpp"
#include "base/text.hpp"
#include "cli/output.hpp"
#include "lpa/issuers.hpp"
#include "lpa/makers.hpp"
#include "lpa/outbox.hpp"

namespace cli {
namespace {

using namespace std::string_view_literals;

// Names of bits, in their order, as SGP.22 v2.5 4.3 and Annex H have them; empty: reserved.
constexpr std::array policy_rule_names{"pprUpdateControl"sv, "ppr1"sv, "ppr2"sv};
constexpr std::array event_names{"install"sv, "enable"sv, "disable"sv, "delete"sv};
constexpr std::array rsp_capability_names{"additionalProfile"sv,
                                          "crlSupport"sv,
                                          "rpmSupport"sv,
                                          "testProfileSupport"sv,
                                          "deviceInfoExtensibilitySupport"sv,
                                          "serviceSpecificDataSupport"sv,
                                          "hriServerAddressSupport"sv};
constexpr std::array uicc_capability_names{"contactlessSupport"sv,
                                           "usimSupport"sv,
                                           "isimSupport"sv,
                                           "csimSupport"sv,
                                           "akaMilenage"sv,
                                           "akaCave"sv,
                                           "akaTuak128"sv,
                                           "akaTuak256"sv,
                                           ""sv,
                                           ""sv,
                                           "gbaAuthenUsim"sv,
                                           "gbaAuthenISim"sv,
                                           "mbmsAuthenUsim"sv,
                                           "eapClient"sv,
                                           "javacard"sv,
                                           "multos"sv,
                                           "multipleUsimSupport"sv,
                                           "multipleIsimSupport"sv,
                                           "multipleCsimSupport"sv,
                                           "berTlvFileSupport"sv,
                                           "dfLinkSupport"sv,
                                           "catTp"sv,
                                           "getIdentity"sv,
                                           "profile-a-x25519"sv,
                                           "profile-b-p256"sv,
                                           "suciCalculatorApi"sv};

/// The names of the bits that are set; one without a name by its number: "bit9".
Json bits_json(const lpa::BitString& bits, std::span<const std::string_view> names) {
  auto list = Json::array();
  for (std::size_t bit = 0; bit < bits.size(); ++bit) {
    if (!bits.has(bit)) continue;
    const bool named = bit < names.size() && !names[bit].empty();
    list.push_back(named ? std::string(names[bit]) : "bit" + std::to_string(bit));
  }
  return list;
}

Json optional_bits_json(const std::optional<lpa::BitString>& bits,
                        std::span<const std::string_view> names) {
  return bits ? bits_json(*bits, names) : Json::array();
}

Json text_json(const std::optional<std::string>& text) { return text ? text_value(*text) : Json(); }

Json version_json(const std::optional<lpa::Version>& version) {
  return version ? Json(version->text()) : Json();
}

Json hex_json(const std::optional<base::Bytes>& octets) {
  return octets ? Json(base::to_hex(*octets)) : Json();
}

template <class Number>
Json number_json(const std::optional<Number>& number) {
  return number ? Json(*number) : Json();
}

template <class Enum, std::size_t Size>
Json name_json(const std::optional<Enum>& value, const std::array<std::string_view, Size>& names) {
  if (!value || static_cast<std::size_t>(*value) >= Size) return {};
  return names[static_cast<std::size_t>(*value)];
}

Json operator_json(const lpa::Operator& owner) {
  return {{"mcc", owner.plmn.mcc()}, {"mnc", owner.plmn.mnc()}};
}

Json operator_details_json(const lpa::Operator& owner) {
  auto json = operator_json(owner);
  json["gid1"] = hex_json(owner.gid1);
  json["gid2"] = hex_json(owner.gid2);
  return json;
}

Json key_ids_json(const std::vector<lpa::KeyId>& ids) {
  auto list = Json::array();
  for (const auto& id : ids) list.push_back(base::to_hex(id));
  return list;
}

/// The issuers that vouch for a card, by name where they are known.
Json issuers_json(const std::vector<lpa::KeyId>& ids) {
  auto list = Json::array();
  for (const auto& id : ids) {
    const auto issuer = lpa::find_issuer(id);
    list.push_back({{"key_id", base::to_hex(id)},
                    {"name", issuer ? Json(issuer->name) : Json()},
                    {"test", issuer ? Json(issuer->test) : Json()}});
  }
  return list;
}

std::string_view download_name(app::DownloadKind kind) {
  switch (kind) {
    case app::DownloadKind::production:
      return "production";
    case app::DownloadKind::test:
      return "test";
    case app::DownloadKind::unknown:
      return "unknown";
    case app::DownloadKind::none:
      break;
  }
  return "none";
}

Json rules_json(const lpa::RulesAuthorisationTable& table) {
  auto list = Json::array();
  for (const auto& rule : table.rules) {
    auto operators = Json::array();
    for (const auto& each : rule.operators) operators.push_back(operator_details_json(each));
    list.push_back({{"policy_rules", bits_json(rule.policy_rules, policy_rule_names)},
                    {"operators", operators},
                    {"consent_required", rule.flags.has(lpa::consent_required)}});
  }
  return list;
}

std::string_view kind_name(app::CardKind kind) {
  switch (kind) {
    case app::CardKind::consumer:
      return "consumer";
    case app::CardKind::iot:
      return "iot";
    case app::CardKind::m2m:
      return "m2m";
    case app::CardKind::no_euicc:
      break;
  }
  return "none";
}

}  // namespace

Json profile_json(const lpa::ProfileInfo& profile) {
  constexpr std::array states{"disabled"sv, "enabled"sv};
  constexpr std::array classes{"test"sv, "provisioning"sv, "operational"sv};
  constexpr std::array icons{"jpg"sv, "png"sv};
  return {{"iccid", profile.iccid ? Json(profile.iccid->digits()) : Json()},
          {"isdp_aid", profile.isdp_aid ? Json(profile.isdp_aid->hex()) : Json()},
          {"state", name_json(std::optional(profile.state_or_default()), states)},
          {"class", name_json(std::optional(profile.class_or_default()), classes)},
          {"nickname", text_json(profile.nickname)},
          {"provider", text_json(profile.provider)},
          {"name", text_json(profile.name)},
          {"owner", profile.owner ? operator_json(*profile.owner) : Json()},
          {"policy_rules", optional_bits_json(profile.policy_rules, policy_rule_names)},
          {"icon_type", name_json(profile.icon_type, icons)}};
}

Json profile_details_json(const lpa::ProfileInfo& profile) {
  auto json = profile_json(profile);
  json["owner_details"] = profile.owner ? operator_details_json(*profile.owner) : Json();
  auto notifications = Json::array();
  if (profile.notifications) {
    for (const auto& each : *profile.notifications) {
      notifications.push_back(
          {{"events", bits_json(each.events, event_names)}, {"address", text_value(each.address)}});
    }
  }
  json["notifications"] = std::move(notifications);
  json["icon_bytes"] = profile.icon ? Json(profile.icon->size()) : Json();
  return json;
}

Json deliveries_json(std::span<const app::Delivery> deliveries) {
  auto list = Json::array();
  for (const auto& each : deliveries) {
    list.push_back({{"eid", each.eid.digits()},
                    {"number", each.number},
                    {"address", each.address},
                    {"sent", each.sent},
                    {"removed", each.removed},
                    {"why_not", each.sent ? Json() : text_value(each.why_not)},
                    {"trust", each.trust.empty() ? Json() : Json(each.trust)}});
  }
  return list;
}

Json changed_json(bool changed, const lpa::Eid& eid, const lpa::ProfileInfo& profile,
                  std::span<const app::Delivery> told) {
  return {{"version", 1},
          {"changed", changed},
          {"eid", eid.digits()},
          {"profile", profile_json(profile)},
          {"notifications", deliveries_json(told)}};
}

std::span<const std::string_view> event_names_by_bit() { return event_names; }

Json notification_json(const lpa::NotificationMetadata& notification) {
  const auto events = bits_json(notification.operation, event_names);
  return {{"number", notification.sequence_number},
          {"operation", events.empty() ? Json() : events.front()},
          {"iccid", notification.iccid ? Json(notification.iccid->digits()) : Json()},
          {"address", text_value(notification.address)}};
}

Json pending_notification_json(const lpa::PendingNotification& notification) {
  auto json = notification_json(lpa::metadata(notification));
  json["installation"] = Json();
  if (const auto* installed = std::get_if<tlv::Signed<lpa::InstallationResult>>(&notification)) {
    const auto& data = installed->value.data;
    const auto* success = std::get_if<lpa::InstallationSuccess>(&data.outcome);
    const auto* error = std::get_if<lpa::InstallationError>(&data.outcome);
    json["installation"] = {
        {"transaction_id", base::to_hex(data.transaction_id)},
        {"isdp_aid", success != nullptr ? Json(success->isdp_aid.hex()) : Json()},
        {"command", error != nullptr ? Json(error->command) : Json()},
        {"reason", error != nullptr ? Json(error->reason) : Json()}};
  }
  json["signed_bytes"] = std::visit([](const auto& each) { return each.raw.size(); }, notification);
  return json;
}

namespace {

Json maker_json(const lpa::Eid& eid) {
  const auto maker = lpa::find_maker(eid);
  if (!maker) return nullptr;
  return {{"number", maker->number}, {"name", maker->name}, {"country", maker->country}};
}

Json brand_json(const std::optional<lpa::Brand>& brand) {
  if (!brand) return nullptr;
  return {{"name", brand->name},
          {"product", text_json(brand->product)},
          {"serial", text_json(brand->serial)},
          {"bootloader", text_json(brand->bootloader)},
          {"firmware", text_json(brand->firmware)}};
}

}  // namespace

Json chip_json(const app::ChipInfo& chip) {
  constexpr std::array categories{"other"sv, "basic"sv, "medium"sv, "contactless"sv};
  const auto& info = chip.info;
  Json json{{"version", 1},
            {"eid", chip.eid.digits()},
            {"eid_check_digits_hold", chip.eid.check_digits_hold()},
            {"maker", maker_json(chip.eid)},
            {"brand", brand_json(chip.brand)},
            {"card", text_value(chip.card)},
            {"atr", base::to_hex(chip.atr)},
            {"protocol", chip.protocol == lpa::Protocol::t0 ? "T=0" : "T=1"},
            {"isdr_aid", chip.isdr_aid.hex()},
            {"kind", kind_name(chip.kind)},
            {"select_version", version_json(chip.select_version)},
            {"svn", info.svn.text()},
            {"profile_version", info.profile_version.text()},
            {"firmware_version", info.firmware_version.text()},
            {"free_non_volatile_bytes", number_json(info.resources.free_non_volatile_bytes)},
            {"likely_profiles", number_json(app::likely_profiles(info))},
            {"free_volatile_bytes", number_json(info.resources.free_volatile_bytes)},
            {"installed_applications", number_json(info.resources.installed_applications)},
            {"default_smdp", chip.addresses ? text_json(chip.addresses->default_smdp) : Json()},
            {"root_smds", chip.addresses ? text_json(chip.addresses->root_smds) : Json()},
            {"ci_for_verification", key_ids_json(info.ci_for_verification)},
            {"ci_for_signing", key_ids_json(info.ci_for_signing)},
            {"issuers", issuers_json(info.ci_for_signing)},
            {"download", download_name(app::download_kind(info))},
            {"uicc_capability", bits_json(info.uicc_capability, uicc_capability_names)},
            {"rsp_capability", optional_bits_json(info.rsp_capability, rsp_capability_names)},
            {"ts102241_version", version_json(info.ts102241_version)},
            {"globalplatform_version", version_json(info.globalplatform_version)},
            {"category", name_json(info.category, categories)},
            {"forbidden_policy_rules",
             optional_bits_json(info.forbidden_policy_rules, policy_rule_names)},
            {"pp_version", version_json(info.pp_version)},
            {"sas_accreditation_number", text_json(info.sas_accreditation_number)},
            {"certification_data", Json()},
            {"additional_profile_versions", Json()},
            {"authorisation_table",
             chip.authorisation_table ? rules_json(*chip.authorisation_table) : Json()}};
  if (info.certification_data) {
    json["certification_data"] = {
        {"platform_label", text_value(info.certification_data->platform_label)},
        {"discovery_base_url", text_value(info.certification_data->discovery_base_url)}};
  }
  if (info.additional_profile_versions) {
    auto versions = Json::array();
    for (const auto& version : *info.additional_profile_versions)
      versions.push_back(version.text());
    json["additional_profile_versions"] = std::move(versions);
  }
  return json;
}

namespace {

Json habits_json(const lpa::Habits& habits) {
  return {{"isdr_aid", habits.isdr ? Json(habits.isdr->hex()) : Json()},
          {"block_bytes", habits.block_size},
          {"le", habits.le},
          {"switch_form", habits.switch_form + 1}};
}

}  // namespace

Json card_json(const app::CardReport& report) {
  return {{"card", text_value(report.card)},
          {"present", report.present},
          {"kind", report.kind ? Json(kind_name(*report.kind)) : Json()},
          {"eid", report.eid ? Json(report.eid->digits()) : Json()},
          {"isdr_aid", report.isdr_aid ? Json(report.isdr_aid->hex()) : Json()},
          {"secure_element", number_json(report.secure_element)},
          {"atr", report.atr.empty() ? Json() : Json(base::to_hex(report.atr))},
          {"error", report.problem ? error_json(*report.problem) : Json()},
          {"learned", report.habits ? habits_json(*report.habits) : Json()}};
}

Json offer_json(const app::Proposal& proposal) {
  const auto profile = profile_details_json(proposal.profile);
  Json json{{"smdp_address", proposal.smdp_address}, {"trust", lpa::to_string(proposal.trust)}};
  for (const auto* key : {"iccid", "provider", "name", "class", "owner", "policy_rules",
                          "icon_type", "icon_bytes", "notifications"}) {
    json[key] = profile.at(key);
  }
  json["consent_required"] = std::ranges::any_of(
      proposal.rules, [](const auto& rule) { return rule.verdict == lpa::RuleVerdict::consent; });
  json["confirmation_code_required"] = proposal.code_required;
  json["free_bytes"] = number_json(proposal.free_bytes);
  return json;
}

Json download_json(const app::ProvisionReport& report, const lpa::Eid& eid) {
  Json json{{"version", 1},
            {"event", "result"},
            {"changed", report.installed.has_value()},
            {"eid", eid.digits()},
            {"offer", offer_json(report.proposal)},
            {"profile", Json()},
            {"notification", Json()}};
  if (report.installed) {
    const auto& told = report.installed->told;
    json["profile"] = profile_json(report.installed->profile);
    json["notification"] = {{"number", told.sequence_number},
                            {"sent", told.sent},
                            {"why_not", told.sent ? Json() : text_value(told.why_not)}};
  }
  return json;
}

namespace {

Json found_events(const app::Discovery& discovery) {
  auto list = Json::array();
  for (const auto& each : discovery.events) {
    list.push_back({{"number", list.size() + 1},
                    {"event_id", text_value(each.event_id)},
                    {"smdp_address", text_value(each.smdp_address)},
                    {"smds_address", each.smds_address}});
  }
  return list;
}

}  // namespace

std::shared_ptr<const Json> found_events_json(const app::Discovery& discovery) {
  return std::make_shared<const Json>(found_events(discovery));
}

std::shared_ptr<const Json> discovery_json(const app::Discovery& discovery, const lpa::Eid& eid) {
  constexpr std::array origins{"card"sv, "known"sv, "named"sv};
  auto servers = Json::array();
  for (const auto& each : discovery.servers) {
    servers.push_back({{"smds_address", each.address},
                       {"origin", origins.at(static_cast<std::size_t>(each.origin))},
                       {"error", each.error ? error_json(*each.error) : Json()}});
  }
  const auto& smdp = discovery.default_smdp;
  return std::make_shared<const Json>(
      Json{{"version", 1},
           {"eid", eid.digits()},
           {"trust", lpa::to_string(discovery.trust)},
           {"servers", servers},
           {"events", found_events(discovery)},
           {"default_smdp", smdp.empty() ? Json() : text_value(smdp)}});
}

Json code_json(const lpa::ActivationCode& code) {
  return {{"version", 1},
          {"smdp_address", code.smdp_address},
          {"matching_id", code.matching_id.empty() ? Json() : Json(code.matching_id)},
          {"smdp_oid", text_json(code.smdp_oid)},
          {"confirmation_code_required", code.confirmation_code_required}};
}

namespace {

constexpr std::size_t longest_path = 4096;

Json path_json(const std::filesystem::path& path) {
  return base::clean(path.string(), longest_path);
}

}  // namespace

std::shared_ptr<const Json> store_path_json(const std::filesystem::path& file) {
  return std::make_shared<const Json>(Json{{"version", 1}, {"path", path_json(file)}});
}

std::shared_ptr<const Json> store_backup_json(const std::filesystem::path& file,
                                              const std::filesystem::path& copy) {
  return std::make_shared<const Json>(
      Json{{"version", 1}, {"path", path_json(file)}, {"backup", path_json(copy)}});
}

namespace {

Json downloads_json(const std::vector<store::JournalSession>& sessions) {
  // A matching ID is worth a profile until it is used up.
  const auto masked = [](const std::string& secret) {
    return secret.empty() ? Json() : text_value(secret.substr(0, 2) + "…");
  };
  auto list = Json::array();
  for (const auto& each : sessions) {
    const auto& begun = each.download.begun;
    auto steps = Json::array();
    for (const auto& step : each.steps) {
      steps.push_back({{"stage", lpa::stage_name(step.stage)}, {"at", base::to_rfc3339(step.at)}});
    }
    list.push_back(
        {{"begun_at", base::to_rfc3339(begun.started_at)},
         {"outcome", each.outcome.empty() ? Json() : Json(each.outcome)},
         {"finished_at", each.finished_at.empty() ? Json() : Json(each.finished_at)},
         {"smdp_address", text_value(begun.smdp_address)},
         {"matching_id", masked(begun.matching_id)},
         {"eid", begun.eid.digits()},
         {"transaction_id",
          each.transaction_id.empty() ? Json() : Json(base::to_hex(each.transaction_id))},
         {"steps", std::move(steps)}});
  }
  return list;
}

}  // namespace

std::shared_ptr<const Json> store_journal_json(const std::vector<store::JournalSession>& sessions) {
  return std::make_shared<const Json>(
      Json{{"version", 1}, {"downloads", downloads_json(sessions)}});
}

std::shared_ptr<const Json> store_journal_rows(const std::vector<store::JournalSession>& sessions) {
  auto rows = downloads_json(sessions);
  for (auto& row : rows) {
    const auto& steps = row["steps"];
    row["last_step"] = steps.empty() ? Json() : steps.back().at("stage");
  }
  return std::make_shared<const Json>(std::move(rows));
}

std::shared_ptr<const Json> store_check_json(const app::JournalReport& report) {
  const auto& contents = report.contents;
  return std::make_shared<const Json>(
      Json{{"version", 1},
           {"path", path_json(report.file)},
           {"present", report.present},
           {"format", report.present ? Json(contents.format) : Json()},
           {"sessions", contents.sessions},
           {"open_sessions", contents.open_sessions},
           {"notifications", contents.notifications},
           {"unsent_notifications", contents.unsent},
           {"unremoved_notifications", contents.unremoved}});
}

Json error_json(const base::Error& error) {
  const auto texts = [](const std::vector<std::string>& lines) {
    auto list = Json::array();
    for (const auto& line : lines) list.push_back(base::clean(line, 1000));
    return list;
  };
  const auto& exit = base::exit_code(error.kind());
  return {{"code", error.code()},
          {"kind", exit.name},
          {"message", base::clean(error.what(), 1000)},
          {"hints", texts(error.hints())},
          {"steps", texts(error.steps())},
          {"exit", exit.number}};
}

std::string error_document(const base::Error& error) {
  const Json document{{"version", 1}, {"error", error_json(error)}};
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cli
