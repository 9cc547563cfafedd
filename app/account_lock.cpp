#include "app/account_lock.hpp"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/error.hpp"

namespace app {

base::FileLock account_lock(const World& world, std::string_view what, const std::string& account) {
  constexpr std::chrono::minutes longest(2);
  auto lock = base::FileLock::acquire(
      world.state_directory / fmt::format("{}.{}.lock", what, account), world.clock, longest);
  if (auto* const taken = std::get_if<base::FileLock>(&lock)) return std::move(*taken);
  const auto& by = std::get<base::FileLock::Held>(lock).by;
  throw base::Error(base::ErrorKind::failure, "account.busy",
                    fmt::format("another process{} uses “{}” and does not end",
                                by.empty() ? "" : " (" + by + ")", account));
}

}  // namespace app
