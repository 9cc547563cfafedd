#include "lpa/rsp_server.hpp"

#include <algorithm>
#include <future>
#include <initializer_list>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "lpa/server_status.hpp"

namespace lpa {
namespace {

using Json = nlohmann::json;

constexpr int no_content = 204;
constexpr std::size_t longest_message = 200;

/// "authenticateClient" in a path is AuthenticateClient in words.
std::string spoken(std::string_view function) {
  std::string words(function);
  words.front() = static_cast<char>(words.front() - 'a' + 'A');
  return words;
}

base::Bytes octets_of(const Json& json) {
  const auto text = json.dump();
  return {text.begin(), text.end()};
}

/// `object.a.b.c`, when it is a text.
std::optional<std::string> text_at(const Json& object, std::initializer_list<const char*> path) {
  const auto* at = &object;
  for (const char* key : path) {
    if (!at->is_object()) return std::nullopt;
    const auto found = at->find(key);
    if (found == at->end()) return std::nullopt;
    at = &*found;
  }
  return at->is_string() ? std::optional(at->get<std::string>()) : std::nullopt;
}

/// A server of version 3 is told that this is version 2.
std::string protocol_of(Version card) {
  return "gsma/rsp/v" + std::min(card, spoken_version).text();
}

void add_http_hint(base::Error& error, int status, std::string_view is_it_one) {
  if (status >= 500) {
    error.hint("the server has a problem of its own; try again later");
  } else if (status == 407 || status == 403) {
    error.hint("a proxy or a firewall on the way may have answered in the server's place");
  } else {
    error.hint(std::string(is_it_one));
  }
}

/// What the server says of a function that it has not carried out.
struct Refusal {
  std::string subject;
  std::string reason;
  std::string message;

