#include <algorithm>
#include <array>

#include "sim/carrier.hpp"
#include "sim/carrier_apis.hpp"
#include "sim/url.hpp"

// Mint Mobile, which documents nothing: as custom_components/mintmobile/api.py of
// ryanmac8/HA-Mint-Mobile and src/auth.ts, src/mintApi.ts of constantindjonkam/mint-mobile-mqtt
// speak with it.

namespace sim {
namespace {

HttpAnswer refuse(int status, const std::string& message) {
  return {.status = status, .body = JsonObject().set("message", message).dump()};
}

const CarrierLine& main_line(const Call& call) {
  const auto& lines = call.carrier.state().lines;
  if (lines.empty()) throw Refusal(404, "No subscriber");
  return lines.front();
}

/// The channel of the app, or of the web site.
void check_channel(const Call& call) {
  const bool app = call.request.header("kaena-channel") == call.carrier.settings().client_id;
  if (!app && call.request.header("channel") != "web-am") throw Refusal(401, "Unauthorized");
}

/// Before there is a token, the app shows its own; the web site shows none.
void check_application(const Call& call) {
  check_channel(call);
  const bool web = call.request.header("channel") == "web-am";
  if (call.bearer() != (web ? "null" : call.carrier.settings().client_secret)) {
    throw Refusal(401, "Unauthorized");
  }
}

const CarrierAccount& account_of(const Call& call) {
  const auto* const session = call.carrier.session("access", call.bearer());
  const auto* const account = session == nullptr ? nullptr : call.carrier.account(session->user);
  if (account == nullptr) throw Refusal(401, "Unauthorized");
  return *account;
}

void guard(Call& call) {
  check_channel(call);
  if (account_of(call).id != call.parts.at(0)) throw Refusal(401, "Unauthorized");
}

/// There is one session: what was handed out before is worth nothing.
JsonObject tokens(const Call& call, const CarrierAccount& account) {
  call.carrier.end_tokens_of(account.user);
  const auto now = call.carrier.now();
  const auto until = now + call.carrier.settings().token_seconds;
  const auto access =
      call.carrier.begin("access", account.user, until - now, web_token(account.id, now, until));
  const auto refresh =
      call.carrier.begin("refresh", account.user, call.carrier.settings().refresh_seconds);
  return JsonObject().set("token", access.token).set("refreshToken", refresh.token);
}

HttpAnswer sign_in(Call& call) {
  check_application(call);
  const auto body = call.body();
  const auto user = body.text("msisdn") ? body.text("msisdn") : body.text("username");
  if (!user || !body.text("password") || body.text("subscriberType") != "PHONE") {
    throw Refusal(400, "Bad request");
  }
  auto* const account = call.carrier.account(*user);
  if (account == nullptr || call.carrier.locked(*account) ||
      body.text("password") != account->password) {
    if (account != nullptr) call.carrier.failed(*account);
    throw Refusal(401, "Invalid credentials");
  }
  account->failures = 0;
  return json_answer(tokens(call, *account)
                         .set("userId", account->id)
                         .set("subscriberType", main_line(call).type));
}

HttpAnswer refresh(Call& call) {
  check_application(call);
  const auto body = call.body();
  if (!body.text("id") || !body.text("refreshToken")) throw Refusal(400, "Bad request");
  const auto* const session =
      call.carrier.session("refresh", body.text("refreshToken").value_or(""));
  const auto* const account = session == nullptr ? nullptr : call.carrier.account(session->user);
  if (account == nullptr || account->id != body.text("id")) throw Refusal(401, "Unauthorized");
  return json_answer(tokens(call, *account));
}

JsonObject plan_of(const CarrierLine& line) {
  return JsonObject()
      .set("id", line.plan_id)
      .set("exp", from_time(line.cycle_end))
      .set("endOfCycle", from_time(line.cycle_end))
      .set("months", std::uint64_t{1});
}

/// Tablets and internet products hang below the main line; other phones are members.
std::string nested_name(const CarrierLine& line) {
  if (line.type == "TABLET") return "tablet";
  return line.type == "INTERNET" ? "internet" : "";
}

template <class Describe>
void nest(const Call& call, JsonObject& into, Describe describe) {
  const auto& lines = call.carrier.state().lines;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto name = nested_name(lines[i]);
    if (!name.empty()) into.set(name, describe(lines[i]));
  }
}

HttpAnswer account(Call& call) {
  const auto type = field(call.query, "subscriberType");
  if (type && *type != main_line(call).type) throw Refusal(401, "Unauthorized");
  const auto describe = [](const CarrierLine& line) {
    return JsonObject()
        .set("msisdn", line.msisdn)
        .set("firstName", line.name)
        .set("subscriberType", line.type)
        .set("plan", plan_of(line));
  };
  auto answer = describe(main_line(call)).set("id", call.parts.at(0));
  nest(call, answer, describe);
  return json_answer(answer);
}

HttpAnswer plans(Call& call) {
  const auto& line = main_line(call);
  const auto plan = JsonObject().set("id", line.plan_id).set("displayName", line.plan);
  return json_answer(JsonObject().set("availablePlans", std::vector{plan}));
}

double megabytes(const Call& call, std::uint64_t octets) {
  return static_cast<double>(octets) / static_cast<double>(call.carrier.settings().megabyte);
}

double left(const Call& call, const CarrierLine& line) {
  return megabytes(call, line.limit_bytes - std::min(line.used_bytes, line.limit_bytes));
}

HttpAnswer usage(Call& call) {
  const auto body = call.body();
  const auto types = body.texts("types");
  const auto type = body.text("subscriberType");
  if (std::ranges::find(types, "data") == types.end() || !type) throw Refusal(400, "Bad request");
  if (*type != main_line(call).type) throw Refusal(401, "Unauthorized");
  const auto describe = [&](const CarrierLine& line) {
    return JsonObject()
        .set_real("remainingHighSpeedData", left(call, line))
        .set_real("totalHighSpeedData", megabytes(call, line.limit_bytes))
        .set_real("usageHighSpeedData", megabytes(call, line.used_bytes))
        .set("usageTether4G", std::uint64_t{0});
  };
  auto answer = describe(main_line(call));
  nest(call, answer, describe);
  return json_answer(answer);
}

bool is_member(const Call& call, const CarrierLine& line) {
  return &line != &main_line(call) && nested_name(line).empty();
}

HttpAnswer members(Call& call) {
  std::vector<JsonObject> list;
  for (const auto& line : call.carrier.state().lines) {
    if (!is_member(call, line)) continue;
    list.push_back(
        JsonObject()
            .set("id", line.id)
            .set("msisdn", line.msisdn)
            .set("nickName", line.name)
            .set("currentPlan", JsonObject()
                                    .set("rechargeDate", from_time(line.cycle_end))
                                    .set("duration", std::uint64_t{1}))
            .set("nextPlan", JsonObject().set("renewalDate", from_time(line.cycle_end))));
  }
  return json_answer(JsonObject().set("activeMembers", list));
}

HttpAnswer member_usage(Call& call) {
  const auto* const line = call.carrier.line(call.parts.at(1));
  if (line == nullptr || !is_member(call, *line)) throw Refusal(404, "No such member");
  return json_answer(
      JsonObject().set("data", JsonObject()
                                   .set_real("remaining4G", left(call, *line))
                                   .set_real("usage4G", megabytes(call, line->used_bytes))));
}

CarrierState fresh(std::uint64_t now) {
  auto state = fresh_carrier("mint", now);
  state.settings = {.token_seconds = 900,
                    .refresh_seconds = 30 * std::uint64_t{86'400},
                    .megabyte = 1024 * std::uint64_t{1024},
                    .client_id = "channel-simulated",
                    .client_secret = "application-simulated"};
  auto& account = state.accounts.front();
  account.mfa = false;
  account.totp_secret.clear();
  for (std::size_t i = 0; i < state.lines.size(); ++i) {
    auto& line = state.lines[i];
    line.type = "PHONE";
    line.msisdn = "206555014" + std::to_string(i);
    line.limit_bytes = (5 - i) << 30U;
  }
  account.user = state.lines.front().msisdn;
  return state;
}

constexpr std::array routes{
    Route{"POST", "/v1/mint/login", sign_in, true},
    Route{"POST", "/v2/mint/login", sign_in, true},
    Route{"POST", "/v1/mint/refresh", refresh, true},
    Route{"GET", "/v1/mint/account/{}", account},
    Route{"GET", "/v1/mint/account/{}/plans", plans},
    Route{"POST", "/v2/mint/account/{}/usage", usage},
    Route{"GET", "/v1/mint/account/{}/multi-line", members},
    Route{"GET", "/v1/mint/account/{}/multi-line/{}/usage", member_usage},
};

}  // namespace

const CarrierApi mint{"mint", routes, guard, refuse, fresh};

}  // namespace sim
