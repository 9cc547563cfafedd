#include <algorithm>
#include <array>

#include "sim/carrier.hpp"
#include "sim/carrier_apis.hpp"
#include "sim/url.hpp"

// Hologram: openapi/ of api-evangelist/hologram, and docs.hologram.io. The members of a link that
// these leave out are as public clients read them.

namespace sim {
namespace {

constexpr std::uint64_t largest_page = 1000;

HttpAnswer refuse(int status, const std::string& message) {
  return {.status = status,
          .body = JsonObject().set_flag("success", false).set("error", message).dump()};
}

void guard(Call& call) {
  // Documented, but a key in an address is a key in every log.
  if (field(call.query, "apikey")) throw Refusal(400, "The API key is in the query");
  const auto pair = call.basic();
  const auto& accounts = call.carrier.state().accounts;
  const bool known = pair && pair->first == "apikey" &&
                     std::ranges::any_of(
                         accounts, [&](const auto& each) { return each.password == pair->second; });
  if (!known) throw Refusal(401, "Not authorized");
}

/// 2018-09-03 20:41:45
std::string plain_time(const std::string& time) {
  return time.substr(0, 10) + " " + time.substr(11, 8);
}

JsonObject to_link(const CarrierLine& line) {
  const auto plan = JsonObject()
                        .set("id", std::uint64_t{std::stoull(line.plan_id)})
                        .set("name", line.plan)
                        .set("data", line.limit_bytes)
                        .set("zone", std::string("global"));
  auto link = JsonObject()
                  .set("id", std::uint64_t{std::stoull(line.id)})
                  .set("deviceid", std::uint64_t{std::stoull(line.other_id)})
                  .set("sim", line.iccid)
                  .set("msisdn", line.msisdn)
                  .set("imsi", line.imsi)
                  .set("state", line.status)
                  .set("planid", std::uint64_t{std::stoull(line.plan_id)})
                  .set("plan", plan)
                  .set("zone", std::string("global"))
                  .set("whenclaimed", plain_time(line.cycle_start))
                  .set("whenexpires", plain_time(line.cycle_end))
                  .set("cur_billing_data_used", line.used_bytes)
                  .set("last_billing_data_used", std::uint64_t{0});
  // 0: the plan ends with what it has; -1: it goes on, and costs.
  link.set_signed("overagelimit", line.limit_bytes == 0 ? -1 : 0);
  return link;
}

/// A list in its envelope, after the record that `startafter` names.
HttpAnswer enveloped(const Call& call, const std::vector<JsonObject>& all) {
  const auto usual = call.carrier.settings().page_size;
  const auto limit = call.number("limit", usual, 1, largest_page);
  std::uint64_t first = 0;
  if (field(call.query, "startafter")) {
    const auto after = call.number("startafter", 0);
    while (first < all.size() && all[first].number("id") <= after) ++first;
  }
  const auto page = page_of(all, first, limit);
  const bool continues = first + page.size() < all.size();
  auto answer = JsonObject()
                    .set_flag("success", true)
                    .set("limit", limit)
                    .set("size", std::uint64_t{page.size()})
                    .set_flag("continues", continues);
  if (continues) answer.set("startafter", page.back().number("id").value_or(0));
  return json_answer(answer.set("data", page));
}

bool fits(const Call& call, const char* name, const std::string& value) {
  const auto wanted = field(call.query, name);
  return !wanted || *wanted == value;
}

HttpAnswer list(Call& call) {
  std::vector<JsonObject> links;
  for (const auto& line : call.carrier.state().lines) {
    if (fits(call, "sim", line.iccid) && fits(call, "deviceid", line.other_id)) {
      links.push_back(to_link(line));
    }
  }
  return enveloped(call, links);
}

HttpAnswer one(Call& call) {
  const auto* const line = call.carrier.line(call.parts.at(0));
  if (line == nullptr) throw Refusal(404, "Link not found");
  return json_answer(JsonObject().set_flag("success", true).set("data", to_link(*line)));
}

/// Sessions: one a day, at noon, unless days are asked for.
HttpAnswer records(const Call& call, const char* time) {
  const auto start = call.number("timestart", 0);
  const auto end = call.number("timeend", UINT32_MAX);
  std::vector<JsonObject> list;
  std::uint64_t id = 0;
  for (const auto& line : call.carrier.state().lines) {
    for (const auto& day : line.days) {
      ++id;
      const auto at = day.date + time;
      if (!fits(call, "linkid", line.id) || from_time(at) < start || from_time(at) > end) continue;
      list.push_back(JsonObject()
                         .set("id", id)
                         .set("linkid", std::uint64_t{std::stoull(line.id)})
                         .set("deviceid", std::uint64_t{std::stoull(line.other_id)})
                         .set("bytes", day.upload + day.download)
                         .set("timestamp", plain_time(at))
                         .set("network", std::string("simulated")));
    }
  }
  return enveloped(call, list);
}

HttpAnswer sessions(Call& call) { return records(call, "T12:00:00Z"); }
HttpAnswer daily(Call& call) { return records(call, "T00:00:00Z"); }
HttpAnswer sms(Call& call) { return enveloped(call, {}); }

CarrierState fresh(std::uint64_t now) {
  auto state = fresh_carrier("hologram", now);
  auto& account = state.accounts.front();
  account.user = "apikey";
  account.password = "key-simulated";
  account.mfa = false;
  account.totp_secret.clear();
  state.settings.page_size = largest_page;
  for (auto& line : state.lines) line.status = "LIVE";
  return state;
}

constexpr std::array routes{
    Route{"GET", "/api/1/links/cellular", list}, Route{"GET", "/api/1/links/cellular/{}", one},
    Route{"GET", "/api/1/usage/data", sessions}, Route{"GET", "/api/1/usage/data/daily", daily},
    Route{"GET", "/api/1/usage/sms", sms},
};

}  // namespace

const CarrierApi hologram{"hologram", routes, guard, refuse, fresh};

}  // namespace sim
