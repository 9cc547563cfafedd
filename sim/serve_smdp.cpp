#include "sim/serve_smdp.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "base/error.hpp"
#include "sim/files.hpp"
#include "sim/orders.hpp"
#include "sim/smdp_server.hpp"

namespace sim {
namespace {

Orders load_orders(const std::string& file) {
  if (file.empty()) return fresh_orders();
  if (std::filesystem::exists(file)) return orders_from_json(read_file(file), file);
  auto orders = fresh_orders();
  write_file(file, to_json(orders));
  return orders;
}

}  // namespace

void serve_smdp(const SmdpArguments& arguments, int stop) {
  SmdpServerOptions options{.host = arguments.host, .port = arguments.port};
  if (const auto& file = arguments.orders_file; !file.empty()) {
    options.on_change = [file](const Orders& orders) { write_file(file, to_json(orders)); };
  }
  std::ofstream log;
  if (!arguments.log_file.empty()) {
    write_file(arguments.log_file, "");  // readable by its owner only
    log.open(arguments.log_file, std::ios::app);
    options.log = [&log](const std::string& line) { log << line << '\n' << std::flush; };
  }
  if (!arguments.ca_out.empty()) write_file(arguments.ca_out, server_ca_pem());
  const SmdpSetup setup{arguments.curve == "brainpool" ? Curve::brainpool : Curve::nist,
                        arguments.address, arguments.registered_id};
  const SmdpServer server(setup, load_orders(arguments.orders_file), std::move(options));
  std::cout << "port " << server.port() << '\n';
  if (!arguments.ca_out.empty()) std::cout << "ca " << arguments.ca_out << '\n';
  std::cout << std::flush;
  std::cerr << "esimctl-sim: serving a simulated SM-DP+ at https://" << arguments.address << ':'
            << server.port() << '\n';
  pollfd waiting{stop, POLLIN, 0};
  while (::poll(&waiting, 1, -1) < 0) {
  }
  // At once: connections that are idle are not waited for. All that is kept is in its file already.
  std::cout << std::flush;
  ::_exit(0);
}

}  // namespace sim
