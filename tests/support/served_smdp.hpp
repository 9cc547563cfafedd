#pragma once

#include <fstream>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/smdp_server.hpp"
#include "tests/support/temporary_directory.hpp"

namespace test {

/// A simulated SM-DP+ on the loopback, which notes what it logs.
class ServedSmdp {
 public:
  explicit ServedSmdp(sim::Orders orders = sim::fresh_orders(), const sim::SmdpSetup& setup = {})
      : server_(setup, std::move(orders), {.log = [this](const std::string& line) {
                  const std::lock_guard lock(mutex_);
                  events_.push_back(nlohmann::json::parse(line));
                }}) {
    std::ofstream(ca()) << sim::server_ca_pem();
  }

  [[nodiscard]] std::string ca() const { return (directory_.path() / "ca.pem").string(); }
  [[nodiscard]] std::string address() const {
    return "localhost:" + std::to_string(server_.port());
  }
  [[nodiscard]] std::string code(const std::string& matching_id) const {
    return "LPA:1$" + address() + "$" + matching_id;
  }
  [[nodiscard]] sim::Orders orders() const { return server_.orders(); }
  [[nodiscard]] sim::OrderState state(std::size_t order = 0) const {
    return server_.orders().orders.at(order).state;
  }

  /// The functions that were asked for, in their order, parted by blanks.
  [[nodiscard]] std::string functions() const {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const auto& each : events_) {
      if (each.at("event") != "request") continue;
      all += (all.empty() ? "" : " ") + each.at("function").get<std::string>();
    }
    return all;
  }

  /// The numbers of the notifications that it was told, in their order.
  [[nodiscard]] std::string numbers() const {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const auto& each : events_) {
      if (!each.contains("notification")) continue;
      all += (all.empty() ? "" : " ") + each.at("notification").at("sequence").dump();
    }
    return all;
  }

  [[nodiscard]] std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const auto& each : events_) count += each.at("event") == "connection" ? 1U : 0U;
    return count;
  }

 private:
  test::TemporaryDirectory directory_;
  mutable std::mutex mutex_;
  std::vector<nlohmann::json> events_;
  sim::SmdpServer server_;
};

}  // namespace test
