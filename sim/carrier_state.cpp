#include "sim/carrier_state.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "sim/json.hpp"

namespace sim {
namespace {

// The members of each struct, once for both directions.

template <class Io>
void describe(Io& io, TrustedDevice& of) {
  io("fingerprint", of.fingerprint);
  io("name", of.name);
  io("browser", of.browser);
  io("operating_system", of.operating_system);
  io("id", of.id);
  io("since", of.since);
  io("until", of.until);
}

template <class Io>
void describe(Io& io, CarrierAccount& of) {
  io("user", of.user);
  io("password", of.password);
  io("id", of.id);
  io("user_name", of.user_name);
  io("key_id", of.key_id);
  io("key", of.key);
  io("totp_secret", of.totp_secret);
  io("mfa", of.mfa);
  io("last_step", of.last_step);
  io("failures", of.failures);
  io("locked_until", of.locked_until);
  io("trusted_devices", of.trusted_devices);
}

template <class Io>
void describe(Io& io, CarrierSession& of) {
  io("kind", of.kind);
  io("token", of.token);
  io("key", of.key);
  io("user", of.user);
  io("expires", of.expires);
  io("attempts", of.attempts);
}

template <class Io>
void describe(Io& io, CarrierDay& of) {
  io("date", of.date);
  io("upload", of.upload);
  io("download", of.download);
}

template <class Io>
void describe(Io& io, CarrierLine& of) {
  io("iccid", of.iccid);
  io("eid", of.eid);
  io("imsi", of.imsi);
  io("msisdn", of.msisdn);
  io("id", of.id);
  io("other_id", of.other_id);
  io("name", of.name);
  io("type", of.type);
  io("status", of.status);
  io("plan", of.plan);
  io("plan_id", of.plan_id);
  io("limit_bytes", of.limit_bytes);
  io("used_bytes", of.used_bytes);
  io("cycle_start", of.cycle_start);
  io("cycle_end", of.cycle_end);
  io("days", of.days);
}

template <class Io>
void describe(Io& io, CarrierBalance& of) {
  io("amount", of.amount);
  io("currency", of.currency);
}

template <class Io>
void describe(Io& io, CarrierSettings& of) {
  io("token_seconds", of.token_seconds);
  io("refresh_seconds", of.refresh_seconds);
  io("challenge_seconds", of.challenge_seconds);
  io("most_failures", of.most_failures);
  io("lock_seconds", of.lock_seconds);
  io("most_codes", of.most_codes);
  io("page_size", of.page_size);
  io("megabyte", of.megabyte);
  io("client_id", of.client_id);
  io("client_secret", of.client_secret);
}

template <class Io>
void describe(Io& io, CarrierFault& of) {
  io("method", of.method);
  io("path", of.path);
  io("fault", of.fault);
  io("skip", of.skip);
  io("times", of.times);
  io("status", of.status);
  io("retry_after", of.retry_after);
  io("location", of.location);
  io("member", of.member);
  io("becomes", of.becomes);
  io("pause", of.pause);
}

template <class Io>
void describe(Io& io, CarrierState& of) {
  io("provider", of.provider);
  io("now", of.now);
  io("clock_offset_seconds", of.clock_offset_seconds);
  io("accounts", of.accounts);
  io("sessions", of.sessions);
  io("lines", of.lines);
  io("balance", of.balance);
  io("settings", of.settings);
  io("faults", of.faults);
}

template <class T>
JsonObject packed(T of);

class Packer {
 public:
  void operator()(const char* key, std::string& value) { json.set(key, value); }
  void operator()(const char* key, std::uint64_t& value) { json.set(key, value); }
  void operator()(const char* key, std::int64_t& value) { json.set_signed(key, value); }
  void operator()(const char* key, bool& value) { json.set_flag(key, value); }
  template <class T>
  void operator()(const char* key, std::vector<T>& value) {
    std::vector<JsonObject> list;
    for (const auto& one : value) list.push_back(packed(one));
    json.set(key, list);
  }
  template <class T>
  void operator()(const char* key, T& value) {
    json.set(key, packed(value));
  }

  JsonObject json;
};

template <class T>
JsonObject packed(T of) {
  Packer packer;
  describe(packer, of);
  return packer.json;
}

template <class T>
void unpack(const JsonObject& json, T& into);

/// A key that is missing leaves its value as it is.
class Unpacker {
 public:
  explicit Unpacker(const JsonObject& json) : json_(json), unknown_(json.keys()) {}

  void operator()(const char* key, std::string& value) { take(key, json_.text(key), value); }
  void operator()(const char* key, std::uint64_t& value) { take(key, json_.number(key), value); }
  void operator()(const char* key, std::int64_t& value) {
    take(key, json_.signed_number(key), value);
  }
  void operator()(const char* key, bool& value) { take(key, json_.flag(key), value); }
  template <class T>
  void operator()(const char* key, std::vector<T>& value) {
    std::erase(unknown_, key);
    for (const auto& one : json_.objects(key)) unpack(one, value.emplace_back());
  }
  template <class T>
  void operator()(const char* key, T& value) {
    std::erase(unknown_, key);
    if (const auto object = json_.object(key)) unpack(*object, value);
  }

  void check() const {
    if (!unknown_.empty()) throw JsonFault(unknown_.front() + ": no such key");
  }

 private:
  template <class T>
  void take(const char* key, std::optional<T> from, T& value) {
    std::erase(unknown_, key);
    if (from) value = *std::move(from);
  }

  const JsonObject& json_;
  std::vector<std::string> unknown_;
};

template <class T>
void unpack(const JsonObject& json, T& into) {
  Unpacker unpacker(json);
  describe(unpacker, into);
  unpacker.check();
}

constexpr std::array<std::string_view, 12> fault_words{
    "status", "redirect",  "expire",    "rename", "retype",  "replace",
    "empty",  "slow_drip", "half_body", "stall",  "garbage", "huge"};

void check(const CarrierState& state) {
  if (!state.now.empty() && !base::from_rfc3339(state.now)) throw JsonFault("now: no such time");
  for (const auto& line : state.lines) {
    for (const auto& time : {line.cycle_start, line.cycle_end}) {
      if (!base::from_rfc3339(time)) throw JsonFault("lines: a cycle needs its two times");
    }
    for (const auto& day : line.days) {
      if (!base::from_rfc3339(day.date + "T00:00:00Z")) throw JsonFault("date: no such day");
    }
  }
  for (const auto& fault : state.faults) {
    const bool known = std::ranges::find(fault_words, fault.fault) != fault_words.end();
    if (!known) throw JsonFault("fault: no such word");
  }
  if (state.settings.megabyte == 0) throw JsonFault("megabyte: more than none");
}

}  // namespace

std::string to_json(const CarrierState& state) { return packed(state).dump_pretty(); }

CarrierState carrier_from_json(std::string_view text, std::string_view source) {
  try {
    CarrierState state;
    unpack(JsonObject::parse(text), state);
    check(state);
    return state;
  } catch (const JsonFault& fault) {
    throw base::Error(base::ErrorKind::usage, "sim.state",
                      std::string(source) + ": " + fault.what());
  }
}

}  // namespace sim
