#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "carriers/sign_in.hpp"
#include "store/passphrase.hpp"

namespace app {

/// Who is asked for what only people know. What cannot be asked is Error `prompt.impossible`
/// (declined).
class Asker {
 public:
  virtual ~Asker() = default;
  [[nodiscard]] virtual bool can_ask() const = 0;

  /// Empty for an empty line.
  virtual std::string text(const std::string& question) = 0;
  virtual base::Secret secret(const std::string& question) = 0;

  /// One of `answers`, by its number.
  virtual std::size_t choice(const std::string& question,
                             std::span<const std::string_view> answers) = 0;

  /// A program with its arguments; empty for an empty line. Throws Error `usage.quoting` (usage).
  virtual std::vector<std::string> program(const std::string& question) = 0;

  /// Says something on the way.
  virtual void tell(const std::string& sentence) = 0;

  /// The code that a carrier waits for.
  virtual base::Secret code(const std::string& account, const carriers::Challenge& challenge) = 0;

  /// That of the file of secrets, when there are people.
  virtual base::Secret passphrase(store::PassphraseFor purpose) = 0;
};

}  // namespace app
