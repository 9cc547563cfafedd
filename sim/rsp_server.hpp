#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/es9_json.hpp"
#include "sim/faults.hpp"
#include "sim/https_listener.hpp"
#include "sim/pki.hpp"

namespace sim {

/// How a server is put on the network.
struct RspServerOptions {
  std::string host{"127.0.0.1"};
  std::uint16_t port = 0;                              ///< 0: any that is free
  std::function<void(const std::string& line)> log{};  ///< a JSON object for each event
  std::vector<ServerFault> faults{};
  std::string code{};  ///< of the Error when it cannot listen
};

/// HTTPS as SGP.22 2.6.6 and 6.2 have it, in front of the functions of an SM-DP+ or an SM-DS, from
/// its construction to its destruction.
///
/// Throws base::Error (failure, the code of the options) when it cannot listen.
class RspServer {
 public:
  /// Carries out one function, as run_es9; one at a time.
  using Functions = std::function<std::optional<Es9Answer>(
      std::string_view function, std::string_view body, const std::optional<ServerFault>& fault)>;

  /// `tls` is its key and certificate for TLS.
  RspServer(Party tls, RspServerOptions options, Functions functions);

  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }

 private:
  HttpAnswer serve(const HttpRequest& request);
  std::optional<ServerFault> due(const std::string& function);
  Es9Answer answer_to(const HttpRequest& request, const std::string& function,
                      const std::optional<ServerFault>& fault);

  RspServerOptions options_;
  Functions functions_;
  HttpsListener listener_;  // the last: it uses the others until it ends
};

}  // namespace sim
