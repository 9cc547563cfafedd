#include "cli/plan_documents.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/documents.hpp"
#include "usage/data_size.hpp"

namespace cli {
namespace {

using namespace std::string_view_literals;

constexpr std::array origins{"esimctl"sv, "own"sv};
constexpr std::array standings{"key"sv,          "signed-in"sv, "signed-out"sv, "code-pending"sv,
                               "code-expired"sv, "stopped"sv,   "locked"sv};
constexpr std::array rules{"monthly"sv, "weekly"sv, "daily"sv, "once"sv, "none"sv};
constexpr std::array matches{"link"sv, "iccid"sv, "eid"sv, "msisdn"sv};
constexpr std::array behaviours{"unknown"sv, "throttled"sv, "billed"sv, "disabled"sv};

template <class Enum, std::size_t Count>
Json word(const std::array<std::string_view, Count>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

Json summary(const app::KnownProvider& known) {
  const auto& provider = known.provider;
  auto reads = Json::array();
  if (provider.usage) reads.push_back("usage");
  if (provider.balance) reads.push_back("balance");
  auto second = Json::array();
  for (const auto kind : provider.second_factors) second.push_back(carriers::to_string(kind));
  return {
      {"id", provider.id},
      {"title", provider.title},
      {"available", provider.unavailable.empty()},
      {"reads", std::move(reads)},
      {"second_factors", std::move(second)},
      {"evidence", provider.evidence == carriers::Evidence::documented ? "documented" : "observed"},
      {"checked", text_or_null(provider.checked)},
      {"poll_floor_seconds", provider.poll_floor.count()},
      {"origin", word(origins, known.origin)},
      {"trusted", known.trusted}};
}

/// `codes` is the first of the sources.
Json account_json(const store::Account& account) {
  auto sources = Json::array();
  for (const auto each : account.codes) sources.push_back(store::to_string(each));
  return {{"name", account.name},
          {"carrier", account.provider},
          {"codes", sources.front()},
          {"host", text_or_null(account.host)},
          {"added_at", base::to_rfc3339(account.added_at)},
          {"code_sources", std::move(sources)}};
}

/// An account has one challenge at most, and so its name is the challenge's.
Json pending_json(const std::string& account, const std::optional<store::PendingCode>& pending) {
  if (!pending) return {};
  return {{"id", account},
          {"medium", pending->medium},
          {"target", text_or_null(pending->target)},
          {"expires_at", time_or_null(pending->ends)},
          {"tries_left", pending->tries_left}};
}

Json listed_json(const app::ListedAccount& listed) {
  auto made = account_json(listed.account);
  made["state"] = word(standings, listed.standing.kind);
  made["state_until"] = time_or_null(listed.standing.until);
  made["pending"] = pending_json(listed.account.name, listed.standing.pending);
  return made;
}

Json cycle_json(const std::optional<usage::Cycle>& cycle) {
  if (!cycle) return {};
  return {{"rule", word(rules, cycle->rule)},
          {"starts_at", time_or_null(cycle->start)},
          {"ends_at", time_or_null(cycle->end)},
          {"zone", cycle->zone}};
}

Json line_json(const store::KeptSnapshot& kept, const std::string& linked, base::UtcTime now) {
  const auto& snapshot = kept.snapshot;
  const auto* const limit = std::get_if<usage::DataSize>(&snapshot.limit);
  const bool known = snapshot.limit_behaviour != usage::LimitBehaviour::unknown;
  Json made{{"account", kept.account}};
  add_line_names(made, snapshot.line);
  made.update({{"plan", text_or_null(snapshot.plan)},
               {"used_bytes", bytes_or_null(snapshot.used)},
               {"remaining_bytes", bytes_or_null(snapshot.remaining)},
               {"limit_bytes", limit != nullptr ? Json(limit->bytes()) : Json()},
               {"unlimited", std::holds_alternative<usage::Unlimited>(snapshot.limit)},
               {"at_limit", known ? word(behaviours, snapshot.limit_behaviour) : Json()},
               {"cycle", cycle_json(snapshot.cycle)},
               {"expires_at", time_or_null(snapshot.expires_at)},
               {"as_of", time_or_null(snapshot.as_of)},
               {"fetched_at", base::to_rfc3339(snapshot.fetched_at)},
               {"age_seconds", (now - snapshot.fetched_at).count()},
               {"source", snapshot.source},
               {"confidence", text_or_null(snapshot.confidence)},
               {"linked_iccid", text_or_null(linked)}});
  return made;
}

Json money_json(const usage::Money& money) {
  return {{"amount", money.amount()}, {"currency", money.currency()}};
}

}  // namespace

namespace {

Json all_of(const app::KnownProvider& known) {
  const auto& provider = known.provider;
  auto carrier = summary(known);
  carrier["unavailable"] = text_or_null(provider.unavailable);
  carrier["alternatives"] = provider.alternatives;
  carrier["notes"] = text_or_null(provider.notes);
  carrier["documentation"] = provider.documentation;
  carrier["hosts"] = provider.hosts;
  auto values = Json::array();
  for (const auto& each : provider.variables) {
    values.push_back({{"name", each.name},
                      {"title", each.title},
                      {"secret", each.secret},
                      {"optional", each.optional}});
  }
  carrier["values"] = std::move(values);
  return carrier;
}

}  // namespace

Document carrier_list_json(const app::Providers& providers) {
  auto all = Json::array();
  for (const auto& each : providers.known) all.push_back(summary(each));
  auto broken = Json::array();
  for (const auto& each : providers.broken)
    broken.push_back({{"file", each.name}, {"error", error_json(each.error)}});
  return document({{"version", 1}, {"carriers", std::move(all)}, {"errors", std::move(broken)}});
}

Document carrier_json(const app::KnownProvider& known) {
  return document({{"version", 1}, {"carrier", all_of(known)}});
}

Document carrier_trusted_json(const app::Candidate& candidate, bool changed) {
  return document({{"version", 1},
                   {"changed", changed},
                   {"file", base::clean(candidate.target.string(), 4096)},
                   {"carrier", all_of({candidate.provider, app::Origin::own, true})}});
}

Document carrier_untrusted_json(const std::string& id, bool changed) {
  return document({{"version", 1}, {"changed", changed}, {"id", id}});
}

Document trial_json(const app::Trial& trial, base::UtcTime now) {
  auto requests = Json::array();
  for (const auto& each : trial.requests) {
    auto taken = Json::array();
    for (const auto& value : each.taken)
      taken.push_back({{"name", value.name}, {"value", text_or_null(value.text)}});
    requests.push_back({{"method", each.method},
                        {"address", each.address},
                        {"status", each.status},
                        {"taken", std::move(taken)}});
  }
  auto lines = Json::array();
  for (const auto& each : trial.lines)
    lines.push_back(line_json({trial.provider.id, each}, "", now));
  auto missing = Json::array();
  for (const auto& each : trial.missing)
    missing.push_back({{"name", each.name}, {"places", each.places}});
  auto faults = Json::array();
  for (const auto& each : trial.faults)
    faults.push_back({{"part", each.part}, {"error", error_json(each.error)}});
  return document({{"version", 1},
                   {"carrier", trial.provider.id},
                   {"host", trial.host},
                   {"requests", std::move(requests)},
                   {"lines", std::move(lines)},
                   {"balance", trial.balance ? money_json(*trial.balance) : Json()},
                   {"missing", std::move(missing)},
                   {"errors", std::move(faults)}});
}

Document account_list_json(std::span<const app::ListedAccount> accounts) {
  auto all = Json::array();
  for (const auto& each : accounts) all.push_back(listed_json(each));
  return document({{"version", 1}, {"accounts", std::move(all)}});
}

Document account_added_json(const store::Account& account) {
  return document({{"version", 1}, {"changed", true}, {"account", account_json(account)}});
}

Document account_removed_json(const std::string& name) {
  return document({{"version", 1}, {"changed", true}, {"name", name}});
}

Document account_linked_json(const app::LineLinked& linked) {
  return document({{"version", 1},
                   {"changed", linked.changed},
                   {"account", linked.account},
                   {"line", linked.line},
                   {"iccid", text_or_null(linked.iccid)},
                   {"interface", text_or_null(linked.interface)}});
}

Document signed_in_json(const std::string& account, bool changed, std::optional<base::UtcTime> ends,
                        const std::optional<store::PendingCode>& pending) {
  return document({{"version", 1},
                   {"changed", changed},
                   {"account", account},
                   {"session_ends_at", time_or_null(ends)},
                   {"pending", pending_json(account, pending)}});
}

Document unlocking_json(const app::Unlocking& unlocking, bool changed, bool tested) {
  const bool keyring = unlocking.kept_in == store::VaultKind::secret_service;
  Json by;
  if (keyring) {
    by = "keyring";
  } else if (unlocking.credential) {
    by = "credential";
  } else if (!unlocking.command.empty()) {
    by = "command";
  }
  Json kept_in;
  if (unlocking.kept_in) kept_in = keyring ? "keyring" : "file";
  return document({{"version", 1},
                   {"changed", changed},
                   {"kept_in", std::move(kept_in)},
                   {"opened_by", std::move(by)},
                   {"command", unlocking.command.empty() ? Json() : Json(unlocking.command)},
                   {"tested", tested}});
}

Document usage_json(const app::Plans& plans, base::UtcTime now) {
  auto lines = Json::array();
  for (const auto& each : plans.lines)
    lines.push_back(line_json(each, app::linked_iccid(plans, each), now));
  return document(
      {{"version", 1}, {"lines", std::move(lines)}, {"errors", faults_json(plans.faults)}});
}

Document balance_json(const app::Plans& plans, base::UtcTime now) {
  auto all = Json::array();
  for (const auto& each : plans.balances) {
    all.push_back({{"account", each.account},
                   {"balance", money_json(each.money)},
                   {"fetched_at", base::to_rfc3339(each.fetched_at)},
                   {"age_seconds", (now - each.fetched_at).count()}});
  }
  return document(
      {{"version", 1}, {"balances", std::move(all)}, {"errors", faults_json(plans.faults)}});
}

Document profile_plan_json(const app::Plans& plans, const std::optional<usage::LineMatch>& match) {
  if (!match) return document({});
  const auto& line = plans.lines.at(match->line);
  const auto& snapshot = line.snapshot;
  const auto* const limit = std::get_if<usage::DataSize>(&snapshot.limit);
  const auto balance =
      std::ranges::find(plans.balances, line.account, &store::KeptBalance::account);
  return document(
      {{"account", line.account},
       {"name", text_or_null(snapshot.plan)},
       {"used_bytes", bytes_or_null(snapshot.used)},
       {"remaining_bytes", bytes_or_null(snapshot.remaining)},
       {"limit_bytes", limit != nullptr ? Json(limit->bytes()) : Json()},
       {"unlimited", std::holds_alternative<usage::Unlimited>(snapshot.limit)},
       {"renews_at", time_or_null(snapshot.cycle ? snapshot.cycle->end : std::nullopt)},
       {"balance", balance == plans.balances.end() ? Json() : money_json(balance->money)},
       {"as_of", time_or_null(snapshot.as_of ? snapshot.as_of : snapshot.fetched_at)},
       {"matched_by", word(matches, match->by)}});
}

const Json& rows_of(const Document& document, const char* name) { return document->at(name); }

namespace {

/// An element of a list in a few words.
std::string spoken(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.contains("value")) {
    const auto& text = value.at("value");
    return value.at("name").get<std::string>() + " " +
           (text.is_null() ? "(secret)" : text.get<std::string>());
  }
  const auto& name = value.at("name").get_ref<const std::string&>();
  return name + (value.at("secret").get<bool>() ? " (secret)" : "") +
         (value.at("optional").get<bool>() ? " (optional)" : "");
}

void join_lists(Json& object) {
  for (auto& item : object.items()) {
    if (!item.value().is_array()) continue;
    std::string text;
    for (const auto& each : item.value()) text += (text.empty() ? "" : ", ") + spoken(each);
    item.value() = text.empty() ? Json() : Json(text);
  }
}

}  // namespace

Document joined(const Json& rows) {
  auto made = rows;
  if (made.is_object()) join_lists(made);
  if (made.is_array()) {
    for (auto& each : made) join_lists(each);
  }
  return document(std::move(made));
}

std::string human_bytes(const Json& value) {
  if (!value.is_number()) return value.is_null() ? std::string("-") : value.get<std::string>();
  return usage::to_text(usage::DataSize::of_bytes(value.get<std::int64_t>()));
}

std::string human_money(const Json& value) {
  return value.at("amount").get<std::string>() + " " + value.at("currency").get<std::string>();
}

Document with_human_limit(const Json& rows) {
  auto made = rows;
  for (auto& row : made) {
    if (row.at("unlimited").get<bool>()) row["limit_bytes"] = "unlimited";
    const auto& cycle = row.at("cycle");
    row["renews"] = cycle.is_object() ? cycle.at("ends_at") : Json();
    for (const char* name : {"iccid", "msisdn", "id"}) {
      if (!row.contains("line") && !row.at(name).is_null()) row["line"] = row.at(name);
    }
    if (!row.contains("line")) row["line"] = nullptr;
  }
  return document(std::move(made));
}

}  // namespace cli
