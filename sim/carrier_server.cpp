#include "sim/carrier_server.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <utility>

#include "base/error.hpp"
#include "sim/carrier_apis.hpp"
#include "sim/faults.hpp"
#include "sim/json.hpp"

namespace sim {
namespace {

using Delivery = HttpAnswer::Delivery;

constexpr std::size_t huge_octets = 8UL << 20U;

/// RFC 9110 5.6.7: Mon, 15 Mar 2027 12:00:00 GMT.
std::string http_date(std::uint64_t seconds) {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto text = to_time(seconds);  // 2027-03-15T12:00:00Z
  const auto day = (seconds / 86'400 + 4) % days.size();
  const auto month = std::stoul(text.substr(5, 2)) - 1;
  return std::string(days.at(day)) + ", " + text.substr(8, 2) + " " + months.at(month) + " " +
         text.substr(0, 4) + " " + text.substr(11, 8) + " GMT";
}

/// The answer of a fault in whose place nothing is carried out.
std::optional<HttpAnswer> in_place(const CarrierApi& api, const CarrierFault& fault) {
  if (fault.fault == "status") {
    auto answer = api.refuse(static_cast<int>(fault.status), "As the faults say");
    if (!fault.retry_after.empty()) answer.headers.emplace_back("Retry-After", fault.retry_after);
    return answer;
  }
  if (fault.fault == "redirect") {
    return HttpAnswer{.status = 302, .headers = {{"Location", fault.location}}};
  }
  return std::nullopt;
}

/// What happens to an answer on its way.
void spoil(HttpAnswer& answer, const CarrierFault& fault) {
  answer.pause = fault.pause;
  const auto& word = fault.fault;
  if (word == "rename") {
    answer.body = drifted(answer.body, JsonDrift::rename, fault.member, fault.becomes);
  } else if (word == "retype") {
    answer.body = drifted(answer.body, JsonDrift::retype, fault.member, fault.becomes);
  } else if (word == "replace") {
    answer.body = drifted(answer.body, JsonDrift::replace, fault.member, fault.becomes);
  } else if (word == "empty") {
    answer.body.clear();
  } else if (word == "garbage") {
    answer.body = "<html>\xFF\xFE{\"data\":";
  } else if (word == "huge") {
    answer.body = R"({"padding":")" + std::string(huge_octets, 'x') + "\"}";
  } else if (word == "slow_drip") {
    answer.delivery = Delivery::drip;
  } else if (word == "half_body") {
    answer.delivery = Delivery::half;
  } else if (word == "stall") {
    answer.delivery = Delivery::stall;
  }
}

}  // namespace

CarrierServer::CarrierServer(CarrierState state, CarrierServerOptions options)
    : options_(std::move(options)),
      state_(std::move(state)),
      api_(carrier_api(state_.provider)),
      listener_(test_server(Curve::nist, Role::dp_tls, "2.999.30", {options_.address}),
                {.host = options_.host,
                 .port = options_.port,
                 .log = options_.log,
                 .code = "sim.carrier"},
                [this](const HttpRequest& request) { return serve(request); }) {}

CarrierState CarrierServer::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void CarrierServer::change(const std::function<void(CarrierState&)>& change) {
  const std::lock_guard lock(mutex_);
  change(state_);
}

HttpAnswer CarrierServer::serve(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  if (options_.changed) {
    if (auto other = options_.changed()) state_ = *std::move(other);
  }
  const auto before = state_;
  const auto fault = take_due(state_.faults, [&](const CarrierFault& each) {
    return (each.method.empty() || each.method == request.method) &&
           request.path.starts_with(each.path);
  });
  if (fault && fault->fault == "expire") {
    std::erase_if(state_.sessions, [](const auto& each) { return each.kind == "access"; });
  }
  auto replaced = fault ? in_place(api_, *fault) : std::nullopt;
  auto answer = replaced ? *std::move(replaced) : answer_carrier(api_, state_, request);
  if (fault) spoil(answer, *fault);
  answer.headers.emplace_back("Date", http_date(Carrier(state_).now()));
  if (options_.on_change && !(state_ == before)) options_.on_change(state_);
  if (options_.log) {
    options_.log(JsonObject()
                     .set("event", std::string("request"))
                     .set("connection", request.connection)
                     .set("method", request.method)
                     .set("path", request.path)
                     .set("http", std::uint64_t{static_cast<unsigned>(answer.status)})
                     .set("fault", fault ? fault->fault : "")
                     .dump());
  }
  return answer;
}

}  // namespace sim
