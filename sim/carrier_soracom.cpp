#include <array>
#include <map>

#include "sim/carrier.hpp"
#include "sim/carrier_apis.hpp"
#include "sim/url.hpp"

// Soracom: generators/assets/soracom-api.en.yaml of soracom/soracom-cli, and
// developers.soracom.io/en/docs/tools/api-reference and /security/mfa.

namespace sim {
namespace {

constexpr std::uint64_t longest_token = 172'800;
constexpr std::uint64_t day_seconds = 86'400;
constexpr std::uint64_t minutes_kept = 32 * day_seconds;

HttpAnswer refuse(int status, const std::string& message) {
  return {
      .status = status,
      .body =
          JsonObject().set("code", "SIM" + std::to_string(status)).set("message", message).dump()};
}

void guard(Call& call) {
  const auto* const session =
      call.carrier.session("access", call.request.header("x-soracom-token"));
  if (session == nullptr || session->key != call.request.header("x-soracom-api-key")) {
    throw Refusal(401, "Invalid API key or token");
  }
}

/// The account that the request names, when its secret is right; AuthKeys need no code.
CarrierAccount* proved(const Call& call, const JsonObject& body) {
  const auto& accounts = call.carrier.state().accounts;
  for (const auto& each : accounts) {
    auto* const account = call.carrier.account(each.user);
    if (const auto id = body.text("authKeyId")) {
      if (*id == each.key_id && body.text("authKey") == each.key) return account;
      continue;
    }
    const bool named =
        body.text("email")
            ? body.text("email") == each.user && each.user_name.empty()
            : body.text("operatorId") == each.id && body.text("userName") == each.user_name;
    if (!named) continue;
    if (body.text("password") != each.password ||
        (each.mfa && !call.carrier.takes_code(*account, body.text("mfaOTPCode").value_or("")))) {
      call.carrier.failed(*account);
      return nullptr;
    }
    return account;
  }
  return nullptr;
}

/// Exactly one of the three ways to sign in.
bool well_formed(const JsonObject& body) {
  const auto has = [&](const char* name) { return body.text(name).has_value(); };
  const bool email = has("email") && has("password") && !has("operatorId") && !has("userName");
  const bool user = has("operatorId") && has("userName") && has("password") && !has("email");
  const bool key = has("authKeyId") && has("authKey") && !has("password");
  return (email || user) != key && (key || !has("authKeyId"));
}

HttpAnswer sign_in(Call& call) {
  const auto body = call.body();
  if (!well_formed(body)) throw Refusal(400, "Neither e-mail, user nor AuthKey");
  const auto seconds =
      body.number("tokenTimeoutSeconds").value_or(call.carrier.settings().token_seconds);
  if (seconds == 0 || seconds > longest_token) throw Refusal(400, "tokenTimeoutSeconds");
  auto* const account = proved(call, body);
  if (account == nullptr || call.carrier.locked(*account)) {
    throw Refusal(401, "Authentication failed");
  }
  account->failures = 0;
  call.carrier.begin("access", account->user, seconds);
  auto& session = call.carrier.state().sessions.back();
  session.key = "api-" + random_token();
  auto answer = JsonObject()
                    .set("apiKey", session.key)
                    .set("operatorId", account->id)
                    .set("token", session.token);
  if (!account->user_name.empty()) answer.set("userName", account->user_name);
  return json_answer(answer);
}

HttpAnswer sign_out(Call& call) {
  call.carrier.end_token(call.request.header("x-soracom-token"));
  return {.status = 204};
}

JsonObject to_sim(const Call& call, const CarrierLine& line) {
  const auto subscriber = JsonObject()
                              .set("imsi", line.imsi)
                              .set("msisdn", line.msisdn)
                              .set("status", line.status)
                              .set("subscription", std::string("plan01s"));
  const auto profile = JsonObject()
                           .set("iccid", line.iccid)
                           .set("primaryImsi", line.imsi)
                           .set("subscribers", JsonObject().set(line.imsi, subscriber));
  return JsonObject()
      .set("simId", line.id)
      .set("operatorId", call.carrier.state().accounts.front().id)
      .set("type", std::string(line.eid.empty() ? "uicc" : "euicc"))
      .set("status", line.status)
      .set("speedClass", line.plan)
      .set("activeProfileId", line.iccid)
      .set("profiles", JsonObject().set(line.iccid, profile))
      .set("tags", JsonObject().set("name", line.name))
      .set("createdTime", from_time(line.cycle_start) * 1000);
}

HttpAnswer list(Call& call) {
  const auto& lines = call.carrier.state().lines;
  const auto count = call.number("limit", call.carrier.settings().page_size, 1);
  std::uint64_t first = 0;
  if (const auto key = field(call.query, "last_evaluated_key")) {
    while (first < lines.size() && lines[first].id != *key) ++first;
    if (first == lines.size()) throw Refusal(400, "last_evaluated_key");
    ++first;
  }
  std::vector<JsonObject> sims;
  const auto page = page_of(lines, first, count);
  for (const auto& line : page) sims.push_back(to_sim(call, line));
  auto answer = json_answer(sims);
  if (first + page.size() < lines.size()) {
    answer.headers.emplace_back("x-soracom-next-key", page.back().id);
  }
  return answer;
}

const CarrierLine& line_of(const Call& call) {
  const auto* const line = call.carrier.line(call.parts.at(0));
  if (line == nullptr) throw Refusal(404, "No such SIM found");
  return *line;
}

HttpAnswer one(Call& call) { return json_answer(to_sim(call, line_of(call))); }

/// `count` octets each way; a quarter went at another speed, so that whoever reads one class only
/// is wrong.
JsonObject traffic(const std::string& speed, std::uint64_t upload, std::uint64_t download) {
  const auto part = [](std::uint64_t up, std::uint64_t down) {
    return JsonObject()
        .set("uploadByteSizeTotal", up)
        .set("downloadByteSizeTotal", down)
        .set("uploadPacketSizeTotal", up / 1000)
        .set("downloadPacketSizeTotal", down / 1000);
  };
  return JsonObject()
      .set(speed, part(upload - upload / 4, download - download / 4))
      .set("s1.minimum", part(upload / 4, download / 4));
}

HttpAnswer statistics(Call& call) {
  const auto& line = line_of(call);
  const auto period = field(call.query, "period").value_or("");
  const bool months = period == "month";
  const bool minutes = period == "minutes";
  if (!months && !minutes && period != "day") throw Refusal(400, "period");
  if (!field(call.query, "from") || !field(call.query, "to")) throw Refusal(400, "from and to");
  const auto from = call.number("from", 0);
  const auto to = call.number("to", 0);
  if (from > to) throw Refusal(400, "from is after to");
  if (minutes && from + minutes_kept < call.carrier.now()) throw Refusal(400, "from is too old");
  const std::size_t letters = months ? 7 : 10;  // of 2027-03-15
  std::map<std::string, CarrierDay> sums;
  for (const auto& day : line.days) {
    const auto name = day.date.substr(0, letters);
    if (name < to_time(from).substr(0, letters) || name > to_time(to).substr(0, letters)) continue;
    sums[name].upload += day.upload;
    sums[name].download += day.download;
  }
  std::vector<JsonObject> entries;
  for (const auto& [name, sum] : sums) {
    // What is told for minutes went at noon.
    auto date = name;
    std::erase(date, '-');
    const auto begin = from_time(name + (months ? "-01" : "") + "T00:00:00Z");
    entries.push_back(
        JsonObject()
            .set("date", date + (minutes ? "1200" : ""))
            .set("unixtime", begin + (minutes ? day_seconds / 2 : 0))
            .set("dataTrafficStatsMap", traffic(line.plan, sum.upload, sum.download)));
  }
  return json_answer(entries);
}

HttpAnswer bill(Call& call) {
  const auto& balance = call.carrier.state().balance;
  auto time = to_time(call.carrier.now());
  std::erase_if(time, [](char c) { return c < '0' || c > '9'; });
  return json_answer(JsonObject()
                         .set_real("amount", std::stod(balance.amount))
                         .set("currency", balance.currency)
                         .set("lastEvaluatedTime", time));
}

CarrierState fresh(std::uint64_t now) {
  auto state = fresh_carrier("soracom", now);
  state.settings = {.token_seconds = day_seconds, .page_size = 100};
  auto& account = state.accounts.front();
  account.id = "OP0012345678";
  account.key_id = "keyId-simulated";
  account.key = "secret-simulated";
  for (auto& line : state.lines) {
    line.id = line.iccid;
    line.plan = "s1.fast";
  }
  return state;
}

constexpr std::array routes{
    Route{"POST", "/v1/auth", sign_in, true},
    Route{"POST", "/v1/auth/logout", sign_out},
    Route{"GET", "/v1/sims", list},
    Route{"GET", "/v1/sims/{}", one},
    Route{"GET", "/v1/stats/air/sims/{}", statistics},
    Route{"GET", "/v1/bills/latest", bill},
};

}  // namespace

const CarrierApi soracom{"soracom", routes, guard, refuse, fresh};

}  // namespace sim
