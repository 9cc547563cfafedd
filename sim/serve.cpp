#include "sim/serve.hpp"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "base/error.hpp"
#include "sim/carrier_apis.hpp"
#include "sim/carrier_server.hpp"
#include "sim/events.hpp"
#include "sim/files.hpp"
#include "sim/orders.hpp"
#include "sim/smdp_server.hpp"
#include "sim/smds_server.hpp"

namespace sim {
namespace {

/// What is in `file`, which is made of `fresh` when it is missing; without one `fresh` itself.
template <class State>
State load(const std::string& file, State fresh,
           State (*read)(std::string_view, std::string_view)) {
  if (file.empty()) return fresh;
  if (std::filesystem::exists(file)) return read(read_file(file), file);
  write_file(file, to_json(fresh));
  return fresh;
}

Curve curve_of(const ServerArguments& arguments) {
  return arguments.curve == "brainpool" ? Curve::brainpool : Curve::nist;
}

/// The log that was asked for, and the file with the CI certificate.
class Files {
 public:
  explicit Files(const ServerArguments& arguments) {
    if (!arguments.log_file.empty()) {
      write_file(arguments.log_file, "");  // readable by its owner only
      stream_.open(arguments.log_file, std::ios::app);
    }
    if (!arguments.ca_out.empty()) write_file(arguments.ca_out, server_ca_pem());
  }

  std::function<void(const std::string&)> log() {
    if (!stream_.is_open()) return {};
    return [this](const std::string& line) { stream_ << line << '\n' << std::flush; };
  }

 private:
  std::ofstream stream_;
};

[[noreturn]] void serve(const ServerArguments& arguments, std::uint16_t port, const char* what,
                        int stop) {
  std::cout << "port " << port << '\n';
  if (!arguments.ca_out.empty()) std::cout << "ca " << arguments.ca_out << '\n';
  std::cout << std::flush;
  std::cerr << "esimctl-sim: serving a simulated " << what << " at https://" << arguments.address
            << ':' << port << '\n';
  pollfd waiting{stop, POLLIN, 0};
  while (::poll(&waiting, 1, -1) < 0) {
  }
  // At once: connections that are idle are not waited for. All that is kept is in its file already.
  std::cout << std::flush;
  ::_exit(0);
}

CarrierState fresh_now(const std::string& provider) {
  return fresh_carrier_of(provider, static_cast<std::uint64_t>(std::time(nullptr)));
}

}  // namespace

void serve_smdp(const ServerArguments& arguments, int stop) {
  Files files(arguments);
  SmdpServerOptions options{.host = arguments.host, .port = arguments.port, .log = files.log()};
  if (const auto& file = arguments.state_file; !file.empty()) {
    options.on_change = [file](const Orders& orders) { write_file(file, to_json(orders)); };
  }
  const SmdpSetup setup{curve_of(arguments), arguments.address, arguments.registered_id};
  auto orders = load(arguments.state_file, fresh_orders(), orders_from_json);
  const SmdpServer server(setup, std::move(orders), std::move(options));
  serve(arguments, server.port(), "SM-DP+", stop);
}

void serve_smds(const ServerArguments& arguments, int stop) {
  Files files(arguments);
  const SmdsSetup setup{curve_of(arguments), arguments.address, arguments.registered_id};
  const auto events = load(arguments.state_file, fresh_events(), events_from_json);
  const SmdsServer server(setup, events,
                          {.host = arguments.host, .port = arguments.port, .log = files.log()});
  serve(arguments, server.port(), "SM-DS", stop);
}

void serve_carrier(const std::string& provider, const ServerArguments& arguments, int stop) {
  Files files(arguments);
  const auto& file = arguments.state_file;
  auto state = load(file, fresh_now(provider), carrier_from_json);
  if (state.provider != provider) {
    throw base::Error(base::ErrorKind::usage, "sim.state",
                      file + ": the state of '" + state.provider + "'");
  }
  CarrierServerOptions options{.host = arguments.host,
                               .port = arguments.port,
                               .address = arguments.address,
                               .log = files.log()};
  if (!file.empty()) {
    const auto known = std::make_shared<std::string>(read_file(file));
    options.on_change = [file, known](const CarrierState& changed) {
      *known = to_json(changed);
      write_file(file, *known);
    };
    options.changed = [file, known, provider]() -> std::optional<CarrierState> {
      try {
        auto text = read_file(file);
        if (text == *known) return std::nullopt;
        auto changed = carrier_from_json(text, file);
        if (changed.provider != provider) return std::nullopt;
        *known = std::move(text);
        return changed;
      } catch (const base::Error& error) {  // it may be half written
        std::cerr << "esimctl-sim: " << error.what() << '\n';
        return std::nullopt;
      }
    };
  }
  const CarrierServer server(std::move(state), std::move(options));
  serve(arguments, server.port(), provider.c_str(), stop);
}

std::string fresh_carrier_json(const std::string& provider) { return to_json(fresh_now(provider)); }

}  // namespace sim
