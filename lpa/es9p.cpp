#include "lpa/es9p.hpp"

#include <algorithm>
#include <future>
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

base::Bytes octets_of(const std::string& text) { return {text.begin(), text.end()}; }

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

void add_http_hint(base::Error& error, int status) {
  if (status >= 500) {
    error.hint("the server has a problem of its own; try again later");
  } else if (status == 407 || status == 403) {
    error.hint("a proxy or a firewall on the way may have answered in the server's place");
  } else {
    error.hint("is this the address of an SM-DP+? `esimctl code` shows what a code says");
  }
}

}  // namespace

/// The answer to one function, which the server has carried out.
class Smdp::Answer {
 public:
  Answer(std::string who, std::string function, Json json)
      : who_(std::move(who)), function_(std::move(function)), json_(std::move(json)) {}

  [[nodiscard]] std::string text(const char* member) const {
    auto value = text_at(json_, {member});
    if (!value) throw unreadable(fmt::format("it has no “{}”", member));
    return *std::move(value);
  }

  [[nodiscard]] base::Bytes octets(const char* member) const {
    const auto found = json_.find(member);
    if (found == json_.end() || !found->is_string()) {
      throw unreadable(fmt::format("it has no “{}”", member));
    }
    auto value = base::from_base64(found->get_ref<const std::string&>());
    if (!value) throw unreadable(fmt::format("“{}” is no base64", member));
    return *std::move(value);
  }

  /// Hexadecimal in either case.
  [[nodiscard]] TransactionId transaction_id() const {
    auto value = base::from_hex(text("transactionId"));
    if (!value) throw unreadable("“transactionId” is not hexadecimal");
    return *std::move(value);
  }

 private:
  [[nodiscard]] base::Error unreadable(const std::string& why) const {
    return {base::ErrorKind::network, "smdp.unreadable",
            fmt::format("the answer of {} to {} cannot be read: {}", who_, function_, why)};
  }

  std::string who_;
  std::string function_;
  Json json_;
};

