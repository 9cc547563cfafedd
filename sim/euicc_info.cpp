#include "sim/euicc_info.hpp"

#include <vector>

#include "lpa/tlv.hpp"
#include "sim/encode.hpp"

namespace sim {
namespace {

base::Bytes key_list(tlv::Tag tag, const std::vector<base::Bytes>& keys) {
  base::Bytes list;
  for (const auto& key : keys) tlv::append(list, 0x04, key);
  return element(tag, list);
}

/// ETSI TS 102 226 8.2.1.7.2: installed applications, free non-volatile and free volatile memory.
base::Bytes card_resource(const Info& info, bool full) {
  return join({element(0x81, integer(info.installed_applications)),
               element(0x82, four_octets(full ? 0 : info.free_memory)),
               element(0x83, four_octets(info.free_volatile_memory))});
}

}  // namespace

base::Bytes pack(const PolicyRules& rules) {
  return named_bits({rules.update_control, rules.ppr1, rules.ppr2});
}

base::Bytes pack(const Owner& owner) {
  base::Bytes fields = element(0x80, owner.mcc_mnc);
  if (owner.gid1) tlv::append(fields, 0x81, *owner.gid1);
  if (owner.gid2) tlv::append(fields, 0x82, *owner.gid2);
  return fields;
}

base::Bytes euicc_info1(const State& state) {
  const auto& info = state.info;
  return element(0xBF20, join({element(0x82, info.svn), key_list(0xA9, info.verification_keys),
                               key_list(0xAA, info.signing_keys)}));
}

base::Bytes euicc_info2(const State& state) {
  const auto& info = state.info;
  auto fields = join({element(0x81, info.profile_version), element(0x82, info.svn),
                      element(0x83, info.firmware),
                      element(0x84, card_resource(info, state.options.memory_full)),
                      element(0x85, info.uicc_capability)});
  if (info.ts102241_version) tlv::append(fields, 0x86, *info.ts102241_version);
  if (info.globalplatform_version) tlv::append(fields, 0x87, *info.globalplatform_version);
  tlv::append(fields, 0x88, info.rsp_capability);
  fields =
      join({fields, key_list(0xA9, info.verification_keys), key_list(0xAA, info.signing_keys)});
  if (info.category) tlv::append(fields, 0x8B, integer(*info.category));
  if (info.forbidden_rules) tlv::append(fields, 0x99, pack(*info.forbidden_rules));
  fields = join({fields, element(0x04, info.protection_profile), element(0x0C, info.sas_number)});
  if (const auto& object = info.certification) {
    tlv::append(
        fields, 0xAC,
        join({element(0x80, object->platform_label), element(0x81, object->discovery_url)}));
  }
  return element(0xBF22, join({fields, info.extra}));
}

base::Bytes rules_authorisation(const State& state) {
  base::Bytes table;
  for (const auto& rule : state.authorisation_rules) {
    base::Bytes operators;
    for (const auto& one : rule.operators) tlv::append(operators, 0x30, pack(one));
    tlv::append(table, 0x30,
                join({element(0x80, pack(rule.rules)), element(0xA1, operators),
                      element(0x82, named_bits({rule.consent_required}))}));
  }
  return element(0xBF43, element(0xA0, table));
}

base::Bytes configured_addresses(const State& state) {
  base::Bytes fields;
  if (!state.default_smdp.empty()) fields = element(0x80, state.default_smdp);
  return element(0xBF3C, join({fields, element(0x81, state.root_smds)}));
}

base::Bytes isdr_fci(const State& state) {
  // 9F65, the longest command data field (GlobalPlatform Card Specification 11.9.3.1).
  const base::Bytes longest{state.options.line.longest_block};
  return element(0x6F, join({element(0x84, state.isdr_aid), element(0xA5, element(0x9F65, longest)),
                             element(0xE0, element(0x82, state.info.svn))}));
}

}  // namespace sim
