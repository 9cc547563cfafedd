#include "sim/rsp_server.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

#include "sim/json.hpp"

namespace sim {
namespace {

using Delivery = HttpAnswer::Delivery;
using Kind = ServerFault::Kind;

constexpr std::string_view path = "/gsma/rsp2/es9plus/";  // SGP.22 6.2
constexpr const char* protocol = "gsma/rsp/v2.5.0";

/// What SGP.22 6.2 demands of a request; empty when all is there.
std::string header_fault(const HttpRequest& request) {
  const auto begins = [&](const char* name, std::string_view with) {
    return request.header(name).starts_with(with);
  };
  if (!begins("user-agent", "gsma-rsp-lpa")) return "User-Agent is not gsma-rsp-lpad";
  if (!begins("x-admin-protocol", "gsma/rsp/v2.")) return "X-Admin-Protocol is not gsma/rsp/v2";
  if (!begins("content-type", "application/json")) return "Content-Type is not application/json";
  return "";
}

/// The function that the path names; empty when it is none, or not posted to.
std::string function_of(const HttpRequest& request) {
  if (request.method != "POST" || !request.path.starts_with(path)) return "";
  auto function = request.path.substr(path.size());
  const auto word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return std::ranges::all_of(function, word) ? function : "";
}

/// What happens to an answer on its way.
void spoil(HttpAnswer& answer, const ServerFault& fault) {
  answer.pause = fault.pause;
  switch (fault.kind) {
    case Kind::lost:
      answer.status = 204;
      answer.body.clear();
      break;
    case Kind::garbage:
      answer.body = "<html>\xFF\xFE{\"header\":";
      break;
    case Kind::half_body:
      answer.delivery = Delivery::half;
      break;
    case Kind::slow_drip:
      answer.delivery = Delivery::drip;
      break;
    case Kind::stall:
      answer.delivery = Delivery::stall;
      break;
    default:
      break;
  }
}

JsonObject to_log(const Received& received) {
  return JsonObject()
      .set("kind", received.kind)
      .set("sequence", received.sequence)
      .set("eid", received.eid)
      .set("iccid", base::to_hex(received.iccid))
      .set_flag("valid", received.valid)
      .set_flag("success", received.success)
      .set("digest", base::to_hex(received.digest));
}

}  // namespace

RspServer::RspServer(Party tls, RspServerOptions options, Functions functions)
    : options_(std::move(options)),
      functions_(std::move(functions)),
      listener_(std::move(tls),
                {.host = options_.host,
                 .port = options_.port,
                 .log = options_.log,
                 .code = options_.code},
                [this](const HttpRequest& request) { return serve(request); }) {}

/// The fault that is due for `function`.
std::optional<ServerFault> RspServer::due(const std::string& function) {
  auto fault = take_due(options_.faults, [&](const ServerFault& each) {
    return each.function.empty() || each.function == function;
  });
  if (fault) fault->function = function;
  return fault;
}

HttpAnswer RspServer::serve(const HttpRequest& request) {
  const auto function = function_of(request);
  if (function.empty()) return {.status = 404};
  const auto fault = header_fault(request).empty() ? due(function) : std::nullopt;
  const auto answer = answer_to(request, function, fault);
  HttpAnswer sent{.status = static_cast<int>(answer.http),
                  .headers = {{"X-Admin-Protocol", protocol}},
                  .body = answer.body};
  if (fault) spoil(sent, *fault);
  auto event = JsonObject()
                   .set("event", std::string("request"))
                   .set("connection", request.connection)
                   .set("function", function)
                   .set("octets", std::uint64_t{request.body.size()})
                   .set("http", std::uint64_t{static_cast<unsigned>(sent.status)})
                   .set("status", answer.status)
                   .set("subject", answer.subject)
                   .set("reason", answer.reason)
                   .set("transaction_id", answer.transaction_id)
                   .set_flag("fault", fault.has_value());
  if (answer.received) event.set("notification", to_log(*answer.received));
  if (options_.log) options_.log(event.dump());
  return sent;
}

Es9Answer RspServer::answer_to(const HttpRequest& request, const std::string& function,
                               const std::optional<ServerFault>& fault) {
  const auto plain = [](unsigned http, const std::string& text) {
    return Es9Answer{http, JsonObject().set("error", text).dump(), text, "", "", "", {}};
  };
  if (const auto wrong = header_fault(request); !wrong.empty()) return plain(400, wrong);
  if (fault && fault->kind == Kind::status) {
    return failed_es9(fault->subject, fault->reason, "as the faults say");
  }
  if (fault && fault->kind == Kind::http) {
    return plain(static_cast<unsigned>(fault->http), "as the faults say");
  }
  auto answer = functions_(function, request.body, fault);
  if (!answer) return plain(404, "no such function");
  return *std::move(answer);
}

}  // namespace sim
