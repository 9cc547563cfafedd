#pragma once

#include <vector>

#include "base/utc.hpp"
#include "carriers/provider.hpp"
#include "carriers/sign_in.hpp"

/// Sessions that were begun elsewhere, such as in a browser.
namespace carriers {

/// What a session of that provider consists of: what `import` of its file says, or else what its
/// sign-in takes from answers. Empty without a sign-in.
std::vector<VariableSpec> session_values(const Provider& provider);

/// The session of these values, which ends when its token says. Values that a token has in it need
/// not be given. Throws Error `carrier.session-over` (sign_in) when it has ended, `account.value`
/// for an unknown name and `account.missing` (usage).
Session imported_session(const Provider& provider, Variables values, base::UtcTime now);

/// There is no session any more, and only people can bring a new one: `ended`, where that is known.
base::Error session_over(const Provider& provider, std::optional<base::UtcTime> ended);

}  // namespace carriers
