#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <sys/signalfd.h>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "sim/card.hpp"
#include "sim/card_device.hpp"
#include "sim/carrier_apis.hpp"
#include "sim/events.hpp"
#include "sim/hostile.hpp"
#include "sim/orders.hpp"
#include "sim/pace.hpp"
#include "sim/paced_device.hpp"
#include "sim/serve.hpp"
#include "sim/smdp.hpp"
#include "sim/smds.hpp"
#include "sim/state.hpp"
#include "sim/stoppable_clock.hpp"
#include "sim/traffic.hpp"
#include "sim/vpcd.hpp"

namespace {

struct CardArguments {
  std::string state_file;
  std::string hostile;
  std::string protocol;
  std::size_t channels = 0;
  std::uint32_t ms_per_apdu = 0;
  std::uint32_t us_per_byte = 0;
  std::string host = "127.0.0.1";
  std::uint16_t port = sim::VpcdEndpoint{}.port;
  double wait = 10;  // seconds
};

constexpr std::uint32_t slowest = 3'600'000;

/// A file that is readable once the program is to end.
base::Fd stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return base::Fd(::signalfd(-1, &signals, SFD_CLOEXEC));
}

sim::State initial_state(const CardArguments& arguments) {
  auto state =
      arguments.state_file.empty() ? sim::fresh() : sim::load_or_create(arguments.state_file);
  if (arguments.protocol == "T=0") state.protocol = sim::Protocol::t0;
  if (arguments.protocol == "T=1") state.protocol = sim::Protocol::t1;
  if (arguments.channels > 0) state.channels = arguments.channels;
  auto& line = state.options.line;
  if (arguments.ms_per_apdu > 0) line.ms_per_apdu = arguments.ms_per_apdu;
  if (arguments.us_per_byte > 0) line.us_per_byte = arguments.us_per_byte;
  return state;
}

std::unique_ptr<sim::Device> make_device(const CardArguments& arguments, sim::State state) {
  if (!arguments.hostile.empty()) return sim::hostile(arguments.hostile, std::move(state));
  sim::Card::OnChange save;
  if (const auto& path = arguments.state_file; !path.empty()) {
    save = [path](const sim::State& changed) { sim::save(changed, path); };
  }
  return std::make_unique<sim::CardDevice>(sim::Card(std::move(state), std::move(save)));
}

int serve_card(const CardArguments& arguments) {
  const auto stop = stop_signals();
  sim::StoppableClock clock(stop.number());
  auto state = initial_state(arguments);
  const sim::Pace pace(state.options.line, clock);
  sim::PacedDevice device(make_device(arguments, std::move(state)), pace);
  const sim::VpcdEndpoint endpoint{
      arguments.host, arguments.port,
      std::chrono::milliseconds(static_cast<std::int64_t>(arguments.wait * 1000))};
  sim::serve_vpcd(device, endpoint, stop.number(), [&] {
    std::cerr << "esimctl-sim: serving a simulated eUICC to vpcd on port " << endpoint.port << '\n';
  });
  return 0;
}

struct TrafficArguments {
  std::uint64_t seed = 1;
  int days = 40;
  int leak_days = 0;
};

/// Until the hour that has begun.
void print_traffic(const TrafficArguments& arguments) {
  base::SystemClock clock;
  const auto end = std::chrono::floor<std::chrono::hours>(clock.utc());
  const std::chrono::days length(arguments.days);
  std::vector<sim::Extra> extras;
  if (arguments.leak_days > 0) {
    auto leak = sim::leak(std::int64_t{24} * (arguments.days - arguments.leak_days));
    leak.hours = std::int64_t{24} * arguments.leak_days;
    extras.push_back(leak);
  }
  const auto traffic = sim::traffic(arguments.seed, end - length, length, extras);
  std::cout << "starts_at,bytes\n";
  auto start = traffic.start;
  for (const auto bytes : traffic.bytes) {
    std::cout << base::to_rfc3339(start) << ',' << bytes << '\n';
    start += std::chrono::hours(1);
  }
  std::cout << std::flush;
}

std::string hostile_help() {
  std::string text = "A card that misbehaves:";
  for (const auto& kind : sim::hostile_kinds()) {
    text += "\n" + std::string(kind.name) + ": " + std::string(kind.meaning);
  }
  return text;
}

/// Of all servers.
void add_network_options(CLI::App& server, sim::ServerArguments& arguments) {
  server.add_option("--port", arguments.port, "TCP port, 0 for any")->capture_default_str();
  server.add_option("--host", arguments.host, "IPv4 address to listen on")->capture_default_str();
  server.add_option("--address", arguments.address, "The server's own name")->capture_default_str();
  server.add_option("--ca-out", arguments.ca_out, "Write the CI certificate (PEM) to this file");
  server.add_option("--log", arguments.log_file, "Write each request to this file as JSON");
}

/// `state` is the option that names the file, and `kept` what is in it.
void add_server_options(CLI::App& server, sim::ServerArguments& arguments, const std::string& state,
                        const std::string& kept) {
  server.add_option(state, arguments.state_file,
                    "Keep the " + kept + " in this file; made when missing");
  add_network_options(server, arguments);
  server.add_option("--oid", arguments.registered_id, "The server's own object identifier")
      ->capture_default_str();
  server.add_option("--curve", arguments.curve, "Curve of its keys")
      ->check(CLI::IsMember({"nist", "brainpool"}))
      ->capture_default_str();
}

