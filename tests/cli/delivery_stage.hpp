#pragma once

#include <filesystem>
#include <string>

#include "sim/card.hpp"
#include "sim/state.hpp"
#include "store/journal.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/served_smdp.hpp"
#include "tests/support/temporary_directory.hpp"

namespace cli_test {

/// A card whose two profiles have operators on the loopback, with a place for the outbox.
struct Stage {
  explicit Stage(const sim::Orders& orders = sim::fresh_orders()) : server(orders), other(orders) {
    auto card = sim::fresh();
    card.profiles[0].notifications = {
        {{sim::Event::disable, sim::Event::enable}, server.address()}};
    card.profiles[1].notifications = {
        {{sim::Event::enable, sim::Event::disable, sim::Event::remove}, other.address()}};
    sim::save(card, card_file());
    setting.state_directory = (directory.path() / "state").string();
  }
  [[nodiscard]] std::string card_file() const { return (directory.path() / "card.json").string(); }
  [[nodiscard]] Result run(const std::string& line) const {
    return cli_test::run("--card sim:" + card_file() + " --smdp-ca " + server.ca() + " " + line,
                         setting);
  }
  /// All that is said when there is nothing to say.
  [[nodiscard]] std::string banner() const {
    return "esimctl: servers are trusted by " + server.ca() + ", because of --smdp-ca\n";
  }
  [[nodiscard]] std::size_t waiting() const {
    return sim::load_or_create(card_file()).notifications.size();
  }
  [[nodiscard]] store::JournalContents journal() const {
    return store::Journal::open_existing(setting.state_directory).contents();
  }

  test::TemporaryDirectory directory;
  test::ServedSmdp server;
  test::ServedSmdp other;
  Setting setting;
};

inline sim::Orders failing() {
  auto orders = sim::fresh_orders();
  sim::ServerFault fault;
  fault.function = "handleNotification";
  fault.kind = sim::ServerFault::Kind::http;
  orders.faults.push_back(fault);
  return orders;
}

}  // namespace cli_test
