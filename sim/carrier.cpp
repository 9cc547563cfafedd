#include "sim/carrier.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/bytes.hpp"
#include "sim/base64.hpp"
#include "sim/openssl.hpp"
#include "sim/totp.hpp"
#include "sim/url.hpp"

namespace sim {
namespace {

constexpr std::size_t token_octets = 32;

base::Bytes octets_of(std::string_view text) { return {text.begin(), text.end()}; }

std::string lower(std::string text) {
  for (auto& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// RFC 4648 section 5, without padding.
std::string to_base64url(base::ByteView octets) {
  auto text = to_base64(octets);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return text;
}

bool has_type(const HttpRequest& request, std::string_view type) {
  const auto told = lower(request.header("content-type"));
  return told == type || told.starts_with(std::string(type) + ";");
}

std::string after(const std::string& text, std::string_view scheme) {
  if (!lower(text.substr(0, scheme.size())).starts_with(scheme)) return "";
  return text.substr(scheme.size());
}

template <class List, class Fits>
auto* found(List& list, Fits fits) {
  const auto at = std::ranges::find_if(list, fits);
  return at == list.end() ? nullptr : &*at;
}

HttpAnswer routed(const CarrierApi& api, Call& call) {
  std::string allowed;
  for (const auto& route : api.routes) {
    auto parts = match_path(call.request.path, route.pattern);
    if (!parts) continue;
    if (route.method != call.request.method) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
      continue;
    }
    call.parts = *std::move(parts);
    if (!route.open) api.guard(call);
    return route.run(call);
  }
  if (allowed.empty()) throw Refusal(404, "Not found");
  auto answer = api.refuse(405, "Method not allowed");
  answer.headers.emplace_back("Allow", allowed);
  return answer;
}

}  // namespace

std::uint64_t Carrier::now() const {
  const auto seconds =
      state_->now.empty() ? static_cast<std::uint64_t>(std::time(nullptr)) : from_time(state_->now);
  return seconds + static_cast<std::uint64_t>(state_->clock_offset_seconds);
}

CarrierAccount* Carrier::account(const std::string& user) const {
  return found(state_->accounts, [&](const auto& each) { return each.user == user; });
}

CarrierLine* Carrier::line(const std::string& id) const {
  return found(state_->lines, [&](const auto& each) { return each.id == id; });
}

CarrierLine* Carrier::line_with_iccid(const std::string& iccid) const {
  return found(state_->lines, [&](const auto& each) { return each.iccid == iccid; });
}

bool Carrier::locked(const CarrierAccount& account) const { return account.locked_until > now(); }

void Carrier::failed(CarrierAccount& account) const {
  ++account.failures;
  const auto most = settings().most_failures;
  if (most == 0 || account.failures < most) return;
  account.failures = 0;
  account.locked_until = now() + settings().lock_seconds;
}

bool Carrier::takes_code(CarrierAccount& account, const std::string& code) const {
  const auto secret = from_base32(account.totp_secret);
  if (!secret) return false;
  const auto step = step_of_code(*secret, code, now());
  if (!step || *step <= account.last_step) return false;  // RFC 6238 5.2: once only
  account.last_step = *step;
  return true;
}

CarrierSession Carrier::begin(const std::string& kind, const std::string& user,
                              std::uint64_t seconds, std::string token) const {
  std::erase_if(state_->sessions, [&](const auto& each) { return each.expires <= now(); });
  CarrierSession session{.kind = kind,
                         .token = token.empty() ? random_token() : std::move(token),
                         .user = user,
                         .expires = now() + seconds};
  state_->sessions.push_back(session);
  return session;
}

CarrierSession* Carrier::session(const std::string& kind, const std::string& token) const {
  return found(state_->sessions, [&](const auto& each) {
    return each.kind == kind && each.token == token && each.expires > now();
  });
}

void Carrier::end_token(const std::string& token) const {
  std::erase_if(state_->sessions, [&](const auto& each) { return each.token == token; });
}

void Carrier::end_tokens_of(const std::string& user) const {
  std::erase_if(state_->sessions, [&](const auto& each) { return each.user == user; });
}

std::string random_token() {
  std::array<std::uint8_t, token_octets> octets{};
  must(RAND_bytes(octets.data(), octets.size()) == 1, "random octets");
  return lower(base::to_hex(octets));
}

std::string web_token(const std::string& subject, std::uint64_t issued, std::uint64_t expires) {
  const auto head = JsonObject().set("alg", std::string("HS256")).set("typ", std::string("JWT"));
  const auto claims = JsonObject()
                          .set("sub", subject)
                          .set("iat", issued)
                          .set("exp", expires)
                          .set("jti", random_token().substr(0, 16));
  const auto text =
      to_base64url(octets_of(head.dump())) + "." + to_base64url(octets_of(claims.dump()));
  constexpr std::string_view key = "esimctl-sim";  // whoever asks is believed by the list alone
  std::array<std::uint8_t, 32> mac{};
  unsigned length = 0;
  const auto signed_octets = octets_of(text);
  must(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), signed_octets.data(),
            signed_octets.size(), mac.data(), &length) != nullptr,
       "HMAC-SHA-256");
  return text + "." + to_base64url(mac);
}

