#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

/// What is kept between runs.
namespace store {

constexpr std::size_t longest_secret = 64UL * 1024;  ///< octets
constexpr std::size_t longest_secret_name = 255;

/// Where the secrets of accounts are kept, each under a name such as "account/NAME/password": UTF-8
/// without control characters. A secret is UTF-8 without NUL.
///
/// Throws Error `secrets.name` or `secrets.value` (usage) for what is longer than above, or of
/// another form; `secrets.unavailable` (sign_in) when the secrets are out of reach.
class Vault {
 public:
  virtual ~Vault() = default;
  virtual std::optional<base::Secret> get(std::string_view name) = 0;
  /// Lasts when this returns; what was there under that name is gone.
  virtual void put(std::string_view name, const base::Secret& secret) = 0;
  virtual bool erase(std::string_view name) = 0;  ///< false: it was not there
  virtual std::vector<std::string> names() = 0;   ///< sorted
};

/// Throw as Vault does.
void require_secret_name(std::string_view name);
void require_secret_value(const base::Secret& secret);

}  // namespace store
