#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/faults.hpp"
#include "sim/state.hpp"

/// What an SM-DP+ keeps: SGP.22 3.1.6, download orders.
namespace sim {

/// SGP.22 3.1.6, table 6a: the states that a device can meet.
enum class OrderState : std::uint8_t {
  allocated,   ///< not to be downloaded yet
  released,    ///< waits for its download
  downloaded,  ///< handed out; the same eUICC may ask again
  installed,   ///< closed by the notification
  cancelled,   ///< refused by the user, or impossible
  error        ///< given up
};

struct Order {
  std::string matching_id;  ///< empty: found by the EID alone
  OrderState state = OrderState::released;
  std::string confirmation_code;  ///< empty when none is wanted
  std::string eid;                ///< 32 digits; empty: any; a download binds it
  std::string imei;               ///< 15 digits; empty: any
  std::uint64_t attempts = 0;     ///< packages handed out
  std::uint64_t most_attempts = 3;
  std::uint64_t code_attempts = 0;  ///< wrong confirmation codes
  std::uint64_t most_code_attempts = 3;
  std::uint64_t expires = 0;  ///< seconds since 1970; 0: never
  std::uint64_t size = 0;     ///< octets of the profile elements
  bool replace_keys = true;   ///< SGP.22 2.5.3: protected by keys of their own
  bool check_memory = true;   ///< refused when the card tells of less memory
  std::string preview_name;   ///< a name before the download that the package does not have
  Profile profile;            ///< the metadata
  bool operator==(const Order&) const = default;
};

struct Orders {
  std::vector<Order> orders;
  std::vector<ServerFault> faults;
  bool operator==(const Orders&) const = default;
};

/// Orders for practice: small and large, with a confirmation code, one that expired.
Orders fresh_orders();

/// As the JSON that sim/README.md describes, and back; throws base::Error (usage, "sim.state").
std::string to_json(const Orders& orders);
Orders orders_from_json(std::string_view text, std::string_view source);

}  // namespace sim