namespace {

/// What the server gives as its reason: its codes with their meaning, its own words as a hint.
base::Error refusal(const std::string& who, const std::string& function, const Json& json) {
  const auto code = [&](const char* member) {
    return base::clean(
        text_at(json, {"header", "functionExecutionStatus", "statusCodeData", member})
            .value_or(std::string()),
        longest_message);
  };
  const auto subject = code("subjectCode");
  const auto reason = code("reasonCode");
  const auto meaning = server_meaning(subject, reason);
  const auto codes = subject.empty() && reason.empty() ? std::string("no reason given")
                                                       : fmt::format("{}/{}", subject, reason);
  base::Error error(
      base::ErrorKind::refused, "smdp.refused",
      meaning ? fmt::format("{} refused {}: {} ({})", who, function, meaning->cause, codes)
              : fmt::format("{} refused {} ({})", who, function, codes));
  if (meaning && !meaning->advice.empty()) error.hint(std::string(meaning->advice));
  if (const auto message = code("message"); !message.empty()) {
    error.hint(fmt::format("the server says: “{}”", message));
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

std::string address_to_tell(const std::string& address, const std::string& asked) {
  return server_of(address) == asked.substr(0, asked.find(':')) ? asked : address;
}

Smdp::Smdp(base::HttpClient& http, std::string address, Version card, std::stop_token stop)
    : http_(http),
      address_(std::move(address)),
      protocol_(protocol_of(card)),
      stop_(std::move(stop)) {}

std::string Smdp::host() const { return address_.substr(0, address_.find(':')); }

Smdp::Answer Smdp::post(std::string_view function, std::variant<base::Bytes, base::LaterBody> body,
                        const std::stop_token& stop, Emptiness emptiness) {
  const auto name = spoken(function);
  return base::during(name, [&] {
    const auto response =
        http_.send({.method = "POST",
                    .url = fmt::format("https://{}/gsma/rsp2/es9plus/{}", address_, function),
                    .headers = {{"User-Agent", "gsma-rsp-lpad"},
                                {"X-Admin-Protocol", protocol_},
                                {"Content-Type", "application/json"}},
                    .body = std::move(body),
                    .stop = stop});
    const bool good = response.status >= 200 && response.status < 300;
    if (good && response.body.empty()) {
      if (emptiness == Emptiness::allowed) return Answer(address_, name, Json::object());
      throw base::Error(base::ErrorKind::network, "smdp.unreadable",
                        fmt::format("{} answered {} with nothing", address_, name))
          .hint("the server may have lost the session; try again");
    }
    auto json = response.status == no_content
                    ? Json::object()
                    : Json::parse(response.body.begin(), response.body.end(), nullptr, false);
    const auto status = text_at(json, {"header", "functionExecutionStatus", "status"});
    if (status && !carried_out(*status)) throw refusal(address_, name, json);
    if (!good) {
      base::Error error(
          base::ErrorKind::network, "smdp.http-status",
          fmt::format("{} answered {} with HTTP status {}", address_, name, response.status));
      add_http_hint(error, response.status);
      throw error;
    }
    if (!json.is_object() || (!status && emptiness == Emptiness::refused)) {
      throw base::Error(
          base::ErrorKind::network, "smdp.unreadable",
          fmt::format("{} answered {} with something that is no answer of ES9+", address_, name))
          .hint("is this the address of an SM-DP+? `esimctl code` shows what a code says");
    }
    return Answer(address_, name, std::move(json));
  });
}

Smdp::Answer Smdp::post_of_session(std::string_view function, const TransactionId& session,
                                   std::string_view member, base::ByteView octets,
                                   const std::stop_token& stop, Emptiness emptiness) {
  // In the server's own spelling: some compare it as a text.
  auto id = base::to_hex(session);
  if (base::lower(id) == base::lower(transaction_)) id = transaction_;
  const Json request{{"transactionId", id}, {member, base::to_base64(octets)}};
  return post(function, octets_of(request.dump()), stop, emptiness);
}

BegunSession Smdp::initiate_authentication(const std::function<Challenge()>& challenge,
                                           base::ByteView info1) {
  const auto request = [&](const Challenge& octets) {
    return octets_of(Json{
        {"euiccChallenge", base::to_base64(octets)},
        {"euiccInfo1", base::to_base64(info1)},
        {"smdpAddress",
         host()}}.dump());
  };
  auto asked = std::async(std::launch::async, challenge);
  const auto answer = post(
      "initiateAuthentication",
      base::LaterBody{request(Challenge{}).size(), [&] { return request(asked.get()); }}, stop_);
  transaction_ = answer.text("transactionId");
  return {answer.transaction_id(),
          {answer.octets("serverSigned1"), answer.octets("serverSignature1"),
           answer.octets("euiccCiPKIdToBeUsed"), answer.octets("serverCertificate")}};
}

OfferedProfile Smdp::authenticate_client(const TransactionId& session, base::ByteView card_answer) {
  const auto answer = post_of_session("authenticateClient", session, "authenticateServerResponse",
                                      card_answer, stop_);
  return {answer.transaction_id(),
          answer.octets("profileMetadata"),
          {answer.octets("smdpSigned2"), answer.octets("smdpSignature2"),
           answer.octets("smdpCertificate")}};
}

SentPackage Smdp::bound_profile_package(const TransactionId& session, base::ByteView card_answer) {
  const auto answer = post_of_session("getBoundProfilePackage", session, "prepareDownloadResponse",
                                      card_answer, stop_);
  return {answer.transaction_id(), answer.octets("boundProfilePackage")};
}

void Smdp::cancel_session(const TransactionId& session, base::ByteView card_answer) {
  static_cast<void>(post_of_session("cancelSession", session, "cancelSessionResponse", card_answer,
                                    {}, Emptiness::allowed));
}

void Smdp::handle_notification(base::ByteView pending_notification) {
  const Json request{{"pendingNotification", base::to_base64(pending_notification)}};
  static_cast<void>(post("handleNotification", octets_of(request.dump()), {}, Emptiness::allowed));
}

}  // namespace lpa
