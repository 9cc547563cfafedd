#include <algorithm>
#include <charconv>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "sim/state.hpp"

namespace sim {
namespace {

using Json = nlohmann::ordered_json;

/// What is wrong, and with which key.
class Fault : public std::runtime_error {
 public:
  Fault(const std::string& path, const std::string& reason)
      : std::runtime_error(path.empty() ? reason : path + ": " + reason) {}
};

/// How a T stands in the file: `write` and `read`.
template <class T>
struct Codec;

template <>
struct Codec<bool> {
  static Json write(bool value) { return value; }
  static bool read(const Json& json, const std::string& path) {
    if (!json.is_boolean()) throw Fault(path, "true or false is expected");
    return json.get<bool>();
  }
};

template <class T>
  requires std::unsigned_integral<T>
struct Codec<T> {
  static Json write(T value) { return value; }
  static T read(const Json& json, const std::string& path) {
    if (!json.is_number_unsigned() || json.get<std::uint64_t>() > std::numeric_limits<T>::max()) {
      throw Fault(
          path, "a number up to " + std::to_string(std::numeric_limits<T>::max()) + " is expected");
    }
    return json.get<T>();
  }
};

template <>
struct Codec<std::string> {
  static Json write(const std::string& value) { return value; }
  static std::string read(const Json& json, const std::string& path) {
    if (!json.is_string()) throw Fault(path, "a text is expected");
    return json.get<std::string>();
  }
};

template <>
struct Codec<base::Bytes> {
  static Json write(const base::Bytes& value) { return base::to_hex(value); }
  static base::Bytes read(const Json& json, const std::string& path) {
    auto bytes = json.is_string() ? base::from_hex(json.get<std::string>()) : std::nullopt;
    if (!bytes) throw Fault(path, "octets in hexadecimal are expected");
    return *std::move(bytes);
  }
};

template <>
struct Codec<Version> {
  static Json write(const Version& value) {
    return std::to_string(value[0]) + "." + std::to_string(value[1]) + "." +
           std::to_string(value[2]);
  }
  static Version read(const Json& json, const std::string& path) {
    const auto text = Codec<std::string>::read(json, path);
    const auto* at = text.data();
    const auto* const end = text.data() + text.size();
    Version version{};
    for (std::size_t i = 0; i < version.size(); ++i) {
      if (i > 0) {
        if (at == end || *at != '.') throw Fault(path, expected);
        ++at;
      }
      const auto [next, error] = std::from_chars(at, end, version[i]);
      if (error != std::errc{}) throw Fault(path, expected);
      at = next;
    }
    if (at != end) throw Fault(path, expected);
    return version;
  }
  static constexpr const char* expected = "a version such as 2.3.0 is expected";
};

/// The words for an enumeration, in the order of its values.
template <class T>
struct Words;
template <>
struct Words<ProfileState> {
  static constexpr std::array<const char*, 2> list{"disabled", "enabled"};
};
template <>
struct Words<ProfileClass> {
  static constexpr std::array<const char*, 3> list{"test", "provisioning", "operational"};
};
template <>
struct Words<IconType> {
  static constexpr std::array<const char*, 2> list{"jpg", "png"};
};
template <>
struct Words<Event> {
  static constexpr std::array<const char*, 4> list{"install", "enable", "disable", "delete"};
};
template <>
struct Words<Protocol> {
  static constexpr std::array<const char*, 2> list{"T=0", "T=1"};
};

template <>
struct Words<Le> {
  static constexpr std::array<const char*, 3> list{"free", "refused", "needed"};
};
template <>
struct Words<GetResponseClass> {
  static constexpr std::array<const char*, 2> list{"interindustry", "proprietary"};
};

template <>
struct Words<CatBusy> {
  static constexpr std::array<const char*, 3> list{"never", "once", "until_reset"};
};

template <class T>
  requires std::is_enum_v<T>
struct Codec<T> {
  static Json write(T value) { return Words<T>::list.at(static_cast<std::size_t>(value)); }
  static T read(const Json& json, const std::string& path) {
    std::string expected;
    for (std::size_t i = 0; i < Words<T>::list.size(); ++i) {
      if (json == Words<T>::list.at(i)) return static_cast<T>(i);
      expected += (i == 0 ? "" : " or ") + std::string(Words<T>::list.at(i));
    }
    throw Fault(path, expected + " is expected");
  }
};

template <class T>
struct Codec<std::vector<T>> {
  static Json write(const std::vector<T>& list) {
    auto json = Json::array();
    for (const auto& one : list) json.push_back(Codec<T>::write(one));
    return json;
  }
  static std::vector<T> read(const Json& json, const std::string& path) {
    if (!json.is_array()) throw Fault(path, "a list is expected");
    std::vector<T> list;
    for (const auto& one : json) {
      list.push_back(Codec<T>::read(one, path + "[" + std::to_string(list.size()) + "]"));
    }
    return list;
  }
};

/// Writes the members of a structure one by one; what is optional and not there has no key.
class Writer {
 public:
  template <class T>
  void operator()(const char* key, const T& value) {
    json_[key] = Codec<T>::write(value);
  }
  template <class T>
  void operator()(const char* key, const std::optional<T>& value) {
    if (value) json_[key] = Codec<T>::write(*value);
  }
  [[nodiscard]] Json done() { return std::move(json_); }

