#include "carriers/reading.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "carriers/answer_values.hpp"
#include "carriers/extracted.hpp"
#include "carriers/pages.hpp"

namespace carriers {
namespace {

using nlohmann::json;

constexpr std::size_t longest_text = 100;

/// A line with what the list says of it.
struct Listed {
  const json& item;
  const Variables& keys;  ///< "line.iccid"
};

Variables times(base::UtcTime now) {
  using namespace std::chrono;
  const year_month_day date(floor<days>(now));
  const sys_days month(date.year() / date.month() / 1);
  const auto unix = [](base::UtcTime time) {
    return std::to_string(time.time_since_epoch().count());
  };
  Variables made;
  made.emplace("now.unix", base::Secret(unix(now)));
  made.emplace("now.rfc3339", base::Secret(base::to_rfc3339(now)));
  made.emplace("month.unix", base::Secret(unix(month)));
  made.emplace("month.rfc3339", base::Secret(base::to_rfc3339(month)));
  made.emplace("month.date", base::Secret(base::to_rfc3339(month).substr(0, 10)));
  return made;
}

Variables with_prefix(Variables keys) {
  Variables made;
  for (auto& [name, value] : keys) made.emplace("line." + name, std::move(value));
  return made;
}

Answer answer_of(const json& part) {
  return {.status = 200, .headers = {}, .body = std::make_shared<const json>(part)};
}

/// What the list has of each line.
std::vector<json> lines_of(Exchange& exchange, const LinesSpec& spec, const Scope& scope) {
  if (!spec.request) return {json::object()};
  std::vector<json> all;
  each_page(exchange, *spec.request, spec.pages, scope, [&](const Answer& page) {
    std::size_t things = 0;
    bool there = false;
    for (const auto& place : spec.items) {
      const auto found = place.find(*page.body);
      there = there || found.dead_ends == 0;
      things += found.places.size();
      for (const auto* each : found.places) {
        if (!spec.where || holds(*spec.where, answer_of(*each))) all.push_back(*each);
      }
    }
    if (!there) throw missing("the list of lines", spec.items, *page.body);
    return things;
  });
  return all;
}

std::optional<std::string> key(const Listed& line, const std::string& name) {
  const auto found = line.keys.find("line." + name);
  if (found == line.keys.end() || found->second.empty()) return std::nullopt;
  return base::clean(found->second.reveal(), longest_text);
}

/// The digits of a number, without what people put in between; hex letters stay, since ICCIDs have
/// them.
std::optional<std::string> digits(std::optional<std::string> text) {
  if (text)
    std::erase_if(*text,
                  [](char c) { return c == ' ' || c == '-' || c == '+' || c == '(' || c == ')'; });
  return text;
}

/// ASCII letters as ISO 4217 has them; some providers write "usd".
std::string capitals(std::string text) {
  for (auto& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// What the pages tell together.
usage::Limit amount(const QuantitySpec& spec, const std::vector<Answer>& pages,
                    const std::string& field) {
  std::optional<usage::Limit> all;
  for (const auto& page : pages) {
    const auto next = amount_at(spec, *page.body, field);
    all = all ? joined(spec.aggregate, *all, next, field) : next;
  }
  return all.value_or(usage::Unknown{});
}

std::optional<usage::DataSize> known(const usage::Limit& amount) {
  const auto* const size = std::get_if<usage::DataSize>(&amount);
  return size != nullptr ? std::optional(*size) : std::nullopt;
}

/// The answers about one line: of the first variant that does not ask for the next.
std::vector<Answer> answers(Exchange& exchange, const UsageSpec& spec, const RequestSpec& request,
                            const Scope& scope) {
  for (const auto& variant : spec.variants) {
    Variables values;
    for (const auto& [name, text] : variant) values.emplace(name, base::Secret(text));
    auto got = exchange.send(request, scope.with(values), true);
    const bool last = &variant == &spec.variants.back();
    if (!last && spec.next_variant && holds(*spec.next_variant, got)) continue;
    exchange.require_success(got, false);
    return {std::move(got)};
  }
  std::vector<Answer> pages;
  each_page(exchange, request, spec.pages, scope, [&](const Answer& page) {
    pages.push_back(page);
    return std::size_t{1};
  });
  return pages;
}

usage::Snapshot snapshot_of(Exchange& exchange, const UsageSpec& spec, const Scope& scope,
                            const Listed& line, const std::string& source) {
  const auto now = exchange.clock().utc();
  const auto pages = spec.request ? answers(exchange, spec, *spec.request, scope)
                                  : std::vector{answer_of(line.item)};
  const auto& first = *pages.front().body;
  usage::Snapshot made{};
  made.line = {.iccid = digits(key(line, "iccid")),
               .eid = digits(key(line, "eid")),
               .msisdn = digits(key(line, "msisdn")),
               .imsi = digits(key(line, "imsi")),
               .provider_id = key(line, "id")};
  made.source = source;
  made.fetched_at = now;
  made.confidence = spec.confidence;
  made.limit_behaviour = spec.behaviour;
  // What the answer about the line does not tell, the list of lines may.
  auto plan = text_at(spec.plan, first);
  if (!plan) plan = text_at(spec.plan, line.item);
  if (plan) made.plan = base::clean(*plan, longest_text);
  if (spec.used) made.used = known(amount(*spec.used, pages, "what is used"));
  if (spec.remaining) made.remaining = known(amount(*spec.remaining, pages, "what is left"));
  if (spec.limit) made.limit = amount_at(*spec.limit, first, "the limit");
  if (spec.as_of) made.as_of = date_at(*spec.as_of, first, now, "the time of the figures");
  if (spec.expires) {
    made.expires_at = date_at(*spec.expires, first, now, "the end of the plan");
    if (!made.expires_at)
      made.expires_at = date_at(*spec.expires, line.item, now, "the end of the plan");
  }
  if (spec.cycle) {
    made.cycle = cycle_at(*spec.cycle, first, now);
    if (!made.cycle->end) made.cycle = cycle_at(*spec.cycle, line.item, now);
  }
  return usage::completed(std::move(made));
}

/// Whether others may be read although this one was not.
bool of_one_line(const base::Error& error) {
  return error.code() == "carrier.changed" || error.code() == "carrier.upstream" ||
         error.code() == "carrier.not-allowed";
}

}  // namespace

void read_usage(Exchange& exchange, const Scope& scope, const std::string& source,
                const std::function<void(usage::Snapshot)>& heard) {
  const auto& provider = exchange.provider();
  if (!provider.usage || !provider.lines) return;
  const auto& usage = *provider.usage;
  const auto& lines = *provider.lines;
  const auto now = times(exchange.clock().utc());
  const auto timed = scope.with(now);
  std::optional<base::Error> fault;
  std::size_t number = 0;
  for (const auto& item : lines_of(exchange, lines, timed)) {
    ++number;
    try {
      const auto keys =
          with_prefix(extracted(exchange, lines.keys, answer_of(item), timed, "line."));
      heard(snapshot_of(exchange, usage, timed.with(keys), {item, keys}, source));
    } catch (const base::Error& error) {
      if (!of_one_line(error)) throw;
      if (fault) continue;
      fault = error;
      fault->during(fmt::format("reading line {} of the list", number));
    }
  }
  if (fault) throw base::Error(*fault);
}

std::optional<usage::Money> read_balance(Exchange& exchange, const Scope& scope) {
  const auto& spec = exchange.provider().balance;
  if (!spec) return std::nullopt;
  const auto now = times(exchange.clock().utc());
  const auto got = exchange.send(spec->request, scope.with(now), true);
  exchange.require_success(got, false);
  const auto text = text_at(spec->amount, *got.body);
  auto currency = spec->fixed_currency;
  if (const auto named = text_at(spec->currency, *got.body)) currency = capitals(*named);
  if (!text) throw missing("the balance", spec->amount, *got.body);
  try {
    if (spec->scale == 0) return usage::Money::parse(*text, currency);
    std::int64_t count = 0;
    const auto* const end = text->data() + text->size();
    const auto [stop, fault] = std::from_chars(text->data(), end, count);
    if (fault != std::errc() || stop != end) throw changed("the balance", "no whole number");
    return usage::Money::scaled(count, spec->scale, currency);
  } catch (const base::Error& error) {
    if (error.code() != "usage.money") throw;
    throw changed("the balance", "what is no amount of money");
  }
}

}  // namespace carriers
