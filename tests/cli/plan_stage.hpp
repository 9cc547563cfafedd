#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/cli/harness.hpp"
#include "tests/support/served_carrier.hpp"
#include "tests/support/temporary_directory.hpp"

namespace cli_test {

/// A user with a place for accounts, whose passphrase systemd hands over, and a carrier.
struct PlanStage {
  static constexpr auto passphrase = "a passphrase for tests";

  explicit PlanStage(const std::string& provider) : id(provider), carrier(provider) {
    setting.now = base::from_rfc3339(carrier.state().now);
    setting.state_directory = (directory.path() / "state").string();
    setting.carriers = std::string(ESIMCTL_TEST_TOP) + "/carriers/providers";
    setting.own_carriers = (directory.path() / "config" / "carriers").string();
    setting.credentials_directory = (directory.path() / "credentials").string();
    std::filesystem::create_directory(setting.credentials_directory);
    std::filesystem::permissions(setting.credentials_directory, std::filesystem::perms::owner_all);
    const auto file = std::filesystem::path(setting.credentials_directory) / "esimctl";
    std::ofstream(file) << passphrase;
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  }
  [[nodiscard]] Result run(const std::string& line, const std::string& input = {}) const {
    auto own = setting;
    own.input = input;
    return cli_test::run(line, own);
  }
  /// Adds the account `work`; these are its values and, line by line, its secrets.
  [[nodiscard]] Result add(const std::string& values, const std::string& secrets) const {
    return run("account add " + id + " work --keep-in file --secrets - --host " +
                   carrier.address() + " --host-ca " + carrier.ca() + " " + values,
               secrets);
  }
  /// The same with what is typed.
  [[nodiscard]] Result add_by_hand(const std::string& typed) const {
    return run("account add " + id + " work --keep-in file --host " + carrier.address() +
                   " --host-ca " + carrier.ca(),
               typed);
  }
  [[nodiscard]] Result add_soracom(const std::string& password = "correct horse") const {
    return add("--set email=user@example.com",
               "password=" + password + "\ntotp=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n");
  }

  std::string id;
  test::TemporaryDirectory directory;
  test::ServedCarrier carrier;
  Setting setting;
};

}  // namespace cli_test