 private:
  Json json_ = Json::object();
};

/// Reads them; a key that is missing leaves the member as it is made.
class Loader {
 public:
  Loader(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
    if (!json.is_object()) throw Fault(path_, "an object is expected");
  }
  template <class T>
  void operator()(const char* key, T& value) {
    if (const auto* found = look(key)) value = Codec<T>::read(*found, below(key));
  }
  template <class T>
  void operator()(const char* key, std::optional<T>& value) {
    if (const auto* found = look(key)) value = Codec<T>::read(*found, below(key));
  }
  void end() const {
    for (const auto& [key, value] : json_.items()) {
      if (!known_.contains(key)) throw Fault(below(key), "no such key");
    }
  }

 private:
  const Json* look(const char* key) {
    known_.insert(key);
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }
  [[nodiscard]] std::string below(const std::string& key) const {
    return path_.empty() ? key : path_ + "." + key;
  }

  const Json& json_;
  std::string path_;
  std::set<std::string> known_;
};

// Each structure of the file: its keys and members. `Self` is const when it is written.

template <class Archive, class Self>
void members(Archive& field, Self& self, const NotificationConfiguration& /*type*/) {
  field("events", self.events);
  field("address", self.address);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const Owner& /*type*/) {
  field("mcc_mnc", self.mcc_mnc);
  field("gid1", self.gid1);
  field("gid2", self.gid2);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const PolicyRules& /*type*/) {
  field("update_control", self.update_control);
  field("ppr1", self.ppr1);
  field("ppr2", self.ppr2);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const Profile& /*type*/) {
  field("iccid", self.iccid);
  field("isdp_aid", self.isdp_aid);
  field("state", self.state);
  field("nickname", self.nickname);
  field("provider", self.provider);
  field("name", self.name);
  field("icon_type", self.icon_type);
  field("icon", self.icon);
  field("class", self.profile_class);
  field("notifications", self.notifications);
  field("owner", self.owner);
  field("rules", self.rules);
  field("size", self.size);
  field("preloaded", self.preloaded);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const Notification& /*type*/) {
  field("sequence", self.sequence);
  field("operation", self.operation);
  field("address", self.address);
  field("iccid", self.iccid);
  field("installation", self.installation);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const Keys& /*type*/) {
  field("private_key", self.private_key);
  field("certificate", self.certificate);
  field("eum", self.eum);
  field("ci", self.ci);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const AuthorisationRule& /*type*/) {
  field("rules", self.rules);
  field("operators", self.operators);
  field("consent_required", self.consent_required);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const Certification& /*type*/) {
  field("platform_label", self.platform_label);
  field("discovery_url", self.discovery_url);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const Info& /*type*/) {
  field("profile_version", self.profile_version);
  field("svn", self.svn);
  field("firmware", self.firmware);
  field("installed_applications", self.installed_applications);
  field("free_memory", self.free_memory);
  field("free_volatile_memory", self.free_volatile_memory);
  field("uicc_capability", self.uicc_capability);
  field("ts102241_version", self.ts102241_version);
  field("globalplatform_version", self.globalplatform_version);
  field("rsp_capability", self.rsp_capability);
  field("verification_keys", self.verification_keys);
  field("signing_keys", self.signing_keys);
  field("category", self.category);
  field("forbidden_rules", self.forbidden_rules);
  field("protection_profile", self.protection_profile);
  field("sas_number", self.sas_number);
  field("certification", self.certification);
  field("extra", self.extra);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const Line& /*type*/) {
  field("le", self.le);
  field("exact_le", self.exact_le);
  field("answer_piece", self.answer_piece);
  field("get_response_class", self.get_response_class);
  field("longest_block", self.longest_block);
  field("too_long_status", self.too_long_status);
  field("terminal_capability_status", self.terminal_capability_status);
  field("always_proactive", self.always_proactive);
  field("leaked_channels", self.leaked_channels);
  field("ms_per_apdu", self.ms_per_apdu);
  field("us_per_byte", self.us_per_byte);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const Options& /*type*/) {
  field("isdr", self.isdr);
  field("ecasd", self.ecasd);
  field("needs_terminal_capability", self.needs_terminal_capability);
  field("busy_until_reset", self.busy_until_reset);
  field("proactive_status", self.proactive_status);
  field("enable_by_iccid_refused", self.enable_by_iccid_refused);
  field("refresh_refused", self.refresh_refused);
  field("change_at_reset", self.change_at_reset);
  field("cat_busy", self.cat_busy);
  field("memory_full", self.memory_full);
  field("extra_tags", self.extra_tags);
  field("defaults_left_out", self.defaults_left_out);
  field("enable_result", self.enable_result);
  field("disable_result", self.disable_result);
  field("delete_result", self.delete_result);
  field("reset_result", self.reset_result);
  field("line", self.line);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const InstallError& /*type*/) {
  field("command", self.command);
  field("reason", self.reason);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const DownloadFaults& /*type*/) {
  field("authenticate_error", self.authenticate_error);
  field("prepare_error", self.prepare_error);
  field("cancel_error", self.cancel_error);
  field("install_error", self.install_error);
  field("mute_after_segments", self.mute_after_segments);
}

template <class Archive, class Self>
void members(Archive& field, Self& self, const State& /*type*/) {
  field("eid", self.eid);
  field("isdr_aid", self.isdr_aid);
  field("protocol", self.protocol);
  field("atr", self.atr);
  field("channels", self.channels);
  field("profiles", self.profiles);
  field("default_smdp", self.default_smdp);
  field("factory_smdp", self.factory_smdp);
  field("root_smds", self.root_smds);
  field("notifications", self.notifications);
  field("next_sequence", self.next_sequence);
  field("authorisation_rules", self.authorisation_rules);
  field("info", self.info);
  field("keys", self.keys);
  field("revocations", self.revocations);
  field("options", self.options);
  field("download", self.download);
}

template <class T>
  requires std::is_class_v<T>
struct Codec<T> {
  static Json write(const T& value) {
    Writer writer;
    members(writer, value, value);
    return writer.done();
  }
  static T read(const Json& json, const std::string& path) {
    T value{};
    Loader loader(json, path);
    members(loader, value, value);
    loader.end();
    return value;
  }
};

std::string range(std::size_t least, std::size_t most) {
  return least == most ? std::to_string(least)
                       : std::to_string(least) + " to " + std::to_string(most);
}

void check_length(const std::string& path, std::size_t length, std::size_t least,
                  std::size_t most) {
  if (length >= least && length <= most) return;
  throw Fault(path, range(least, most) + " octets are expected, not " + std::to_string(length));
}

void check_number(const std::string& path, std::size_t number, std::size_t least,
                  std::size_t most) {
  if (number < least || number > most) throw Fault(path, range(least, most) + " is expected");
}

void check(const std::string& path, const Profile& profile) {
  check_length(path + ".iccid", profile.iccid.size(), 10, 10);
  if (!profile.isdp_aid.empty()) {
    check_length(path + ".isdp_aid", profile.isdp_aid.size(), 5, 16);
  }
  check_length(path + ".nickname", profile.nickname.value_or("").size(), 0, 64);
  check_length(path + ".provider", profile.provider.value_or("").size(), 0, 32);
  check_length(path + ".name", profile.name.value_or("").size(), 0, 64);
  check_length(path + ".icon", profile.icon.size(), 0, 1024);
  if (profile.owner) check_length(path + ".owner.mcc_mnc", profile.owner->mcc_mnc.size(), 3, 3);
}

void check(const std::string& path, const Line& line, std::size_t channels) {
  check_number(path + ".answer_piece", line.answer_piece, 1, 256);
  check_number(path + ".longest_block", line.longest_block, 1, 255);
  check_length(path + ".too_long_status", line.too_long_status.size(), 2, 2);
  if (!line.terminal_capability_status.empty()) {
    check_length(path + ".terminal_capability_status", line.terminal_capability_status.size(), 2,
                 2);
  }
  check_number(path + ".leaked_channels", line.leaked_channels, 0, channels - 1);
}

/// What no member can tell alone: the sizes of SGP.22 annex H, and no two profiles alike or
/// enabled.
void check(const State& state) {
  check_length("eid", state.eid.size(), 16, 16);
  check_length("isdr_aid", state.isdr_aid.size(), 5, 16);
  check_length("atr", state.atr.size(), 0, 33);  // ISO 7816-3 8.1
  check_number("channels", state.channels, 1, 20);
  check("options.line", state.options.line, state.channels);
  for (std::size_t i = 0; i < state.keys.size(); ++i) {
    check_length("keys[" + std::to_string(i) + "].private_key", state.keys[i].private_key.size(),
                 32, 32);
  }
  std::set<base::Bytes> names;
  bool enabled = false;
  for (std::size_t i = 0; i < state.profiles.size(); ++i) {
    const auto path = "profiles[" + std::to_string(i) + "]";
    const auto& profile = state.profiles[i];
    check(path, profile);
    if (!names.insert(profile.iccid).second) throw Fault(path + ".iccid", "it is there twice");
    if (!profile.isdp_aid.empty() && !names.insert(profile.isdp_aid).second)
      throw Fault(path + ".isdp_aid", "it is there twice");
    if (profile.state != ProfileState::enabled) continue;
    if (enabled) throw Fault(path + ".state", "another profile is enabled already");
    enabled = true;
  }
}

/// Turns what is wrong into the error that users see.
template <class T>
T read_as(std::string_view text, std::string_view source) {
  const auto refuse = [&](const std::string& reason) {
    return base::Error(base::ErrorKind::usage, "sim.state", std::string(source) + ": " + reason);
  };
  try {
    auto value = Codec<T>::read(Json::parse(text), "");
    if constexpr (std::is_same_v<T, State>) {
      check(value);
    } else {
      check("profile", value);
    }
    return value;
  } catch (const Json::parse_error& error) {
    throw refuse("not JSON, at octet " + std::to_string(error.byte));
  } catch (const Fault& fault) {
    throw refuse(fault.what());
  }
}

}  // namespace

std::string to_json(const State& state) { return Codec<State>::write(state).dump(2) + "\n"; }

State from_json(std::string_view text, std::string_view source) {
  return read_as<State>(text, source);
}

std::string to_json(const Profile& profile) { return Codec<Profile>::write(profile).dump(); }

Profile profile_from_json(std::string_view text, std::string_view source) {
  return read_as<Profile>(text, source);
}

}  // namespace sim