std::vector<std::string> carrier_names() {
  std::vector<std::string> names;
  for (const auto* const api : sim::carrier_apis()) names.emplace_back(api->name);
  return names;
}

int run(int argc, char** argv) {
  CLI::App app("A simulated eUICC and its servers, for practice and tests.", "esimctl-sim");
  app.require_subcommand(1);
  CardArguments arguments;
  auto* const card = app.add_subcommand("card", "Put a card into the reader of vsmartcard's vpcd");
  card->add_option("--state", arguments.state_file,
                   "Keep the card in this file; made when missing");
  card->add_option("--port", arguments.port, "Port of vpcd")->capture_default_str();
  card->add_option("--host", arguments.host, "IPv4 address of vpcd")->capture_default_str();
  card->add_option("--wait", arguments.wait, "Seconds to wait for vpcd")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  card->add_option("--protocol", arguments.protocol, "Transmission protocol")
      ->check(CLI::IsMember({"T=0", "T=1"}));
  card->add_option("--channels", arguments.channels, "Logical channels, the basic one included")
      ->check(CLI::Range(1, 20));
  card->add_option("--ms-per-apdu", arguments.ms_per_apdu,
                   "Milliseconds that the card thinks about each command")
      ->check(CLI::Range(slowest));
  card->add_option("--us-per-byte", arguments.us_per_byte,
                   "Microseconds that each octet is on the way")
      ->check(CLI::Range(slowest));
  card->add_option("--hostile", arguments.hostile, hostile_help())->type_name("KIND");
  auto* const fresh = app.add_subcommand("fresh", "Print the state of a new card");
  sim::ServerArguments smdp_arguments{.registered_id = sim::SmdpSetup{}.registered_id,
                                      .port = 8443};
  auto* const smdp = app.add_subcommand("smdp", "Serve profiles as an SM-DP+, over HTTPS");
  add_server_options(*smdp, smdp_arguments, "--orders", "orders");
  auto* const orders = app.add_subcommand("orders", "Print the orders of a new SM-DP+");
  sim::ServerArguments smds_arguments{.registered_id = sim::SmdsSetup{}.registered_id,
                                      .port = 8444};
  auto* const smds =
      app.add_subcommand("smds", "Tell cards what waits for them as an SM-DS, over HTTPS");
  add_server_options(*smds, smds_arguments, "--events", "events");
  auto* const events = app.add_subcommand("events", "Print the events of a new SM-DS");
  sim::ServerArguments carrier_arguments{.port = 8445};
  std::string provider;
  bool only_fresh = false;
  auto* const carrier =
      app.add_subcommand("carrier", "Answer as the API of a carrier does, over HTTPS");
  carrier->add_option("PROVIDER", provider, "Which carrier")
      ->check(CLI::IsMember(carrier_names()))
      ->required();
  carrier->add_option("--state", carrier_arguments.state_file,
                      "Keep accounts and lines in this file; made when missing");
  carrier->add_flag("--fresh", only_fresh, "Print the state of a new carrier, and serve nothing");
  add_network_options(*carrier, carrier_arguments);
  TrafficArguments traffic_arguments;
  auto* const traffic =
      app.add_subcommand("traffic", "Print what a line used until now, hour by hour, as CSV");
  traffic->add_option("--seed", traffic_arguments.seed, "Of chance")->capture_default_str();
  traffic->add_option("--days", traffic_arguments.days, "For so long")
      ->check(CLI::Range(1, 3660))
      ->capture_default_str();
  traffic
      ->add_option("--leak-days", traffic_arguments.leak_days,
                   "Of these, the last, in which something uses 10 MB an hour day and night")
      ->check(CLI::Range(0, 3660))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    throw base::Error(base::ErrorKind::usage, "usage.argument", error.what());
  }
  if (card->parsed()) return serve_card(arguments);
  if (smdp->parsed()) sim::serve_smdp(smdp_arguments, stop_signals().number());
  if (smds->parsed()) sim::serve_smds(smds_arguments, stop_signals().number());
  if (carrier->parsed() && !only_fresh) {
    sim::serve_carrier(provider, carrier_arguments, stop_signals().number());
  }
  if (carrier->parsed()) std::cout << sim::fresh_carrier_json(provider) << std::flush;
  if (traffic->parsed()) print_traffic(traffic_arguments);
  if (events->parsed()) std::cout << sim::to_json(sim::fresh_events()) << std::flush;
  if (orders->parsed()) std::cout << sim::to_json(sim::fresh_orders()) << std::flush;
  if (fresh->parsed()) std::cout << sim::to_json(sim::fresh()) << std::flush;
  return std::cout ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const base::Error& error) {
    std::cerr << "esimctl-sim: " << error.what() << '\n';
    return error.kind() == base::ErrorKind::usage ? 2 : 1;
  } catch (const std::exception& error) {
    std::cerr << "esimctl-sim: " << error.what() << '\n';
    return 1;
  }
}
