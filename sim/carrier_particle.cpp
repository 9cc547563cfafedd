#include <array>

#include "sim/carrier.hpp"
#include "sim/carrier_apis.hpp"
#include "sim/url.hpp"

// Particle: src/types/responses.ts of particle-iot/particle-api-js, src/cmd/cloud.js and
// test/__fixtures__/api-js-mfa-rejection.json of particle-iot/particle-cli, RFC 6749 and 6750, and
// docs.particle.io/reference/cloud-apis/api.

namespace sim {
namespace {

constexpr std::uint64_t sims_on_page = 25;
constexpr std::uint64_t for_ever = 3'153'600'000;  // a hundred years

HttpAnswer failure(int status, const std::string& error, const std::string& description) {
  return {.status = status,
          .body = JsonObject().set("error", error).set("error_description", description).dump()};
}

HttpAnswer refuse(int status, const std::string& message) {
  if (status == 401) return failure(401, "invalid_token", message);
  if (status == 404) return failure(404, "not_found", message);
  return failure(status, "invalid_request", message);
}

void guard(Call& call) {
  const auto token = call.bearer();
  if (token.empty()) throw Refusal(400, "The access token was not found");
  if (call.carrier.session("access", token) == nullptr) {
    throw Refusal(401, "The access token provided is invalid.");
  }
}

/// The application proves itself in the form or by RFC 7617.
bool knows_client(const Call& call, const HttpFields& form) {
  const auto& settings = call.carrier.settings();
  if (const auto pair = call.basic()) {
    return pair->first == settings.client_id && pair->second == settings.client_secret;
  }
  return field(form, "client_id") == settings.client_id &&
         field(form, "client_secret") == settings.client_secret;
}

std::uint64_t lifetime(const Call& call, const HttpFields& form) {
  const auto usual = call.carrier.settings().token_seconds;
  const auto wanted = field(form, "expires_in");
  if (!wanted) return usual;
  const auto digits = wanted->find_first_not_of("0123456789") == std::string::npos;
  if (wanted->empty() || !digits || wanted->size() > 9) throw Refusal(400, "expires_in");
  return *wanted == "0" ? for_ever : std::stoull(*wanted);
}

HttpAnswer signed_in(const Call& call, const std::string& user, std::uint64_t seconds) {
  const auto access = call.carrier.begin("access", user, seconds);
  const auto refresh = call.carrier.begin("refresh", user, call.carrier.settings().refresh_seconds);
  return json_answer(JsonObject()
                         .set("token_type", std::string("bearer"))
                         .set("access_token", access.token)
                         .set("expires_in", seconds)
                         .set("refresh_token", refresh.token));
}

HttpAnswer by_password(const Call& call, const HttpFields& form) {
  auto* const account = call.carrier.account(field(form, "username").value_or(""));
  if (account == nullptr || call.carrier.locked(*account) ||
      field(form, "password") != account->password) {
    if (account != nullptr) call.carrier.failed(*account);
    return failure(400, "invalid_grant", "User credentials are invalid");
  }
  if (!account->mfa) {
    account->failures = 0;
    return signed_in(call, account->user, lifetime(call, form));
  }
  const auto challenge =
      call.carrier.begin("challenge", account->user, call.carrier.settings().challenge_seconds);
  return {.status = 403,
          .body = JsonObject()
                      .set("error", std::string("mfa_required"))
                      .set("mfa_token", challenge.token)
                      .set("error_description", std::string("Multi-factor authentication required"))
                      .dump()};
}

HttpAnswer by_code(const Call& call, const HttpFields& form) {
  const auto token = field(form, "mfa_token").value_or("");
  auto* const session = call.carrier.session("challenge", token);
  auto* const account = session == nullptr ? nullptr : call.carrier.account(session->user);
  if (account == nullptr) return failure(400, "invalid_grant", "OTP expired");
  if (!call.carrier.takes_code(*account, field(form, "otp").value_or(""))) {
    call.carrier.failed(*account);
    const auto most = call.carrier.settings().most_codes;
    if (++session->attempts == most) call.carrier.end_token(token);
    return failure(403, "invalid_grant", "Invalid OTP");
  }
  account->failures = 0;
  const auto user = account->user;
  call.carrier.end_token(token);
  return signed_in(call, user, lifetime(call, form));
}

HttpAnswer by_refresh_token(const Call& call, const HttpFields& form) {
  const auto token = field(form, "refresh_token").value_or("");
  const auto* const session = call.carrier.session("refresh", token);
  if (session == nullptr) return failure(400, "invalid_grant", "Invalid refresh token");
  const auto user = session->user;
  call.carrier.end_token(token);
  return signed_in(call, user, lifetime(call, form));
}

HttpAnswer authenticate(Call& call) {
  const auto form = call.form();
  if (!knows_client(call, form)) {
    return failure(call.basic() ? 401 : 400, "invalid_client", "Client credentials are invalid");
  }
  const auto grant = field(form, "grant_type").value_or("");
  if (grant == "password") return by_password(call, form);
  if (grant == "urn:custom:mfa-otp") return by_code(call, form);
  if (grant == "refresh_token") return by_refresh_token(call, form);
  return failure(400, "unsupported_grant_type", "No such grant type");
}

HttpAnswer sign_out(Call& call) {
  call.carrier.end_token(call.bearer());
  return json_answer(JsonObject().set_flag("ok", true));
}

JsonObject to_sim(const CarrierLine& line) {
  return JsonObject()
      .set("_id", line.iccid)
      .set("iccid", line.iccid)
      .set("status", line.status)
      .set("base_country_code", std::string("US"))
      .set("carrier", std::string("AT&T"))
      .set("first_activated_on", line.cycle_start)
      .set("last_device_id", line.other_id)
      .set("last_device_name", line.name)
      .set_real("mb_limit", static_cast<double>(line.limit_bytes) / 1e6);
}

HttpAnswer list(Call& call) {
  const auto& lines = call.carrier.state().lines;
  std::vector<JsonObject> sims;
  for (const auto& line : lines) sims.push_back(to_sim(line));
  return json_answer(JsonObject().set("sims", sims));
}

/// The list of a product comes in pages.
HttpAnswer list_of_product(Call& call) {
  const auto& lines = call.carrier.state().lines;
  const auto count = call.number("per_page", sims_on_page, 1, 100);
  const auto page = call.number("page", 1, 1, UINT32_MAX);
  std::vector<JsonObject> sims;
  for (const auto& line : page_of(lines, (page - 1) * count, count)) sims.push_back(to_sim(line));
  return json_answer(JsonObject()
                         .set("sims", sims)
                         .set("meta", JsonObject()
                                          .set("total_records", std::uint64_t{lines.size()})
                                          .set("total_pages", (lines.size() + count - 1) / count)));
}

const CarrierLine& line_of(const Call& call) {
  const auto* const line = call.carrier.line_with_iccid(call.parts.back());
  if (line == nullptr) throw Refusal(404, "SIM card not found");
  return *line;
}

HttpAnswer one(Call& call) { return json_answer(to_sim(line_of(call))); }

/// The days of the billing period.
HttpAnswer usage(Call& call) {
  const auto& line = line_of(call);
  const auto megabyte = static_cast<double>(call.carrier.settings().megabyte);
  std::vector<JsonObject> days;
  std::uint64_t sum = 0;
  for (const auto& day : line.days) {
    if (day.date < line.cycle_start.substr(0, 10)) continue;
    sum += day.upload + day.download;
    days.push_back(
        JsonObject()
            .set("date", day.date)
            .set_real("mbs_used", static_cast<double>(day.upload + day.download) / megabyte)
            .set_real("mbs_used_cumulative", static_cast<double>(sum) / megabyte));
  }
  return json_answer(JsonObject().set("iccid", line.iccid).set("usage_by_day", days));
}

CarrierState fresh(std::uint64_t now) {
  auto state = fresh_carrier("particle", now);
  state.settings = {.token_seconds = 7'776'000,
                    .refresh_seconds = 7'776'000,
                    .challenge_seconds = 600,
                    .most_codes = 3,
                    .client_id = "client-simulated",
                    .client_secret = "secret-simulated"};
  for (auto& line : state.lines) line.id = line.iccid;
  return state;
}

constexpr std::array routes{
    Route{"POST", "/oauth/token", authenticate, true},
    Route{"DELETE", "/v1/access_tokens/current", sign_out},
    Route{"GET", "/v1/sims", list},
    Route{"GET", "/v1/sims/{}", one},
    Route{"GET", "/v1/sims/{}/data_usage", usage},
    Route{"GET", "/v1/products/{}/sims", list_of_product},
    Route{"GET", "/v1/products/{}/sims/{}", one},
    Route{"GET", "/v1/products/{}/sims/{}/data_usage", usage},
};

}  // namespace

const CarrierApi particle{"particle", routes, guard, refuse, fresh};

}  // namespace sim
