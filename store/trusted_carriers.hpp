#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace store {

/// Which carriers' files a user trusts, by the SHA-256 of what is in them: a file for each, so that
/// several processes are in nobody's way, in `trusted-carriers` of the state directory. The ids are
/// plain names.
class TrustedCarriers {
 public:
  explicit TrustedCarriers(const std::filesystem::path& state_directory)
      : directory_(state_directory / "trusted-carriers") {}

  /// Empty when there is none that only the user could have written.
  [[nodiscard]] std::optional<std::string> sha256(const std::string& id) const;

  /// Throws Error `carrier.not-kept` (failure).
  void trust(const std::string& id, const std::string& sha256) const;

  /// False when it was not trusted. Throws as trust.
  [[nodiscard]] bool untrust(const std::string& id) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace store
