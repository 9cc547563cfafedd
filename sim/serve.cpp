#include "sim/serve.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <string_view>

#include <poll.h>
#include <unistd.h>

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

}  // namespace sim
