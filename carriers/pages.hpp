#pragma once

#include <functional>
#include <optional>

#include "carriers/exchange.hpp"

namespace carriers {

/// Asks for one page after another, with the session, and hands each to `heard`, which tells how
/// many things are on it. At most 200 pages. Throws as Exchange, and Error `carrier.changed`
/// (network) when a page comes again or there is no end.
void each_page(Exchange& exchange, const RequestSpec& request,
               const std::optional<PagesSpec>& pages, const Scope& scope,
               const std::function<std::size_t(const Answer& page)>& heard);

}  // namespace carriers
