#pragma once

#include <cstdint>
#include <string>

namespace sim {

/// What `esimctl-sim smdp`, `smds` or `carrier` was told.
struct ServerArguments {
  std::string state_file{};  ///< empty: a fresh one, forgotten at the end
  std::string ca_out{};
  std::string log_file{};
  std::string curve = "nist";
  std::string address = "localhost";
  std::string registered_id{};
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
};

/// Serve until `stop` becomes readable. Port and CI certificate are told on standard output.
void serve_smdp(const ServerArguments& arguments, int stop);
void serve_smds(const ServerArguments& arguments, int stop);

/// Likewise; what somebody else writes to the state file is taken over before the next request.
void serve_carrier(const std::string& provider, const ServerArguments& arguments, int stop);

/// The state of a new carrier, now.
std::string fresh_carrier_json(const std::string& provider);

}  // namespace sim
