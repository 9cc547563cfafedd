#pragma once

#include <string>

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

  /// The code that a carrier waits for.
  virtual base::Secret code(const std::string& account, const carriers::Challenge& challenge) = 0;
  virtual base::Secret passphrase(store::PassphraseFor purpose) = 0;
};

}  // namespace app
