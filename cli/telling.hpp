#pragma once

#include <span>
#include <vector>

#include "app/deliver.hpp"
#include "cli/context.hpp"

namespace cli {

/// Tells the operators of these profiles what was just done with them, unless --no-send: a change
/// is one whether they hear of it or not.
std::vector<app::Delivery> tell_operators(const Context& context,
                                          std::span<const lpa::ProfileInfo> profiles,
                                          const lpa::BitString& events);

/// A hint for each server that does not know yet, with the reason.
void suggest_to_send(const Context& context, std::span<const app::Delivery> deliveries);

}  // namespace cli
