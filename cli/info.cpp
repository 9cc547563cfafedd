#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/chip.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/output.hpp"
#include "cli/telling.hpp"

namespace cli {
namespace {

std::string human_size(const Json& bytes) {
  if (bytes.is_null()) return {};
  const auto count = bytes.get<double>();
  if (count < 1024) return fmt::format("{} bytes", count);
  if (count < 1024.0 * 1024) return fmt::format("{:.1f} KiB", count / 1024);
  return fmt::format("{:.1f} MiB", count / 1024 / 1024);
}

std::string human_kind(const Json& kind) {
  return kind == "iot" ? "SGP.32 (IoT): its profiles are managed by its eIM; esimctl reads it"
                       : "SGP.22 (consumer)";
}

std::string human_maker(const Json& maker) {
  if (maker.is_null()) return {};
  return fmt::format("{} ({})", maker.at("name").get<std::string>(),
                     maker.at("country").get<std::string>());
}

std::string human_brand(const Json& brand) {
  std::string text;
  for (const auto& part : brand) {
    if (part.is_string()) text += (text.empty() ? "" : ", ") + part.get<std::string>();
  }
  return text;
}

std::string human_likely(const Json& count) {
  return count.is_null() ? std::string() : fmt::format("{} more profiles", count.get<int>());
}

std::string human_check(const Json& holds) { return holds.get<bool>() ? "hold" : "do not hold"; }

std::string human_rules(const Json& table) {
  if (table.is_null()) return {};
  std::string text;
  for (const auto& rule : table) {
    std::string operators;
    for (const auto& each : rule.at("operators")) {
      if (!operators.empty()) operators += " ";
      const auto name = each.at("mcc").get<std::string>() + "-" + each.at("mnc").get<std::string>();
      operators +=
          name == "EEE-EEE" ? "any operator" : name;  // E stands for every digit (SGP.22 2.4.12)
    }
    std::string rules;
    for (const auto& each : rule.at("policy_rules")) {
      rules += (rules.empty() ? "" : "+") + each.get<std::string>();
    }
    if (!text.empty()) text += "; ";
    text += fmt::format("{} for {}{}", rules, operators,
                        rule.at("consent_required").get<bool>() ? " with consent" : "");
  }
  return text.empty() ? "nobody may set policy rules" : text;
}

std::string human_issuers(const Json& issuers) {
  std::string text;
  for (const auto& each : issuers) {
    const auto& name = each.at(each.at("name").is_null() ? "key_id" : "name");
    text += (text.empty() ? "" : ", ") + name.get<std::string>();
  }
  return text;
}

std::string human_download(const Json& kind) {
  if (kind == "production") return "yes: a known issuer vouches for this chip";
  if (kind == "test") return "test profiles only: this is a test chip";
  if (kind == "none") return "no: no issuer vouches for this chip, so it can never download";
  return "perhaps: its issuers are not known here";
}

std::string human_certification(const Json& data) {
  if (data.is_null()) return {};
  return fmt::format("{}, {}", data.at("platform_label").get<std::string>(),
                     data.at("discovery_base_url").get<std::string>());
}

std::vector<Field> fields() {
  return {{"eid", "EID"},
          {"eid_check_digits_hold", "EID check digits", human_check},
          {"card", "Card"},
          {"kind", "Kind", human_kind},
          {"svn", "SGP.22 version"},
          {"profile_version", "Profile package version"},
          {"firmware_version", "Firmware"},
          {"free_non_volatile_bytes", "Free memory", human_size},
          {"free_volatile_bytes", "Free working memory", human_size},
          {"installed_applications", "Applications"},
          {"default_smdp", "Default SM-DP+"},
          {"root_smds", "Root SM-DS"},
          {"ci_for_verification", "Trusts issuers"},
          {"ci_for_signing", "Certified by issuers"},
          {"issuers", "Issuers by name", human_issuers},
          {"download", "Can download", human_download},
          {"category", "Category"},
          {"forbidden_policy_rules", "Forbidden policy rules"},
          {"authorisation_table", "Policy rules", human_rules},
          {"rsp_capability", "RSP capabilities"},
          {"uicc_capability", "UICC capabilities"},
          {"ts102241_version", "TS 102 241 version"},
          {"globalplatform_version", "GlobalPlatform version"},
          {"pp_version", "Protection profile"},
          {"sas_accreditation_number", "SAS accreditation"},
          {"certification_data", "Certification data", human_certification},
          {"additional_profile_versions", "Further package versions"},
          {"isdr_aid", "ISD-R"},
          {"select_version", "Version by SELECT"},
          {"protocol", "Protocol"},
          {"atr", "ATR"},
          {"maker", "Maker", human_maker},
          {"brand", "Brand", human_brand},
          {"likely_profiles", "Likely to fit", human_likely}};
}

}  // namespace

int info(const Context& context) {
  auto& session = context.session();
  const auto document = chip_json(app::chip_info(session));
  if (context.options.json != JsonStyle::none) {
    print_json(context, document);
  } else {
    print_record(context, document, fields());
    suggest_what_waits(context);
  }
  return 0;
}

}  // namespace cli
