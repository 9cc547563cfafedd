#include "sim/profile_info.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>

#include "sim/encode.hpp"
#include "sim/euicc_info.hpp"
#include "sim/request.hpp"

namespace sim {
namespace {

using Tags = std::set<tlv::Tag>;
using Match = std::function<bool(const Profile&)>;

/// SGP.22 5.7.15: what is told when the request holds no tag list.
Tags default_tags() { return {0x5A, 0x4F, 0x9F70, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95}; }

/// The tags in a tag list; empty when it ends within a tag. Tags that are not known are just tags
/// here.
std::optional<Tags> read_tags(base::ByteView list) {
  Tags tags;
  for (std::size_t i = 0; i < list.size(); ++i) {
    tlv::Tag tag = list[i];
    if ((tag & 0x1FU) == 0x1FU) {
      do {
        if (++i == list.size()) return std::nullopt;
        tag = (tag << 8U) | list[i];
      } while ((list[i] & 0x80U) != 0);
    }
    tags.insert(tag);
  }
  return tags;
}

bool everything(const Profile& /*profile*/) { return true; }

/// What a search criterion looks for; empty when its value can be none (incorrectInputValues).
std::optional<Match> read_criterion(const tlv::Element& criterion) {
  if (criterion.tag == 0x95) {
    if (criterion.value.size() != 1 || criterion.value[0] > 2) return std::nullopt;
    const auto wanted = static_cast<ProfileClass>(criterion.value[0]);
    return [wanted](const Profile& profile) { return profile.profile_class == wanted; };
  }
  const auto id = profile_id(criterion);
  return [id](const Profile& profile) {
    return id.iccid ? profile.iccid == *id.iccid : profile.isdp_aid == id.isdp_aid;
  };
}

base::Bytes notification_configurations(const Profile& profile) {
  base::Bytes list;
  for (const auto& configuration : profile.notifications) {
    std::vector<bool> events(4, false);
    for (const auto event : configuration.events) events[static_cast<std::size_t>(event)] = true;
    tlv::append(list, 0x30,
                join({element(0x80, named_bits(events)), element(0x81, configuration.address)}));
  }
  return list;
}

/// The fields of one ProfileInfo that `tags` asks for, in the order of SGP.22 annex H.
base::Bytes profile_info(const Profile& profile, const Tags& tags, bool defaults) {
  base::Bytes fields;
  const auto tell = [&](tlv::Tag tag, const base::Bytes& value) {
    if (tags.contains(tag)) tlv::append(fields, tag, value);
  };
  const auto tell_text = [&](tlv::Tag tag, const std::optional<std::string>& text) {
    if (text) tell(tag, base::Bytes(text->begin(), text->end()));
  };
  tell(0x5A, profile.iccid);
  if (!profile.isdp_aid.empty()) tell(0x4F, profile.isdp_aid);
  if (defaults || profile.state != ProfileState::disabled) {
    tell(0x9F70, integer(static_cast<std::uint8_t>(profile.state)));
  }
  tell_text(0x90, profile.nickname);
  tell_text(0x91, profile.provider);
  tell_text(0x92, profile.name);
  if (profile.icon_type) tell(0x93, integer(static_cast<std::uint8_t>(*profile.icon_type)));
  if (!profile.icon.empty()) tell(0x94, profile.icon);
  if (defaults || profile.profile_class != ProfileClass::operational) {
    tell(0x95, integer(static_cast<std::uint8_t>(profile.profile_class)));
  }
  if (!profile.notifications.empty()) tell(0xB6, notification_configurations(profile));
  if (profile.owner) tell(0xB7, pack(*profile.owner));
  if (profile.rules.any()) tell(0x99, pack(profile.rules));
  return element(0xE3, fields);
}

base::Bytes incorrect_input_values() { return element(0xBF2D, element(0x81, integer(1))); }

}  // namespace

base::Bytes profiles_info(const State& state, const tlv::Element& request) {
  Fields fields(request);
  const auto criterion = fields.take(0xA0);
  const auto list = fields.take(0x5C);
  fields.end();
  const auto match = criterion ? read_criterion(tlv::single(*criterion)) : Match(everything);
  const auto tags = list ? read_tags(*list) : default_tags();
  if (!match || !tags) return incorrect_input_values();
  base::Bytes found;
  for (const auto& profile : state.profiles) {
    if (!(*match)(profile)) continue;
    const auto one = profile_info(profile, *tags, !state.options.defaults_left_out);
    found.insert(found.end(), one.begin(), one.end());
  }
  return element(0xBF2D, element(0xA0, found));
}

}  // namespace sim
