#pragma once

#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/smds_server.hpp"
#include "tests/support/temporary_directory.hpp"

namespace test {

/// A simulated SM-DS on the loopback, which notes what it logs.
class ServedSmds {
 public:
  explicit ServedSmds(const sim::Events& events = sim::fresh_events(),
                      const sim::SmdsSetup& setup = {})
      : server_(setup, events, {.log = [this](const std::string& line) {
                  const std::lock_guard lock(mutex_);
                  events_.push_back(nlohmann::json::parse(line));
                }}) {
    std::ofstream(ca()) << sim::server_ca_pem();
  }

  [[nodiscard]] std::string ca() const { return (directory_.path() / "ca.pem").string(); }
  [[nodiscard]] int port() const { return server_.port(); }
  [[nodiscard]] std::string address() const {
    return "localhost:" + std::to_string(server_.port());
  }

  /// Function and outcome of each request, parted by blanks: "authenticateClient=8.9.5/3.9".
  [[nodiscard]] std::string requests() const {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const auto& each : events_) {
      if (each.at("event") != "request") continue;
      all += (all.empty() ? "" : " ") + each.at("function").get<std::string>() + "=";
      all +=
          each.at("subject").get<std::string>().empty()
              ? each.at("status").get<std::string>()
              : each.at("subject").get<std::string>() + "/" + each.at("reason").get<std::string>();
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
  sim::SmdsServer server_;
};

}  // namespace test
