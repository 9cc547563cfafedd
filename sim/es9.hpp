#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/orders.hpp"
#include "sim/smdp.hpp"

/// ES9+ over HTTP with JSON (SGP.22 6.5).
namespace sim {

/// What goes back, and what it was.
struct Es9Answer {
  unsigned http = 200;
  std::string body;     ///< JSON; empty for a notification
  std::string status;   ///< "Executed-Success" or "Failed"
  std::string subject;  ///< of a failure
  std::string reason;
  std::string transaction_id;
  std::optional<Received> received;  ///< of HandleNotification
};

/// Carries out `function`, as it stands at the end of the path (`initiateAuthentication`); empty
/// when there is no such function.
///
/// Of `fault` only those kinds matter that change what the JSON says.
std::optional<Es9Answer> run_es9(Smdp& smdp, std::string_view function, std::string_view body,
                                 const std::optional<ServerFault>& fault = std::nullopt);

/// The answer that something failed with those codes.
Es9Answer failed_es9(const std::string& subject, const std::string& reason,
                     const std::string& message);

}  // namespace sim
