#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace app {

using NamedSecrets = std::map<std::string, base::Secret, std::less<>>;

/// Lines NAME=VALUE; empty ones do not count. `what` they are, for the Error `account.value`
/// (usage) of a line of another form, which shows nothing of it.
NamedSecrets read_named_secrets(const base::Secret& text, std::string_view what);

}  // namespace app
