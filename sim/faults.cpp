#include "sim/faults.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sim {
namespace {

constexpr std::array<std::string_view, 9> fault_words{
    "status",       "http",  "lost",      "garbage",
    "half_body",    "stall", "slow_drip", "wrong_transaction_id",
    "wrong_address"};

ServerFault::Kind kind_of(const std::string& word) {
  const auto found = std::ranges::find(fault_words, word);
  if (found == fault_words.end()) throw JsonFault("fault: no such word");
  return static_cast<ServerFault::Kind>(found - fault_words.begin());
}

JsonObject pack(const ServerFault& fault) {
  JsonObject json;
  json.set("function", fault.function)
      .set("fault", std::string(fault_words.at(static_cast<std::size_t>(fault.kind))))
      .set("subject", fault.subject)
      .set("reason", fault.reason)
      .set("http", fault.http)
      .set("skip", fault.skip)
      .set("times", fault.times)
      .set("pause", fault.pause);
  return json;
}

ServerFault unpack_fault(const JsonObject& json) {
  only(json, {"function", "fault", "subject", "reason", "http", "skip", "times", "pause"});
  ServerFault fault;
  fault.function = json.text("function").value_or("");
  fault.kind = kind_of(json.text("fault").value_or("status"));
  fault.subject = json.text("subject").value_or("");
  fault.reason = json.text("reason").value_or("");
  fault.http = json.number("http").value_or(fault.http);
  fault.skip = json.number("skip").value_or(fault.skip);
  fault.times = json.number("times").value_or(fault.times);
  fault.pause = json.number("pause").value_or(fault.pause);
  return fault;
}

}  // namespace

std::vector<JsonObject> pack(const std::vector<ServerFault>& faults) {
  std::vector<JsonObject> list;
  for (const auto& fault : faults) list.push_back(pack(fault));
  return list;
}

std::vector<ServerFault> unpack_faults(const std::vector<JsonObject>& list) {
  std::vector<ServerFault> faults;
  for (const auto& one : list) faults.push_back(unpack_fault(one));
  return faults;
}

void only(const JsonObject& json, std::initializer_list<std::string_view> known) {
  for (const auto& key : json.keys()) {
    if (std::ranges::find(known, key) == known.end()) throw JsonFault(key + ": no such key");
  }
}

}  // namespace sim
