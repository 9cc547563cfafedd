#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "sim/faults.hpp"
#include "sim/json.hpp"
#include "sim/mutual_authentication.hpp"
#include "sim/received.hpp"

/// The JSON that ES9+ and ES11 have in common (SGP.22 6.5).
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

/// A request, whose members are all texts (SGP.22 6.5.2). Throws Es9Failure of subject 1.3.1.
class Es9Request {
 public:
  explicit Es9Request(std::string_view body) : json_(JsonObject::parse(body)) {}

  [[nodiscard]] std::string text(const std::string& key) const;
  [[nodiscard]] base::Bytes octets(const std::string& key) const;
  [[nodiscard]] base::Bytes transaction_id() const;  ///< hexadecimal, 1 to 16 octets

 private:
  JsonObject json_;
};

/// The beginning of an answer to what was carried out.
JsonObject es9_header();

Es9Answer succeeded_es9(const JsonObject& json, const std::string& transaction_id);

/// The answer that something failed with those codes.
Es9Answer failed_es9(const std::string& subject, const std::string& reason,
                     const std::string& message);

/// The answer to InitiateAuthentication.
Es9Answer begun_es9(const InitiateAuthenticationOk& begun, const std::optional<ServerFault>& fault);

/// What the server is to sign as its address in place of its own.
std::optional<std::string> told_address(const std::optional<ServerFault>& fault);

/// The transaction identifier as the answer has it.
std::string told_id(base::Bytes transaction_id, const std::optional<ServerFault>& fault);

/// Reads the request and runs `work`; what they throw becomes the answer.
std::optional<Es9Answer> answering_es9(
    std::string_view body, const std::function<std::optional<Es9Answer>(const Es9Request&)>& work);

}  // namespace sim
