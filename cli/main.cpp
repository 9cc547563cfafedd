#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <malloc.h>

#include "app/recorded_cards.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/http_curl.hpp"
#include "base/interrupts.hpp"
#include "base/no_dumps.hpp"
#include "cli/completion.hpp"
#include "cli/run.hpp"
#include "cli/simulated.hpp"
#include "lpa/pcsc.hpp"
#include "usage/zone.hpp"

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
  return value == nullptr ? std::string_view() : value;
}

/// XDG Base Directory Specification: only absolute paths count.
std::filesystem::path own_directory(const char* variable, const char* usual) {
  const auto base = environment(variable);
  if (base.starts_with('/')) return std::filesystem::path(base) / "esimctl";
  const auto home = environment("HOME");
  if (!home.starts_with('/')) return {};
  return std::filesystem::path(home) / usual / "esimctl";
}

std::filesystem::path own_carriers() {
  const auto directory = own_directory("XDG_CONFIG_HOME", ".config");
  return directory.empty() ? directory : directory / "carriers";
}

/// Where systemd has put what it hands over (systemd.exec(5)).
std::filesystem::path credentials_directory() {
  const auto directory = environment("CREDENTIALS_DIRECTORY");
  return directory.starts_with('/') ? std::filesystem::path(directory) : std::filesystem::path();
}

/// For all users of the machine first, since the reader is theirs together.
std::vector<std::filesystem::path> lock_directories() {
  std::vector<std::filesystem::path> directories{"/run/lock/esimctl"};
  const auto own = environment("XDG_RUNTIME_DIR");
  if (own.starts_with('/')) directories.emplace_back(std::filesystem::path(own) / "esimctl");
  return directories;
}

/// By TZ or, as systemd keeps it, by where /etc/localtime leads to; UTC when neither tells a name.
std::string zone_of_machine() {
  auto zone = std::string(environment("TZ"));
  if (zone.starts_with(':')) zone.erase(0, 1);
  if (zone.empty()) {
    constexpr std::string_view database = "/zoneinfo/";
    std::error_code error;
    const auto target = std::filesystem::read_symlink("/etc/localtime", error).string();
    const auto found = target.find(database);
    if (!error && found != std::string::npos) zone = target.substr(found + database.size());
  }
  if (zone == "Etc/UTC") return "UTC";
  try {
    static_cast<void>(usage::local_day(base::UtcTime(), zone));
    return zone;
  } catch (const base::Error&) {
    return "UTC";
  }
}

/// Who presses TAB does not wait for a card that is slow to answer.
lpa::pcsc::Limits limits(bool completing) {
  using std::chrono_literals::operator""s;
  return completing ? lpa::pcsc::Limits{.service = 1s, .command = 2s, .connecting = 1s}
                    : lpa::pcsc::Limits{};
}

}  // namespace

/// The parts of the program and how they join: readers of PC/SC and the simulated card, the
/// machine's clock and terminal, handed to the command line.
int main(int argc, char** argv) {
  const base::NoDumps no_dumps;
  // Many threads that mostly wait share their memory.
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is no other thread yet
  ::mallopt(M_ARENA_MAX, 2);
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): a reader that goes away shows as EPIPE
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto within = limits(!words.empty() && words.front() == cli::completion_question);
  base::SystemClock clock;
  std::optional<base::Interrupts> interrupts;
  const app::World world{
      .readers = [&] { return lpa::pcsc::readers_within(within); },
      .connect =
          [&](const std::string& reader, std::chrono::milliseconds wait) {
            return lpa::pcsc::connect_within(within, reader, wait);
          },
      .schemes = {{"sim", cli::simulated_card},
                  {"replay", app::replayed_card},
                  {"lookup", app::looked_up_card}},
      .clock = clock,
      .lock_directories = lock_directories(),
      .state_directory = own_directory("XDG_STATE_HOME", ".local/state"),
      .http =
          [&](base::HttpSettings settings) {
            return base::curl_client(std::move(settings), clock);
          },
      .interrupts =
          [&] {
            if (!interrupts) interrupts.emplace();
            return interrupts->token();
          },
      .endings =
          [&] {
            if (!interrupts) interrupts.emplace();
            interrupts->listen_to(SIGTERM);
            return interrupts->token();
          },
      .carrier_directories = {ESIMCTL_INSTALLED_CARRIERS, ESIMCTL_BUILT_CARRIERS},
      .credentials_directory = credentials_directory(),
      .service_manager = base::ServiceManager::of_environment(),
      .own_carriers = own_carriers(),
      .zone = zone_of_machine,
      .interfaces = "/sys/class/net",
      .boot_id = "/proc/sys/kernel/random/boot_id"};
  return cli::run(words, world, cli::system_terminal());
}
