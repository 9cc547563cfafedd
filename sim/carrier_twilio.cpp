#include <algorithm>
#include <array>
#include <map>

#include "sim/carrier.hpp"
#include "sim/carrier_apis.hpp"
#include "sim/url.hpp"

// Twilio Super SIM: spec/json/twilio_supersim_v1.json of twilio/twilio-oai, and
// twilio.com/docs/iot/supersim and /docs/api/errors.

namespace sim {
namespace {

constexpr std::uint64_t usual_page = 50;
constexpr std::uint64_t largest_page = 1000;
constexpr std::uint64_t month_seconds = 30 * std::uint64_t{86'400};

HttpAnswer refuse(int status, const std::string& message) {
  struct Words {
    int status;
    std::uint64_t code;
  };
  constexpr std::array known{Words{401, 20003}, Words{404, 20404}, Words{405, 20004},
                             Words{429, 20429}, Words{500, 20500}};
  const auto* const found = std::ranges::find(known, status, &Words::status);
  const auto code = found == known.end() ? 20001 : found->code;
  HttpAnswer answer{
      .status = status,
      .body = JsonObject()
                  .set("code", code)
                  .set("message", message)
                  .set("more_info", "https://www.twilio.com/docs/errors/" + std::to_string(code))
                  .set("status", std::uint64_t{static_cast<unsigned>(status)})
                  .dump()};
  if (status == 401) {
    answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"Twilio API\"");
  }
  return answer;
}

const CarrierAccount* account_of(const Call& call) {
  const auto pair = call.basic();
  if (!pair) return nullptr;
  const auto* const account = call.carrier.account(pair->first);
  return account != nullptr && account->password == pair->second ? account : nullptr;
}

void guard(Call& call) {
  if (account_of(call) == nullptr) throw Refusal(401, "Authenticate");
}

std::string base_url(const Call& call) { return "https://" + call.request.header("host"); }

/// One page of a list with the addresses of its neighbours. The next page is found by its token
/// alone.
HttpAnswer paged(const Call& call, const std::string& key, const std::vector<JsonObject>& all) {
  constexpr std::string_view mark = "PT";
  const auto size = call.number("PageSize", usual_page, 1, largest_page);
  const auto page = call.number("Page", 0);
  std::uint64_t first = 0;
  if (const auto token = field(call.query, "PageToken")) {
    const auto digits = token->starts_with(mark) ? token->substr(mark.size()) : "";
    if (digits.empty() || digits.size() > 9 ||
        digits.find_first_not_of("0123456789") != std::string::npos) {
      throw Refusal(400, "Invalid PageToken");
    }
    first = std::stoull(digits);
  }
  const auto url = [&](std::uint64_t number, std::uint64_t begin) {
    auto text = base_url(call) + call.request.path + "?";
    for (const auto& [name, value] : call.query) {
      if (name.starts_with("Page")) continue;
      text += escaped(name) + "=" + escaped(value) + "&";
    }
    text += "PageSize=" + std::to_string(size) + "&Page=" + std::to_string(number);
    if (begin > 0) text += "&PageToken=" + std::string(mark) + std::to_string(begin);
    return text;
  };
  auto meta = JsonObject()
                  .set("page", page)
                  .set("page_size", size)
                  .set("first_page_url", url(0, 0))
                  .set("url", url(page, first))
                  .set("key", key);
  first == 0 ? meta.set_null("previous_page_url")
             : meta.set("previous_page_url",
                        url(page == 0 ? 0 : page - 1, first < size ? 0 : first - size));
  first + size >= all.size() ? meta.set_null("next_page_url")
                             : meta.set("next_page_url", url(page + 1, first + size));
  return json_answer(JsonObject().set(key, page_of(all, first, size)).set("meta", meta));
}

JsonObject to_sim(const Call& call, const CarrierLine& line) {
  const auto url = base_url(call) + "/v1/Sims/" + line.id;
  return JsonObject()
      .set("sid", line.id)
      .set("unique_name", line.name)
      .set("account_sid", account_of(call)->user)
      .set("iccid", line.iccid)
      .set("status", line.status)
      .set("fleet_sid", line.other_id)
      .set("date_created", line.cycle_start)
      .set("date_updated", line.cycle_start)
      .set("url", url)
      .set("links", JsonObject()
                        .set("billing_periods", url + "/BillingPeriods")
                        .set("sim_ip_addresses", url + "/IpAddresses"));
}

HttpAnswer list(Call& call) {
  const auto fits = [&](const char* name, const std::string& value) {
    const auto wanted = field(call.query, name);
    return !wanted || *wanted == value;
  };
  std::vector<JsonObject> sims;
  for (const auto& line : call.carrier.state().lines) {
    if (fits("Iccid", line.iccid) && fits("Status", line.status) && fits("Fleet", line.other_id)) {
      sims.push_back(to_sim(call, line));
    }
  }
  return paged(call, "sims", sims);
}

/// By SID or unique name.
const CarrierLine& line_of(const Call& call, const std::string& name) {
  for (const auto& line : call.carrier.state().lines) {
    if (line.id == name || line.name == name) return line;
  }
  throw Refusal(404, "The requested resource " + call.request.path + " was not found");
}

HttpAnswer one(Call& call) { return json_answer(to_sim(call, line_of(call, call.parts.at(0)))); }

HttpAnswer periods(Call& call) {
  const auto& line = line_of(call, call.parts.at(0));
  const auto period = JsonObject()
                          .set("sid", "HB" + line.id.substr(2))
                          .set("account_sid", account_of(call)->user)
                          .set("sim_sid", line.id)
                          .set("start_time", line.cycle_start)
                          .set("end_time", line.cycle_end)
                          .set("period_type", std::string("active"))
                          .set("date_created", line.cycle_start)
                          .set("date_updated", line.cycle_start);
  return paged(call, "billing_periods", {period});
}

HttpAnswer fleet(Call& call) {
  const auto& lines = call.carrier.state().lines;
  const auto found = std::ranges::find(lines, call.parts.at(0), &CarrierLine::other_id);
  if (found == lines.end()) {
    throw Refusal(404, "The requested resource " + call.request.path + " was not found");
  }
  return json_answer(JsonObject()
                         .set("sid", found->other_id)
                         .set("unique_name", found->plan)
                         .set("account_sid", account_of(call)->user)
                         .set_flag("data_enabled", true)
                         .set("data_limit", found->limit_bytes / call.carrier.settings().megabyte)
                         .set("data_metering", std::string("payg"))
                         .set("url", base_url(call) + call.request.path));
}

std::uint64_t time_of(const Call& call, const char* name, std::uint64_t otherwise) {
  const auto text = field(call.query, name);
  if (!text) return otherwise;
  const auto seconds = from_time(*text);
  if (seconds == 0) throw Refusal(400, std::string(name) + " is not ISO 8601");
  return seconds;
}

struct Sum {
  std::uint64_t upload = 0;
  std::uint64_t download = 0;
};

HttpAnswer usage(Call& call) {
  constexpr std::uint64_t day_seconds = 86'400;
  const auto granularity = field(call.query, "Granularity").value_or("all");
  const bool all = granularity == "all";
  const bool hours = granularity == "hour";
  if (!all && !hours && granularity != "day") throw Refusal(400, "Invalid Granularity");
  const auto group = field(call.query, "Group").value_or("");
  if (!group.empty() && group != "sim") throw Refusal(400, "Invalid Group");
  const auto end = time_of(call, "EndTime", call.carrier.now());
  const auto start = time_of(call, "StartTime", end - std::min(end, month_seconds));
  const auto sim = field(call.query, "Sim");
  const auto wanted = sim ? line_of(call, *sim).id : "";
  // By SIM, when they are told apart, and begin. What is told for hours went at noon.
  std::map<std::pair<std::string, std::uint64_t>, Sum> sums;
  for (const auto& line : call.carrier.state().lines) {
    if (sim && line.id != wanted) continue;
    for (const auto& day : line.days) {
      const auto begin = from_time(day.date + (hours ? "T12:00:00Z" : "T00:00:00Z"));
      if (begin < start || begin >= end) continue;
      auto& sum = sums[{sim || !group.empty() ? line.id : "", all ? start : begin}];
      sum.upload += day.upload;
      sum.download += day.download;
    }
  }
  std::vector<JsonObject> records;
  for (const auto& [key, sum] : sums) {
    const auto& [sid, begin] = key;
    const auto until = all ? end : begin + (hours ? 3600 : day_seconds);
    auto record =
        JsonObject()
            .set("account_sid", account_of(call)->user)
            .set_null("network_sid")
            .set_null("fleet_sid")
            .set_null("iso_country")
            .set("period",
                 JsonObject().set("start_time", to_time(begin)).set("end_time", to_time(until)))
            .set("data_upload", sum.upload)
            .set("data_download", sum.download)
            .set("data_total", sum.upload + sum.download)
            .set_null("data_total_billed")
            .set_null("billed_unit");
    sid.empty() ? record.set_null("sim_sid") : record.set("sim_sid", sid);
    records.push_back(record);
  }
  return paged(call, "usage_records", records);
}

CarrierState fresh(std::uint64_t now) {
  auto state = fresh_carrier("twilio", now);
  auto& account = state.accounts.front();
  account.user = "AC00000000000000000000000000001000";
  account.password = "auth-token-simulated";
  account.mfa = false;
  account.totp_secret.clear();
  for (auto& line : state.lines) {
    line.id = "HS00000000000000000000000000000" + line.id;
    line.other_id = "HF00000000000000000000000000000" + line.other_id;
  }
  return state;
}

constexpr std::array routes{
    Route{"GET", "/v1/Sims", list},
    Route{"GET", "/v1/Sims/{}", one},
    Route{"GET", "/v1/Sims/{}/BillingPeriods", periods},
    Route{"GET", "/v1/Fleets/{}", fleet},
    Route{"GET", "/v1/UsageRecords", usage},
};

}  // namespace

const CarrierApi twilio{"twilio", routes, guard, refuse, fresh};

}  // namespace sim