std::string to_time(std::uint64_t seconds) {
  return base::to_rfc3339(base::UtcTime(std::chrono::seconds(seconds)));
}

std::uint64_t from_time(const std::string& text) {
  const auto time = base::from_rfc3339(text);
  return time ? static_cast<std::uint64_t>(time->time_since_epoch().count()) : 0;
}

JsonObject Call::body() const {
  if (!has_type(request, "application/json")) throw Refusal(400, "Content-Type is not JSON");
  return JsonObject::parse(request.body);
}

HttpFields Call::form() const {
  if (!has_type(request, "application/x-www-form-urlencoded")) {
    throw Refusal(400, "Content-Type is not a form");
  }
  auto fields = decode_form(request.body);
  if (!fields) throw Refusal(400, "The form cannot be read");
  return *std::move(fields);
}

std::uint64_t Call::number(const std::string& name, std::uint64_t otherwise, std::uint64_t least,
                           std::uint64_t most) const {
  const auto text = field(query, name);
  if (!text) return otherwise;
  std::uint64_t value = 0;
  const auto* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, value);
  if (text->empty() || read.ec != std::errc{} || read.ptr != end || value < least || value > most) {
    throw Refusal(400, name + " is out of range");
  }
  return value;
}

std::string Call::bearer() const { return after(request.header("authorization"), "bearer "); }

std::optional<std::pair<std::string, std::string>> Call::basic() const {
  const auto octets = from_base64(after(request.header("authorization"), "basic "));
  if (!octets) return std::nullopt;
  const std::string pair(octets->begin(), octets->end());
  const auto colon = pair.find(':');
  if (colon == std::string::npos) return std::nullopt;
  return std::pair{pair.substr(0, colon), pair.substr(colon + 1)};
}

HttpAnswer json_answer(const JsonObject& json) { return {.body = json.dump()}; }

HttpAnswer json_answer(const std::vector<JsonObject>& list) {
  return {.body = JsonObject::dump_list(list)};
}

HttpAnswer answer_carrier(const CarrierApi& api, CarrierState& state, const HttpRequest& request) {
  Call call{.carrier = Carrier(state), .request = request};
  try {
    auto query = decode_form(request.query);
    if (!query) throw Refusal(400, "The query cannot be read");
    call.query = *std::move(query);
    return routed(api, call);
  } catch (const Refusal& refusal) {
    return api.refuse(refusal.status(), refusal.what());
  } catch (const JsonFault& fault) {
    return api.refuse(400, fault.what());
  }
}

CarrierState fresh_carrier(std::string_view provider, std::uint64_t now) {
  using std::chrono::days;
  const auto today =
      std::chrono::floor<days>(base::UtcTime(std::chrono::seconds(static_cast<std::int64_t>(now))));
  const std::chrono::year_month_day date(today);
  const auto month = date.year() / date.month() / 1;
  const std::chrono::sys_days begin(month);
  const std::chrono::sys_days end(month + std::chrono::months(1));
  const std::chrono::sys_days before(month - std::chrono::months(1));
  CarrierState state;
  state.provider = provider;
  state.accounts.push_back({.user = "user@example.com",
                            .password = "correct horse",
                            .id = "1000",
                            .totp_secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
                            .mfa = true});
  state.balance = {.amount = "12.50", .currency = "USD"};
  CarrierLine first{.iccid = "8944100000000042176",
                    .eid = "89049032000000000000000000042164",
                    .imsi = "234100000000421",
                    .msisdn = "447700900421",
                    .id = "101",
                    .other_id = "501",
                    .name = "router",
                    .status = "active",
                    .plan = "Five",
                    .plan_id = "5",
                    .limit_bytes = 5'000'000'000,
                    .cycle_start = base::to_rfc3339(begin),
                    .cycle_end = base::to_rfc3339(end)};
  CarrierLine second{.iccid = "89012600000000314156",
                     .eid = first.eid,
                     .imsi = "310260000003141",
                     .msisdn = "12065550142",
                     .id = "102",
                     .other_id = "502",
                     .name = "traveller",
                     .status = "active",
                     .plan = "Five",
                     .plan_id = "5",
                     .limit_bytes = 1'000'000'000,
                     .cycle_start = first.cycle_start,
                     .cycle_end = first.cycle_end};
  CarrierLine third = second;
  third.iccid = "89012600000000271823";
  third.imsi = "310260000002718";
  third.msisdn = "12065550171";
  third.id = "103";
  third.other_id = "503";
  third.name = "spare";
  third.limit_bytes = 0;
  std::uint64_t number = 0;
  for (auto* const line : {&first, &second, &third}) {
    ++number;
    for (auto day = before; day <= today; day += days(1)) {
      const auto nth = static_cast<std::uint64_t>((day - before).count());
      const CarrierDay each{.date = base::to_rfc3339(day).substr(0, 10),
                            .upload = 1'000'000 * (nth % 5 + 1) / number,
                            .download = 10'000'000 * (nth % 7 + 1) / number};
      line->days.push_back(each);
      if (day >= begin) line->used_bytes += each.upload + each.download;
    }
    state.lines.push_back(*line);
  }
  return state;
}

}  // namespace sim
