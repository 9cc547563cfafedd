#include "carriers/pages.hpp"

#include <charconv>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "carriers/answer_values.hpp"

namespace carriers {
namespace {

using nlohmann::json;
using Next = PagesSpec::Next;

constexpr std::size_t most_pages = 200;

std::optional<std::uint64_t> count(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  const auto* const end = text->data() + text->size();
  const auto [stop, fault] = std::from_chars(text->data(), end, value);
  return fault == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

/// Whether the answer says that it is the last page.
bool is_last(const PagesSpec& spec, const Answer& page, std::uint64_t number, std::size_t things) {
  if (spec.more && !true_at(spec.more, *page.body)) return true;
  if (true_at(spec.last, *page.body)) return true;
  auto pages = spec.pages ? count(text_at({*spec.pages}, *page.body)) : std::nullopt;
  if (!spec.pages_header.empty()) pages = count(page.header(spec.pages_header));
  const bool tells = spec.pages || !spec.pages_header.empty();
  if (tells && !pages && !spec.full) throw changed("the number of pages", "nothing");
  if (pages) return number - spec.first + 1 >= *pages;
  return spec.full && things < *spec.full;
}

/// What the request for the next page needs; empty when there is none.
std::optional<std::string> next_of(const PagesSpec& spec, const Answer& page,
                                   std::uint64_t number) {
  if (spec.next == Next::number) return std::to_string(number + 1);
  if (spec.next == Next::header) return page.header(spec.header);
  std::optional<std::string> last;
  for (const auto* each : spec.place->find(*page.body).places) {
    if (each->is_string()) last = each->get<std::string>();
    if (each->is_number()) last = each->dump();
  }
  return last;
}

}  // namespace

void each_page(Exchange& exchange, const RequestSpec& request,
               const std::optional<PagesSpec>& pages, const Scope& scope,
               const std::function<std::size_t(const Answer& page)>& heard) {
  std::set<std::string> asked;
  std::optional<std::string> next;
  auto number = pages ? pages->first : 1;
  for (std::size_t count = 0; count < most_pages; ++count, ++number) {
    Variables page;
    if (pages && pages->next == Next::number) next = std::to_string(number);
    if (next) page.emplace("page", base::Secret(*next));
    const bool whole_address = pages && pages->next == Next::url && next;
    const auto got =
        whole_address ? exchange.get(*next, scope) : exchange.send(request, scope.with(page), true);
    exchange.require_success(got, false);
    const auto things = heard(got);
    if (!pages || is_last(*pages, got, number, things)) return;
    next = next_of(*pages, got, number);
    if (!next || next->empty()) return;
    if (!asked.insert(*next).second) throw changed("the list", "the same page again");
  }
  throw changed("the list", "no end");
}

}  // namespace carriers
