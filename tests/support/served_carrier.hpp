#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/carrier_apis.hpp"
#include "sim/carrier_server.hpp"
#include "sim/totp.hpp"
#include "tests/support/temporary_directory.hpp"

namespace test {

/// A fresh carrier whose clock stands at noon of 15 March 2027.
inline sim::CarrierState still_carrier(const std::string& provider) {
  const std::string noon = "2027-03-15T12:00:00Z";
  auto state = sim::fresh_carrier_of(provider, sim::from_time(noon));
  state.now = noon;
  return state;
}

/// A simulated carrier on the loopback, which notes what it logs.
class ServedCarrier {
 public:
  explicit ServedCarrier(const std::string& provider) : ServedCarrier(still_carrier(provider)) {}
  explicit ServedCarrier(sim::CarrierState state, const std::string& address = "localhost")
      : name_(address),
        server_(std::move(state), {.address = address, .log = [this](const std::string& line) {
                                     const std::lock_guard lock(mutex_);
                                     lines_.push_back(line);
                                     events_.push_back(nlohmann::json::parse(line));
                                     heard_.notify_all();
                                   }}) {
    std::ofstream(ca()) << sim::server_ca_pem();
  }

  [[nodiscard]] std::string ca() const { return (directory_.path() / "ca.pem").string(); }
  [[nodiscard]] int port() const { return server_.port(); }
  [[nodiscard]] std::string address() const { return name_ + ":" + std::to_string(port()); }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "https://" + address() + path;
  }

  [[nodiscard]] sim::CarrierState state() const { return server_.state(); }
  void change(const std::function<void(sim::CarrierState&)>& change) { server_.change(change); }
  void advance(std::chrono::seconds by) {
    change([&](sim::CarrierState& state) { state.clock_offset_seconds += by.count(); });
  }
  /// The one-time code of the account, now or so many steps later.
  [[nodiscard]] std::string code(int later = 0, std::size_t account = 0) const {
    auto state = server_.state();
    const auto step = sim::totp_step(sim::Carrier(state).now());
    const auto secret = sim::from_base32(state.accounts.at(account).totp_secret).value();
    return sim::totp_code(secret,
                          static_cast<std::uint64_t>(static_cast<std::int64_t>(step) + later));
  }

  /// Each request in its order: "GET /v1/sims".
  [[nodiscard]] std::vector<std::string> requests() const { return told(false); }
  /// The same with the status: "GET /v1/sims=200".
  [[nodiscard]] std::vector<std::string> outcomes() const { return told(true); }

  [[nodiscard]] std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return connected();
  }
  /// Whether somebody is connected before the time is up.
  [[nodiscard]] bool connected_within(std::chrono::seconds time) const {
    std::unique_lock lock(mutex_);
    return heard_.wait_for(lock, time, [&] { return connected() > 0; });
  }
  /// All that was logged, as it stands in the file of --log.
  [[nodiscard]] std::string log() const {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const auto& line : lines_) all += line + "\n";
    return all;
  }

 private:
  [[nodiscard]] std::vector<std::string> told(bool with_status) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> list;
    for (const auto& each : events_) {
      if (each.at("event") != "request") continue;
      list.push_back(each.at("method").get<std::string>() + " " +
                     each.at("path").get<std::string>() +
                     (with_status ? "=" + each.at("http").dump() : ""));
    }
    return list;
  }

  [[nodiscard]] std::size_t connected() const {
    std::size_t count = 0;
    for (const auto& each : events_) count += each.at("event") == "connection" ? 1U : 0U;
    return count;
  }

  std::string name_;
  test::TemporaryDirectory directory_;
  mutable std::mutex mutex_;
  mutable std::condition_variable heard_;
  std::vector<std::string> lines_;
  std::vector<nlohmann::json> events_;
  sim::CarrierServer server_;
};

}  // namespace test
