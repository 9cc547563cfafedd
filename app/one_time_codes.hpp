#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "app/asker.hpp"
#include "app/kept_secrets.hpp"
#include "app/world.hpp"
#include "base/secret.hpp"
#include "carriers/sign_in.hpp"
#include "store/accounts.hpp"

namespace app {

/// A code of the secret `otpauth`, for a step after `last_step`, once that has come. `taken` hears
/// the step before the code is used. `ahead`: how far the provider's clock is. Throws as
/// carriers::read_otpauth.
base::Secret code_by_time(const World& world, const base::Secret& otpauth,
                          std::chrono::seconds ahead, std::optional<std::uint64_t> last_step,
                          const std::function<void(std::uint64_t step)>& taken);

/// The one-time codes of an account for one sign-in, from its sources in their order. A source that
/// fails, or whose code was not taken, is followed by the next one; people are asked as often as
/// they like. Borrows all that it is made with.
class OneTimeCodes {
 public:
  OneTimeCodes(const World& world, const store::Account& account, KeptSecrets& kept, Asker* asker);

  /// A code that nobody has to be asked for, from the sources that come before people. `ahead`:
  /// how far the provider's clock is.
  std::optional<base::Secret> made(std::chrono::seconds ahead);

  /// The next code for a challenge; empty when no source is left.
  std::optional<base::Secret> next(const carriers::Challenge& challenge,
                                   std::chrono::seconds ahead);

  /// Says something to people, if there are any.
  void tell(const std::string& sentence);

  /// Why sources gave none, a clause for each.
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

 private:
  std::optional<base::Secret> take(store::CodeSource source, std::chrono::seconds ahead);
  base::Secret by_time(std::chrono::seconds ahead);

  const World& world_;
  const store::Account& account_;
  KeptSecrets& kept_;
  Asker* asker_;  ///< null when nobody can be asked
  std::deque<store::CodeSource> left_;
  std::vector<std::string> faults_;
};

}  // namespace app
