#include "sim/orders.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/error.hpp"
#include "sim/json.hpp"

namespace sim {
namespace {

constexpr std::array<std::string_view, 6> state_words{"allocated", "released",  "downloaded",
                                                      "installed", "cancelled", "error"};
OrderState state_of(const std::string& word) {
  const auto found = std::ranges::find(state_words, word);
  if (found == state_words.end()) throw JsonFault("state: no such word");
  return static_cast<OrderState>(found - state_words.begin());
}

JsonObject pack(const Order& order) {
  JsonObject json;
  json.set("matching_id", order.matching_id)
      .set("state", std::string(state_words.at(static_cast<std::size_t>(order.state))))
      .set("confirmation_code", order.confirmation_code)
      .set("eid", order.eid)
      .set("imei", order.imei)
      .set("attempts", order.attempts)
      .set("most_attempts", order.most_attempts)
      .set("code_attempts", order.code_attempts)
      .set("most_code_attempts", order.most_code_attempts)
      .set("expires", order.expires)
      .set("size", order.size)
      .set_flag("replace_keys", order.replace_keys)
      .set_flag("check_memory", order.check_memory)
      .set("preview_name", order.preview_name)
      .set("profile", JsonObject::parse(to_json(order.profile)));
  return json;
}

Order unpack_order(const JsonObject& json, std::string_view source) {
  only(json, {"matching_id", "state", "confirmation_code", "eid", "imei", "attempts",
              "most_attempts", "code_attempts", "most_code_attempts", "expires", "size",
              "replace_keys", "check_memory", "preview_name", "profile"});
  Order order;
  order.matching_id = json.text("matching_id").value_or("");
  order.state = state_of(json.text("state").value_or("released"));
  order.confirmation_code = json.text("confirmation_code").value_or("");
  order.eid = json.text("eid").value_or("");
  order.imei = json.text("imei").value_or("");
  order.attempts = json.number("attempts").value_or(order.attempts);
  order.most_attempts = json.number("most_attempts").value_or(order.most_attempts);
  order.code_attempts = json.number("code_attempts").value_or(order.code_attempts);
  order.most_code_attempts = json.number("most_code_attempts").value_or(order.most_code_attempts);
  order.expires = json.number("expires").value_or(order.expires);
  order.size = json.number("size").value_or(order.size);
  order.replace_keys = json.flag("replace_keys").value_or(order.replace_keys);
  order.check_memory = json.flag("check_memory").value_or(order.check_memory);
  order.preview_name = json.text("preview_name").value_or("");
  const auto profile = json.object("profile");
  if (!profile) throw JsonFault("profile: it is missing");
  order.profile = profile_from_json(profile->dump(), source);
  return order;
}

Order practice(std::string matching_id, std::string_view iccid, std::string name,
               std::uint64_t size) {
  Order order;
  order.matching_id = std::move(matching_id);
  order.size = size;
  order.profile.iccid = base::from_hex(iccid).value_or(base::Bytes{});
  order.profile.provider = "Practice Mobile";
  order.profile.name = std::move(name);
  order.profile.notifications = {
      {{Event::install, Event::enable, Event::disable, Event::remove}, "localhost"}};
  return order;
}

}  // namespace

Orders fresh_orders() {
  auto small = practice("SMALL-2KB", "980001000000000001F1", "Small", 2'000);
  small.replace_keys = false;
  auto large = practice("LARGE-200KB", "980001000000000002F1", "Large", 200'000);
  auto coded = practice("WITH-CODE", "980001000000000003F1", "With a code", 20'000);
  coded.confirmation_code = "1234";
  auto late = practice("TOO-LATE", "980001000000000004F1", "Too late", 20'000);
  late.expires = 1'577'836'800;  // 2020
  return {{small, large, coded, late}, {}};
}

std::string to_json(const Orders& orders) {
  std::vector<JsonObject> list;
  for (const auto& order : orders.orders) list.push_back(pack(order));
  return JsonObject().set("orders", list).set("faults", pack(orders.faults)).dump_pretty();
}

Orders orders_from_json(std::string_view text, std::string_view source) {
  try {
    const auto json = JsonObject::parse(text);
    only(json, {"orders", "faults"});
    Orders orders;
    for (const auto& one : json.objects("orders")) {
      orders.orders.push_back(unpack_order(one, source));
    }
    orders.faults = unpack_faults(json.objects("faults"));
    return orders;
  } catch (const JsonFault& fault) {
    throw base::Error(base::ErrorKind::usage, "sim.state",
                      std::string(source) + ": " + fault.what());
  }
}

}  // namespace sim
