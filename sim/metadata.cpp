#include "sim/metadata.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sim/encode.hpp"
#include "sim/euicc_info.hpp"
#include "sim/request.hpp"

namespace sim {
namespace {

constexpr std::size_t longest_provider = 32;  // SGP.22 annex H
constexpr std::size_t longest_name = 64;
constexpr std::size_t largest_icon = 1024;
constexpr std::uint8_t highest_class = 2;
constexpr std::size_t events = 4;

std::string text(const base::Bytes& value, std::size_t most) {
  auto read = utf8(value);
  if (!read || read->size() > most) throw tlv::Malformed("a text of this shape");
  return *std::move(read);
}

base::Bytes pack(const NotificationConfiguration& configuration) {
  std::vector<bool> set(events, false);
  for (const auto event : configuration.events) set[static_cast<std::size_t>(event)] = true;
  return element(0x30,
                 join({element(0x80, named_bits(set)), element(0x81, configuration.address)}));
}

NotificationConfiguration unpack_notification(const tlv::Element& one) {
  if (one.tag != 0x30) throw tlv::Malformed("30 is expected");
  Fields fields(one);
  const auto set = bits(fields.need(0x80));
  NotificationConfiguration configuration;
  for (std::size_t i = 0; i < events; ++i) {
    if ((set & (0x80U >> i)) != 0) configuration.events.push_back(static_cast<Event>(i));
  }
  configuration.address = text(fields.need(0x81), largest_icon);
  fields.end();
  return configuration;
}

Owner unpack_owner(const base::Bytes& value) {
  const auto whole = element(0xB7, value);
  Fields fields(tlv::single(whole));
  Owner owner;
  owner.mcc_mnc = fields.need(0x80);
  owner.gid1 = fields.take(0x81);
  owner.gid2 = fields.take(0x82);
  fields.end();
  if (owner.mcc_mnc.size() != 3) throw tlv::Malformed("80: three octets");
  return owner;
}

/// An empty group identifier in the table stands for any (SGP.22 2.9.2.1); EE in the code of the
/// network for any digit pair.
bool fits(const Owner& rule, const Owner& owner) {
  const auto same = [](const std::optional<base::Bytes>& wanted,
                       const std::optional<base::Bytes>& there) {
    return (wanted && wanted->empty()) || wanted == there;
  };
  for (std::size_t i = 0; i < rule.mcc_mnc.size() && i < owner.mcc_mnc.size(); ++i) {
    if (rule.mcc_mnc[i] != 0xEE && rule.mcc_mnc[i] != owner.mcc_mnc[i]) return false;
  }
  return same(rule.gid1, owner.gid1) && same(rule.gid2, owner.gid2);
}

bool authorised(const State& state, const Profile& profile, bool PolicyRules::* rule) {
  if (!(profile.rules.*rule)) return true;
  if (!profile.owner) return false;
  return std::ranges::any_of(state.authorisation_rules, [&](const AuthorisationRule& entry) {
    return entry.rules.*rule && std::ranges::any_of(entry.operators, [&](const Owner& one) {
             return fits(one, *profile.owner);
           });
  });
}

}  // namespace

base::Bytes pack_metadata(const Profile& profile) {
  auto fields = join({element(0x5A, profile.iccid), element(0x91, profile.provider.value_or("")),
                      element(0x92, profile.name.value_or(""))});
  if (profile.icon_type) {
    tlv::append(fields, 0x93, integer(static_cast<std::uint8_t>(*profile.icon_type)));
    tlv::append(fields, 0x94, profile.icon);
  }
  tlv::append(fields, 0x95, integer(static_cast<std::uint8_t>(profile.profile_class)));
  if (!profile.notifications.empty()) {
    base::Bytes list;
    for (const auto& one : profile.notifications) list = join({list, pack(one)});
    tlv::append(fields, 0xB6, list);
  }
  if (profile.owner) tlv::append(fields, 0xB7, pack(*profile.owner));
  if (profile.rules.any()) tlv::append(fields, 0x99, pack(profile.rules));
  return element(0xBF25, fields);
}

Profile unpack_metadata(const tlv::Element& request) {
  if (request.tag != 0xBF25) throw tlv::Malformed("BF25 is expected");
  Fields fields(request);
  Profile profile;
  profile.iccid = fields.need(0x5A);
  profile.provider = text(fields.need(0x91), longest_provider);
  profile.name = text(fields.need(0x92), longest_name);
  if (const auto type = fields.take(0x93)) {
    profile.icon_type = unsigned_integer(*type) == 0 ? IconType::jpg : IconType::png;
    profile.icon = fields.take(0x94).value_or(base::Bytes{});
  }
  if (const auto number = fields.take(0x95)) {
    const auto value = unsigned_integer(*number);
    if (value > highest_class) throw tlv::Malformed("95: no class");
    profile.profile_class = static_cast<ProfileClass>(value);
  }
  if (const auto list = fields.take(0xB6)) {
    tlv::Reader reader(*list);
    while (const auto one = reader.next()) {
      profile.notifications.push_back(unpack_notification(*one));
    }
  }
  if (const auto owner = fields.take(0xB7)) profile.owner = unpack_owner(*owner);
  if (const auto rules = fields.take(0x99)) {
    const auto set = bits(*rules);
    profile.rules = {(set & 0x80U) != 0, (set & 0x40U) != 0, (set & 0x20U) != 0};
  }
  fields.end();
  if (profile.iccid.size() != 10) throw tlv::Malformed("5A: ten octets");
  if (profile.icon.size() > largest_icon) throw tlv::Malformed("94: too large");
  return profile;
}

bool rules_allowed(const State& state, const Profile& profile) {
  const auto& rules = profile.rules;
  const auto forbidden = state.info.forbidden_rules.value_or(PolicyRules{});
  if ((rules.update_control && forbidden.update_control) || (rules.ppr1 && forbidden.ppr1) ||
      (rules.ppr2 && forbidden.ppr2)) {
    return false;
  }
  // PPR1 is for the first operational profile alone (SGP.22 2.9.3.1).
  const bool has_operational = std::ranges::any_of(state.profiles, [](const Profile& other) {
    return other.profile_class == ProfileClass::operational;
  });
  if (rules.ppr1 && has_operational) return false;
  return authorised(state, profile, &PolicyRules::ppr1) &&
         authorised(state, profile, &PolicyRules::ppr2);
}

}  // namespace sim
