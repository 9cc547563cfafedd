#pragma once

#include <string>
#include <string_view>

#include "app/world.hpp"
#include "base/file_lock.hpp"

namespace app {

/// One process at a time does `what` (a word, of which there is a lock each) with that account.
/// Waits up to two minutes, then throws Error `account.busy` (failure).
base::FileLock account_lock(const World& world, std::string_view what, const std::string& account);

}  // namespace app
