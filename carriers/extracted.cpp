#include "carriers/extracted.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "carriers/answer_values.hpp"
#include "carriers/jwt.hpp"

namespace carriers {
namespace {

constexpr std::size_t longest_value = 16UL * 1024;

/// A value of the answer, or of a token that came before it.
std::optional<base::Secret> taken(const ExtractSpec& spec, const Answer& answer,
                                  const Scope& so_far) {
  if (!spec.header.empty()) {
    auto found = answer.header(spec.header);
    return found ? std::optional(base::Secret(*std::move(found))) : std::nullopt;
  }
  if (const auto* token = spec.jwt.empty() ? nullptr : so_far.find(spec.jwt)) {
    auto claims = read_jwt(*token);
    if (claims && claims->texts.contains(spec.claim))
      return base::Secret(std::move(claims->texts.find(spec.claim)->second));
  }
  if (auto found = text_at(spec.places, *answer.body)) return base::Secret(*std::move(found));
  return std::nullopt;
}

}  // namespace

Variables extracted(const Exchange& exchange, const std::vector<ExtractSpec>& specs,
                    const Answer& answer, const Scope& scope, const std::string& prefix) {
  Variables made;
  for (const auto& spec : specs) {
    auto value = taken(spec, answer, scope.with(made));
    if (!value && spec.optional) continue;
    if (!value && spec.places.empty()) throw changed(fmt::format("“{}”", spec.name), "nothing");
    if (!value) throw missing(fmt::format("“{}”", spec.name), spec.places, *answer.body);
    if (value->reveal().size() > longest_value)
      throw changed(fmt::format("“{}”", spec.name), "more than 16 KiB");
    if (auto* const watcher = exchange.watcher()) {
      watcher->took(prefix + spec.name,
                    spec.in_addresses ? std::optional(std::string(value->reveal())) : std::nullopt);
    }
    made.insert_or_assign(spec.name, *std::move(value));
  }
  return made;
}

}  // namespace carriers
