#include <algorithm>
#include <array>
#include <charconv>

#include "sim/carrier.hpp"
#include "sim/carrier_apis.hpp"
#include "sim/url.hpp"

// Telnyx: src/telnyx/types of team-telnyx/telnyx-python, and developers.telnyx.com
// (openapi/wireless, development/api-fundamentals/api-errors).

namespace sim {
namespace {

constexpr std::uint64_t usual_page = 20;
constexpr std::uint64_t largest_page = 250;

HttpAnswer refuse(int status, const std::string& message) {
  struct Words {
    int status;
    const char* code;
    const char* title;
  };
  constexpr std::array known{
      Words{401, "10009", "Authentication failed"}, Words{404, "10005", "Resource not found"},
      Words{429, "10011", "Too many requests"}, Words{500, "10007", "Unexpected error"}};
  const auto* const found = std::ranges::find(known, status, &Words::status);
  const auto error =
      JsonObject()
          .set("code", std::string(found == known.end() ? "10015" : found->code))
          .set("title", std::string(found == known.end() ? "Bad Request" : found->title))
          .set("detail", message);
  return {.status = status, .body = JsonObject().set("errors", std::vector{error}).dump()};
}

void guard(Call& call) {
  const auto key = call.bearer();
  const auto& accounts = call.carrier.state().accounts;
  const bool known = !key.empty() && std::ranges::any_of(accounts, [&](const auto& each) {
    return each.password == key;
  });
  if (!known) throw Refusal(401, "Could not find any usable credentials in the request.");
}

/// The shortest decimal text of `octets` in megabytes.
JsonObject amount(const Call& call, std::uint64_t octets) {
  std::array<char, 32> text{};
  const auto value =
      static_cast<double>(octets) / static_cast<double>(call.carrier.settings().megabyte);
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  return JsonObject()
      .set("amount", std::string(text.data(), end.ptr))
      .set("unit", std::string("MB"));
}

JsonObject to_card(const Call& call, const CarrierLine& line) {
  const bool over = line.limit_bytes != 0 && line.used_bytes >= line.limit_bytes;
  auto card = JsonObject()
                  .set("record_type", std::string("sim_card"))
                  .set("id", line.id)
                  .set("iccid", line.iccid)
                  .set("imsi", line.imsi)
                  .set("msisdn", line.msisdn)
                  .set("sim_card_group_id", line.other_id)
                  .set("type", std::string(line.eid.empty() ? "physical" : "esim"))
                  .set("tags", std::vector<std::string>{line.name})
                  .set("status", JsonObject()
                                     .set("value", over ? "data_limit_exceeded" : line.status)
                                     .set("reason", std::string()))
                  .set("current_billing_period_consumed_data", amount(call, line.used_bytes))
                  .set_flag("actions_in_progress", false)
                  .set("created_at", line.cycle_start)
                  .set("updated_at", line.cycle_start);
  line.eid.empty() ? card.set_null("eid") : card.set("eid", line.eid);
  line.limit_bytes == 0 ? card.set_null("data_limit")
                        : card.set("data_limit", amount(call, line.limit_bytes));
  return card;
}

/// PIN and PUK are nothing that esimctl may ask for.
void refuse_codes(const Call& call) {
  if (field(call.query, "include_pin_puk_codes").value_or("false") != "false") {
    throw Refusal(400, "This simulated carrier does not give PIN and PUK.");
  }
}

HttpAnswer list(Call& call) {
  refuse_codes(call);
  const auto count = call.number("page[size]", usual_page, 1, largest_page);
  const auto page = call.number("page[number]", 1, 1, UINT32_MAX);
  const auto iccid = field(call.query, "filter[iccid]").value_or("");
  std::vector<JsonObject> cards;
  for (const auto& line : call.carrier.state().lines) {
    if (line.iccid.find(iccid) != std::string::npos) cards.push_back(to_card(call, line));
  }
  const auto pages = std::max<std::uint64_t>(1, (cards.size() + count - 1) / count);
  return json_answer(JsonObject()
                         .set("data", page_of(cards, (page - 1) * count, count))
                         .set("meta", JsonObject()
                                          .set("page_number", page)
                                          .set("page_size", count)
                                          .set("total_pages", pages)
                                          .set("total_results", std::uint64_t{cards.size()})));
}

HttpAnswer one(Call& call) {
  refuse_codes(call);
  const auto* const line = call.carrier.line(call.parts.at(0));
  if (line == nullptr) throw Refusal(404, "The requested resource or URL could not be found.");
  return json_answer(JsonObject().set("data", to_card(call, *line)));
}

HttpAnswer balance(Call& call) {
  const auto& balance = call.carrier.state().balance;
  return json_answer(JsonObject().set("data", JsonObject()
                                                  .set("record_type", std::string("balance"))
                                                  .set("balance", balance.amount)
                                                  .set("credit_limit", std::string("0.00"))
                                                  .set("available_credit", balance.amount)
                                                  .set("pending", std::string("0.00"))
                                                  .set("currency", balance.currency)));
}

CarrierState fresh(std::uint64_t now) {
  auto state = fresh_carrier("telnyx", now);
  auto& account = state.accounts.front();
  account.password = "KEY-simulated";
  account.mfa = false;
  account.totp_secret.clear();
  for (auto& line : state.lines) {
    line.id = "6b14e151-8493-4fa1-8664-1cc4e6d14" + line.id;
    line.other_id = "47a1c2b0-cc7b-4ab1-bb98-b33fb0fc8001";
    line.status = "enabled";
  }
  return state;
}

constexpr std::array routes{
    Route{"GET", "/v2/sim_cards", list},
    Route{"GET", "/v2/sim_cards/{}", one},
    Route{"GET", "/v2/balance", balance},
};

}  // namespace

const CarrierApi telnyx{"telnyx", routes, guard, refuse, fresh};

}  // namespace sim
