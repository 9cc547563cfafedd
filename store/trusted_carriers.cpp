#include "store/trusted_carriers.hpp"

#include <system_error>
#include <variant>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/own_file.hpp"
#include "base/text.hpp"
#include "base/write_file.hpp"

namespace store {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, const std::error_code& error) {
  throw base::Error(base::ErrorKind::failure, "carrier.not-kept",
                    fmt::format("cannot write down whom you trust, in {}: {}",
                                base::clean(file.string(), 1000), error.message()));
}

}  // namespace

std::optional<std::string> TrustedCarriers::sha256(const std::string& id) const {
  constexpr std::size_t most = 64;
  const auto read = base::read_own_file(directory_ / id, most, {.forbidden = S_IWGRP | S_IWOTH});
  const auto* const octets = std::get_if<base::Bytes>(&read);
  if (octets == nullptr || octets->size() != most) return std::nullopt;
  return std::string(octets->begin(), octets->end());
}

void TrustedCarriers::trust(const std::string& id, const std::string& sha256) const {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (!error) fs::permissions(directory_.parent_path(), fs::perms::owner_all, error);
  if (!error) fs::permissions(directory_, fs::perms::owner_all, error);
  if (error) fail(directory_, error);
  try {
    base::replace_file(directory_ / id, sha256);
  } catch (const std::system_error& fault) {
    fail(directory_ / id, fault.code());
  }
}

bool TrustedCarriers::untrust(const std::string& id) const {
  std::error_code error;
  const bool there = fs::remove(directory_ / id, error);
  if (error) fail(directory_ / id, error);
  return there;
}

}  // namespace store
