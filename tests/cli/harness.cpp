#include "tests/cli/harness.hpp"

#include <memory>
#include <sstream>
#include <utility>

#include "app/recorded_cards.hpp"
#include "base/error.hpp"
#include "base/http_curl.hpp"
#include "cli/run.hpp"
#include "cli/simulated.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

namespace cli_test {
namespace {

/// Whoever is not on the loopback has no address.
class Nowhere final : public base::HttpClient {
 public:
  explicit Nowhere(std::string host) : host_(std::move(host)) {}
  base::HttpResponse send(const base::HttpRequest& /*request*/) override {
    throw base::Error(base::ErrorKind::network, "http.unresolved",
                      "no address is known for " + host_);
  }
  [[nodiscard]] base::HttpCounters counters() const override { return {}; }

 private:
  std::string host_;
};

}  // namespace

Result run(const Words& words, const Setting& setting) {
  test::ManualClock own_clock(setting.now);
  base::Clock& clock = setting.clock != nullptr ? *setting.clock : own_clock;
  const test::TemporaryDirectory locks;
  std::istringstream in(setting.input);
  std::ostringstream out;
  std::ostringstream err;
  const app::World world{
      .readers =
          [&] {
            if (setting.list_readers) return setting.list_readers();
            std::vector<lpa::Reader> list;
            for (const auto& [name, open] : setting.readers)
              list.push_back({name, open != nullptr, {}});
            return list;
          },
      .connect = [&](const std::string& reader,
                     std::chrono::milliseconds) { return setting.readers.at(reader)(); },
      .schemes = {{"sim", cli::simulated_card},
                  {"replay", app::replayed_card},
                  {"lookup", app::looked_up_card}},
      .clock = clock,
      .lock_directories = {setting.lock_directory.empty() ? (locks.path() / "locks").string()
                                                          : setting.lock_directory},
      .state_directory = setting.state_directory,
      .http = [&](base::HttpSettings settings) -> std::unique_ptr<base::HttpClient> {
        for (const auto& host : settings.hosts) {
          if (!host.starts_with("localhost")) return std::make_unique<Nowhere>(host);
        }
        return base::curl_client(std::move(settings), clock);
      },
      .interrupts = [&] { return setting.stop; },
      .endings = [&] { return setting.stop; },
      .carrier_directories = {setting.carriers},
      .credentials_directory = setting.credentials_directory,
      .open_library = setting.open_library,
      .service_manager = setting.service_manager,
      .own_carriers = setting.own_carriers,
      .zone = [&] { return setting.zone; },
      .interfaces = setting.interfaces,
      .boot_id = setting.boot_id};
  const cli::Terminal terminal{.in = in,
                               .out = out,
                               .err = err,
                               .out_is_tty = setting.tty,
                               .err_is_tty = setting.tty,
                               .in_is_tty = setting.tty,
                               .width = setting.width,
                               .colour = setting.colour};
  Result result;
  result.code = cli::run(words, world, terminal);
  result.out = out.str();
  result.err = err.str();
  return result;
}

Result run(const std::string& line, const Setting& setting) {
  std::istringstream stream(line);
  Words words;
  for (std::string word; stream >> word;) words.push_back(word);
  return run(words, setting);
}

}  // namespace cli_test
