#include <algorithm>
#include <array>
#include <string_view>

#include <openssl/evp.h>

#include "base/bytes.hpp"
#include "sim/carrier.hpp"
#include "sim/carrier_apis.hpp"
#include "sim/openssl.hpp"
#include "sim/url.hpp"

// emnify: openapi/_original/emnify-api-openapi.yml of api-evangelist/emnify, and
// docs/how-tos/multi-factor-authentication.md of emnify/product-docs.

namespace sim {
namespace {

constexpr std::uint64_t trusted_seconds = 90 * std::uint64_t{86'400};
constexpr std::uint64_t largest_page = 2500;
constexpr std::uint64_t usual_page = 2000;
constexpr std::size_t code_digits = 6;

HttpAnswer error(int status, const std::string& token, const std::string& message) {
  return {.status = status,
          .body = JsonObject()
                      .set("error_code", std::uint64_t{static_cast<unsigned>(status)})
                      .set("error_token", token)
                      .set("message", message)
                      .dump()};
}

/// Most 401 have no body.
HttpAnswer refuse(int status, const std::string& message) {
  if (status == 401) return {.status = 401};
  if (status == 404) return error(404, "NotFound", message);
  return error(status, "BadRequest", message);
}

HttpAnswer locked_out() {
  return error(401, "TooManyRequests", "Too many failed authentication attempts");
}

void guard(Call& call) {
  if (call.carrier.session("access", call.bearer()) == nullptr) throw Refusal(401, "");
}

std::string sha1_hex(std::string_view text) {
  std::array<std::uint8_t, 20> digest{};
  must(EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) == 1,
       "SHA-1");
  auto hex = base::to_hex(digest);
  for (auto& c : hex) c = c >= 'A' ? static_cast<char>(c - 'A' + 'a') : c;
  return hex;
}

std::string issue(const Call& call, const std::string& kind, const std::string& user,
                  std::uint64_t seconds) {
  const auto now = call.carrier.now();
  return call.carrier.begin(kind, user, seconds, web_token(user, now, now + seconds)).token;
}

HttpAnswer signed_in(const Call& call, CarrierAccount& account) {
  account.failures = 0;
  const auto& settings = call.carrier.settings();
  return json_answer(
      JsonObject()
          .set("auth_token", issue(call, "access", account.user, settings.token_seconds))
          .set("refresh_token", issue(call, "refresh", account.user, settings.refresh_seconds)));
}

/// A sign-in that failed: the one that locks the account says so.
HttpAnswer failed(const Call& call, CarrierAccount& account) {
  call.carrier.failed(account);
  if (call.carrier.locked(account)) return locked_out();
  throw Refusal(401, "");
}

bool trusts(const Call& call, const CarrierAccount& account, const std::string& fingerprint) {
  return std::ranges::any_of(account.trusted_devices, [&](const auto& device) {
    return device.fingerprint == fingerprint && device.until > call.carrier.now();
  });
}

HttpAnswer by_password(const Call& call, const JsonObject& body) {
  auto* const account = call.carrier.account(body.text("username").value_or(""));
  if (account == nullptr) throw Refusal(401, "");
  if (call.carrier.locked(*account)) return locked_out();
  if (body.text("password") != sha1_hex(account->password)) return failed(call, *account);
  if (account->mfa && !trusts(call, *account, body.text("fingerprint").value_or(""))) {
    return json_answer(JsonObject().set(
        "mfa_token",
        issue(call, "challenge", account->user, call.carrier.settings().challenge_seconds)));
  }
  return signed_in(call, *account);
}

void trust(const Call& call, CarrierAccount& account, const JsonObject& device) {
  const auto fingerprint = device.text("fingerprint").value_or("");
  if (fingerprint.empty()) throw Refusal(400, "trusted_device has no fingerprint");
  std::uint64_t id = 1;
  for (const auto& each : account.trusted_devices) id = std::max(id, each.id + 1);
  std::erase_if(account.trusted_devices,
                [&](const auto& each) { return each.fingerprint == fingerprint; });
  account.trusted_devices.push_back(
      {.fingerprint = fingerprint,
       .name = device.text("name").value_or(""),
       .browser = device.text("browser").value_or(""),
       .operating_system = device.text("operating_system").value_or(""),
       .id = id,
       .since = call.carrier.now(),
       .until = call.carrier.now() + trusted_seconds});
}

HttpAnswer by_code(const Call& call, const JsonObject& body) {
  const auto token = body.text("mfa_token").value_or("");
  const auto code = body.text("code").value_or("");
  if (code.size() != code_digits) throw Refusal(400, "code has not six digits");
  auto* const session = call.carrier.session("challenge", token);
  auto* const account = session == nullptr ? nullptr : call.carrier.account(session->user);
  if (account == nullptr) throw Refusal(401, "");
  if (call.carrier.locked(*account)) return locked_out();
  if (!call.carrier.takes_code(*account, code)) {
    ++session->attempts;
    return failed(call, *account);
  }
  if (const auto device = body.object("trusted_device")) trust(call, *account, *device);
  call.carrier.end_token(token);
  return signed_in(call, *account);
}

HttpAnswer by_refresh_token(const Call& call, const std::string& token) {
  const auto* const session = call.carrier.session("refresh", token);
  if (session == nullptr) throw Refusal(401, "");
  const auto user = session->user;
  return json_answer(
      JsonObject()
          .set("auth_token", issue(call, "access", user, call.carrier.settings().token_seconds))
          .set("refresh_token", token));
}

HttpAnswer by_application_token(const Call& call, const std::string& token) {
  for (const auto& each : call.carrier.state().accounts) {
    if (token.empty() || each.key != token) continue;
    return json_answer(JsonObject().set(
        "auth_token", issue(call, "access", each.user, call.carrier.settings().token_seconds)));
  }
  throw Refusal(401, "");
}

HttpAnswer authenticate(Call& call) {
  const auto body = call.body();
  const auto has = [&](const char* name) { return body.text(name).has_value(); };
  const int ways = static_cast<int>(has("username") && has("password")) +
                   static_cast<int>(has("mfa_token")) + static_cast<int>(has("refresh_token")) +
                   static_cast<int>(has("application_token"));
  if (ways != 1) throw Refusal(400, "Not one way to authenticate");
  if (has("mfa_token")) return by_code(call, body);
  if (const auto token = body.text("refresh_token")) return by_refresh_token(call, *token);
  if (const auto token = body.text("application_token")) return by_application_token(call, *token);
  return by_password(call, body);
}

/// Lists have the ICCID without its check digit.
std::string without_check_digit(const std::string& iccid) {
  return iccid.substr(0, iccid.size() - 1);
}

JsonObject to_sim(const CarrierLine& line) {
  const bool active = line.status == "active";
  auto sim =
      JsonObject()
          .set("id", std::uint64_t{std::stoull(line.id)})
          .set("iccid", without_check_digit(line.iccid))
          .set("imsi", line.imsi)
          .set("msisdn", line.msisdn)
          .set("production_date", line.cycle_start)
          .set("status", JsonObject()
                             .set("id", std::uint64_t{active ? 1U : 2U})
                             .set("description", std::string(active ? "Activated" : "Suspended")))
          .set("endpoint", JsonObject()
                               .set("id", std::uint64_t{std::stoull(line.other_id)})
                               .set("name", line.name));
  if (!line.eid.empty()) sim.set("eid", line.eid);
  return sim;
}

/// The filter `field:criteria` that `q` has.
bool fits(const CarrierLine& line, const std::string& filter) {
  const auto colon = filter.find(':');
  const auto name = filter.substr(0, colon);
  const auto wanted = colon == std::string::npos ? "" : filter.substr(colon + 1);
  if (name == "iccid") return without_check_digit(line.iccid) == wanted;
  if (name == "iccid_with_luhn") return line.iccid == wanted;
  if (name == "eid") return line.eid == wanted;
  if (name == "imsi") return line.imsi == wanted;
  if (name == "msisdn") return line.msisdn == wanted;
  if (name == "id") return line.id == wanted;
  throw Refusal(400, "No such filter field");
}

HttpAnswer list(Call& call) {
  const auto count = call.number("per_page", usual_page, 1, largest_page);
  const auto page = call.number("page", 1, 1, UINT32_MAX);
  std::vector<JsonObject> sims;
  for (const auto& line : call.carrier.state().lines) {
    const auto filter = field(call.query, "q");
    if (!filter || fits(line, *filter)) sims.push_back(to_sim(line));
  }
  return json_answer(page_of(sims, (page - 1) * count, count));
}

HttpAnswer one(Call& call) {
  const auto* const line = call.carrier.line(call.parts.at(0));
  if (line == nullptr) throw Refusal(404, "No such SIM");
  return json_answer(to_sim(*line));
}

const CarrierLine& endpoint_of(const Call& call) {
  for (const auto& line : call.carrier.state().lines) {
    if (line.other_id == call.parts.at(0)) return line;
  }
  throw Refusal(404, "No such endpoint");
}

JsonObject volumes(const Call& call, std::uint64_t upload, std::uint64_t download) {
  const auto megabytes = [&](std::uint64_t octets) {
    return static_cast<double>(octets) / static_cast<double>(call.carrier.settings().megabyte);
  };
  return JsonObject()
      .set_real("volume", megabytes(upload + download))
      .set_real("volume_tx", megabytes(upload))
      .set_real("volume_rx", megabytes(download));
}

std::string day_of(const Call& call, const char* name, const std::string& otherwise) {
  const auto day = field(call.query, name);
  if (!day) return otherwise;
  if (from_time(*day + "T00:00:00Z") == 0) throw Refusal(400, std::string(name) + " is no day");
  return *day;
}

HttpAnswer daily(Call& call) {
  const auto& line = endpoint_of(call);
  const auto today = to_time(call.carrier.now()).substr(0, 10);
  const auto end = day_of(call, "end_date", today);
  const auto start = day_of(call, "start_date", end.substr(0, 8) + "01");
  std::vector<JsonObject> days;
  for (const auto& day : line.days) {
    if (day.date < start || day.date > end) continue;
    days.push_back(JsonObject()
                       .set("date", day.date)
                       .set("data", volumes(call, day.upload, day.download))
                       .set("sms", JsonObject()
                                       .set("volume", std::uint64_t{0})
                                       .set("volume_tx", std::uint64_t{0})
                                       .set("volume_rx", std::uint64_t{0})));
  }
  return json_answer(days);
}

HttpAnswer quota(Call& call) {
  const auto& line = endpoint_of(call);
  if (line.limit_bytes == 0) throw Refusal(404, "No quota");
  const bool exhausted = line.used_bytes >= line.limit_bytes;
  const bool expired = from_time(line.cycle_end) <= call.carrier.now();
  const auto megabyte = static_cast<double>(call.carrier.settings().megabyte);
  const auto left = exhausted ? 0 : line.limit_bytes - line.used_bytes;
  const std::string word = expired ? "EXPIRED" : exhausted ? "EXHAUSTED" : "ACTIVE";
  const std::string number = expired ? "3" : exhausted ? "1" : "2";
  return json_answer(
      JsonObject()
          .set("status", JsonObject().set("id", number).set("description", word))
          .set_real("volume", static_cast<double>(left) / megabyte)
          .set_real("last_volume_added", static_cast<double>(line.limit_bytes) / megabyte)
          .set("last_status_change_date", line.cycle_start)
          .set("expiry_date", line.cycle_end)
          .set("auto_refill", std::uint64_t{0})
          .set("threshold_percentage", std::uint64_t{20})
          .set("action_on_exhaustion",
               JsonObject().set("id", std::string("1")).set("description", std::string("Block"))));
}

CarrierAccount& own_account(const Call& call) {
  const auto* const session = call.carrier.session("access", call.bearer());
  auto* const account = call.carrier.account(session->user);
  if (account == nullptr || (call.parts.at(0) != "my" && call.parts.at(0) != account->id)) {
    throw Refusal(404, "No such user");
  }
  return *account;
}

HttpAnswer devices(Call& call) {
  std::vector<JsonObject> list;
  for (const auto& device : own_account(call).trusted_devices) {
    list.push_back(JsonObject()
                       .set("id", device.id)
                       .set("operating_system", device.operating_system)
                       .set("browser", device.browser)
                       .set("activation_date", to_time(device.since)));
  }
  return json_answer(list);
}

HttpAnswer remove_device(Call& call) {
  const auto removed = std::erase_if(own_account(call).trusted_devices, [&](const auto& device) {
    return std::to_string(device.id) == call.parts.at(1);
  });
  if (removed == 0) throw Refusal(404, "No such device");
  return {.status = 204};
}

CarrierState fresh(std::uint64_t now) {
  auto state = fresh_carrier("emnify", now);
  state.settings = {.token_seconds = 14'400,
                    .refresh_seconds = 86'400,
                    .challenge_seconds = 300,
                    .most_failures = 3,
                    .lock_seconds = 300};
  state.accounts.front().key = "application-token-simulated";
  return state;
}

constexpr std::array routes{
    Route{"POST", "/api/v1/authenticate", authenticate, true},
    Route{"GET", "/api/v1/sim", list},
    Route{"GET", "/api/v1/sim/{}", one},
    Route{"GET", "/api/v1/endpoint/{}/stats/daily", daily},
    Route{"GET", "/api/v1/endpoint/{}/quota/data", quota},
    Route{"GET", "/api/v1/user/{}/mfa/trusted_device", devices},
    Route{"DELETE", "/api/v1/user/{}/mfa/trusted_device/{}", remove_device},
};

}  // namespace

const CarrierApi emnify{"emnify", routes, guard, refuse, fresh};

}  // namespace sim
