#include "store/vault_lock.hpp"

#include <chrono>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "store/private_file.hpp"

namespace store {
namespace {

using base::Error;
using base::ErrorKind;
namespace fs = std::filesystem;
using std::chrono_literals::operator""s;

constexpr auto longest_wait = 10s;

std::string shown(const fs::path& file) { return base::clean(file.string(), 1000); }

}  // namespace

Error cannot_write(const fs::path& file, const std::error_code& why) {
  return {ErrorKind::failure, "secrets.failed",
          fmt::format("cannot write {}: {}", shown(file), why.message())};
}

void make_private_directory(const fs::path& directory) {
  std::error_code error;
  const bool made = fs::create_directories(directory, error);
  if (made && !error) fs::permissions(directory, fs::perms::owner_all, error);
  if (error) throw cannot_write(directory, error);
  require_private_directory(directory);
}

base::FileLock lock_vault(const fs::path& directory) {
  make_private_directory(directory);
  base::SystemClock clock;
  auto lock = base::FileLock::acquire(directory / "vault.lock", clock, longest_wait);
  if (const auto* held = std::get_if<base::FileLock::Held>(&lock)) {
    throw Error(ErrorKind::failure, "secrets.busy",
                fmt::format("another process keeps the secrets in {} locked{}{}", shown(directory),
                            held->by.empty() ? "" : ": ", held->by));
  }
  return std::get<base::FileLock>(std::move(lock));
}

}  // namespace store
