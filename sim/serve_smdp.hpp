#pragma once

#include <cstdint>
#include <string>

namespace sim {

/// What `esimctl-sim smdp` was told.
struct SmdpArguments {
  std::string orders_file;  ///< empty: the orders of fresh_orders(), forgotten at the end
  std::string ca_out;
  std::string log_file;
  std::string curve = "nist";
  std::string address = "localhost";
  std::string registered_id = "2.999.10";
  std::string host = "127.0.0.1";
  std::uint16_t port = 8443;
};

/// Serves until `stop` becomes readable. Port and CI certificate are told on standard output.
void serve_smdp(const SmdpArguments& arguments, int stop);

}  // namespace sim