  explicit Refusal(const Json& json) {
    const auto told = [&](const char* member) {
      return base::clean(
          text_at(json, {"header", "functionExecutionStatus", "statusCodeData", member})
              .value_or(std::string()),
          longest_message);
    };
    subject = told("subjectCode");
    reason = told("reasonCode");
    message = told("message");
  }
  [[nodiscard]] std::string codes() const { return subject + "/" + reason; }
};

/// Its codes with their meaning; the server's own words as a hint.
base::Error error_of(const Refusal& refusal, const std::string& who, const std::string& function) {
  const auto meaning = server_meaning(refusal.subject, refusal.reason);
  const auto codes = refusal.codes() == "/" ? "no reason given" : refusal.codes();
  base::Error error(
      base::ErrorKind::refused, "smdp.refused",
      meaning ? fmt::format("{} refused {}: {} ({})", who, function, meaning->cause, codes)
              : fmt::format("{} refused {} ({})", who, function, codes));
  if (meaning) {
    error.hint(std::string(meaning->advice));
  } else {
    error.hint(std::string(advice_on_unknown_server_status));
  }
  if (!refusal.message.empty()) {
    error.hint(fmt::format("the server says: “{}”", refusal.message));
  }
  return error;
}

bool carried_out(const std::string& status) {
  return status == "Executed-Success" || status == "Executed-WithWarning";
}

}  // namespace

std::string server_of(const std::string& address) {
  auto text = base::lower(address);
  if (const auto scheme = text.find("://"); scheme != std::string::npos) text.erase(0, scheme + 3);
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  text.erase(0, first);
  return text.substr(0, text.find_first_of("/ \t\r\n"));
}

RspServer::Answer::Answer(std::string who, std::string function, Json json)
    : who_(std::move(who)),
      function_(std::move(function)),
      json_(std::make_shared<const Json>(std::move(json))) {}

bool RspServer::Answer::empty() const { return json_->empty(); }

std::string RspServer::Answer::text(const char* member) const {
  auto value = text_at(*json_, {member});
  if (!value) throw unreadable(fmt::format("it has no “{}”", member));
  return *std::move(value);
}

base::Bytes RspServer::Answer::octets(const char* member) const {
  const auto found = json_->find(member);
  if (found == json_->end() || !found->is_string()) {
    throw unreadable(fmt::format("it has no “{}”", member));
  }
  auto value = base::from_base64(found->get_ref<const std::string&>());
  if (!value) throw unreadable(fmt::format("“{}” is no base64", member));
  return *std::move(value);
}

std::vector<RspServer::Answer> RspServer::Answer::list(const char* member, std::size_t most) const {
  std::vector<Answer> all;
  const auto found = json_->find(member);
  if (found == json_->end() || found->is_null()) return all;
  if (!found->is_array()) throw unreadable(fmt::format("“{}” is no list", member));
  if (found->size() > most) {
    throw unreadable(fmt::format("“{}” has more than {} entries", member, most));
  }
  for (const auto& each : *found) {
    if (!each.is_object()) throw unreadable(fmt::format("“{}” has something else", member));
    all.emplace_back(who_, function_, each);
  }
  return all;
}

TransactionId RspServer::Answer::transaction_id() const {
  auto value = base::from_hex(text("transactionId"));
  if (!value) throw unreadable("“transactionId” is not hexadecimal");
  return *std::move(value);
}

base::Error RspServer::Answer::unreadable(const std::string& why) const {
  return {base::ErrorKind::network, "smdp.unreadable",
          fmt::format("the answer of {} to {} cannot be read: {}", who_, function_, why)};
}

RspServer::RspServer(const Interface& interface, base::HttpClient& http, std::string address,
                     Version card, std::stop_token stop)
    : interface_(interface),
      http_(http),
      address_(std::move(address)),
      protocol_(protocol_of(card)),
      stop_(std::move(stop)) {}

std::string RspServer::host() const { return address_.substr(0, address_.find(':')); }

RspServer::Answer RspServer::send(std::string_view function,
                                  std::variant<base::Bytes, base::LaterBody> body,
                                  const Terms& terms) {
  const auto name = spoken(function);
  return base::during(name, [&] {
    const auto response =
        http_.send({.method = "POST",
                    .url = fmt::format("https://{}/gsma/rsp2/es9plus/{}", address_, function),
                    .headers = {{"User-Agent", "gsma-rsp-lpad"},
                                {"X-Admin-Protocol", protocol_},
                                {"Content-Type", "application/json"}},
                    .body = std::move(body),
                    .stop = terms.stop});
    const bool good = response.status >= 200 && response.status < 300;
    if (good && response.body.empty()) {
      if (terms.emptiness == Emptiness::allowed) return Answer(address_, name, Json::object());
      throw base::Error(base::ErrorKind::network, "smdp.unreadable",
                        fmt::format("{} answered {} with nothing", address_, name))
          .hint("the server may have lost the session; try again");
    }
    auto json = response.status == no_content
                    ? Json::object()
                    : Json::parse(response.body.begin(), response.body.end(), nullptr, false);
    const auto status = text_at(json, {"header", "functionExecutionStatus", "status"});
    if (status && !carried_out(*status)) {
      const Refusal refusal(json);
      if (refusal.codes() == terms.nothing) return Answer(address_, name, Json::object());
      throw error_of(refusal, address_, name);
    }
    if (!good) {
      base::Error error(
          base::ErrorKind::network, "smdp.http-status",
          fmt::format("{} answered {} with HTTP status {}", address_, name, response.status));
      add_http_hint(error, response.status, interface_.is_it_one);
      throw error;
    }
    if (!json.is_object() || (!status && terms.emptiness == Emptiness::refused)) {
      throw base::Error(base::ErrorKind::network, "smdp.unreadable",
                        fmt::format("{} answered {} with something that is no answer of {}",
                                    address_, name, interface_.name))
          .hint(std::string(interface_.is_it_one));
    }
    return Answer(address_, name, std::move(json));
  });
}

RspServer::Answer RspServer::post(std::string_view function, const Members& members,
                                  const Terms& terms) {
  auto request = Json::object();
  for (const auto& [name, value] : members) request[name] = value;
  return send(function, octets_of(request), terms);
}

RspServer::Answer RspServer::post_of_session(std::string_view function,
                                             const TransactionId& session,
                                             const std::string& member, base::ByteView octets,
                                             const Terms& terms) {
  // In the server's own spelling: some compare it as a text.
  auto id = base::to_hex(session);
  if (base::lower(id) == base::lower(transaction_)) id = transaction_;
  return post(function, {{"transactionId", id}, {member, base::to_base64(octets)}}, terms);
}

BegunSession RspServer::initiate_authentication(const std::function<Challenge()>& challenge,
                                                base::ByteView info1) {
  const auto request = [&](const Challenge& octets) {
    return octets_of({{"euiccChallenge", base::to_base64(octets)},
                      {"euiccInfo1", base::to_base64(info1)},
                      {"smdpAddress", host()}});
  };
  auto asked = std::async(std::launch::async, challenge);
  const auto answer =
      send("initiateAuthentication",
           base::LaterBody{request(Challenge{}).size(), [&] { return request(asked.get()); }},
           {.stop = stop_});
  transaction_ = answer.text("transactionId");
  return {answer.transaction_id(),
          {answer.octets("serverSigned1"), answer.octets("serverSignature1"),
           answer.octets("euiccCiPKIdToBeUsed"), answer.octets("serverCertificate")}};
}

}  // namespace lpa
