#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/accounts.hpp"
#include "app/asker.hpp"
#include "app/world.hpp"
#include "base/error.hpp"
#include "carriers/provider.hpp"
#include "usage/money.hpp"
#include "usage/snapshot.hpp"

namespace app {

/// A value that was found in an answer; without text where it may be secret.
struct TakenValue {
  std::string name;
  std::optional<std::string> text;
};

struct TriedRequest {
  std::string method;
  std::string address;
  int status = 0;
  std::vector<TakenValue> taken{};
};

/// What the file looks for and no answer has; it may be missing.
struct MissingValue {
  std::string name;
  std::vector<std::string> places;
};

struct TrialFault {
  std::string part;  ///< "sign-in", "usage", "balance" or "sign-out"
  base::Error error;
};

/// What came of a file of a provider.
struct Trial {
  carriers::Provider provider;
  std::string host;
  std::vector<TriedRequest> requests{};
  std::vector<usage::Snapshot> lines{};
  std::optional<usage::Money> balance{};
  std::vector<MissingValue> missing{};
  std::vector<TrialFault> faults{};
};

/// Does all that the file says with the server at `url` ("https://host:port"), and keeps nothing:
/// signs in, reads usage and balance, signs out. The file need not be trusted, since no other
/// server hears anything. `given` has values, secrets (`totp` makes the code) and `ca`; what is
/// missing is asked for.
///
/// What fails on the way is in the Trial. Throws Error `carrier.against` (usage) for another `url`,
/// and as provider_in, require_available, fill_values and lpa::http_trust.
Trial try_provider(const World& world, Asker& asker, const std::filesystem::path& file,
                   const std::string& url, NewAccount given);

}  // namespace app
