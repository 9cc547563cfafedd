#pragma once

#include <functional>
#include <optional>
#include <string>

#include "carriers/exchange.hpp"
#include "usage/money.hpp"
#include "usage/snapshot.hpp"

/// What an account's lines have used, and what it has left. `scope` has the values of the account
/// and of its session.
namespace carriers {

/// Hands over what is told of one line after another; what was handed over is good, whatever is
/// thrown afterwards. `source` becomes that of each.
///
/// A line that cannot be read does not keep the others from being read: its Error is thrown at the
/// end. Throws as Exchange and each_page.
void read_usage(Exchange& exchange, const Scope& scope, const std::string& source,
                const std::function<void(usage::Snapshot)>& heard);

/// Empty when the provider tells none. Throws as Exchange.
std::optional<usage::Money> read_balance(Exchange& exchange, const Scope& scope);

}  // namespace carriers
