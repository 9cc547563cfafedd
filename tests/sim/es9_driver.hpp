#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include "tests/sim/download_driver.hpp"

/// A device between a card and a server: it carries JSON, and looks at little of it.
namespace sim::test {

using Json = nlohmann::json;

inline std::string base64(const base::Bytes& octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');
  const auto size = EVP_EncodeBlock(
      reinterpret_cast<unsigned char*>(text.data()),  // NOLINT: libcrypto's interface
      octets.data(), static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

inline base::Bytes unbase64(const std::string& text) {
  base::Bytes octets(text.size() / 4 * 3 + 1);
  const auto size = EVP_DecodeBlock(
      octets.data(), reinterpret_cast<const unsigned char*>(text.data()),  // NOLINT: likewise
      static_cast<int>(text.size()));
  REQUIRE(size >= 0);
  octets.resize(static_cast<std::size_t>(size));
  if (text.ends_with("==")) octets.pop_back();
  if (text.ends_with("=")) octets.pop_back();
  return octets;
}

/// Function and body in, body out.
using Post = std::function<std::string(const std::string&, const std::string&)>;

/// One RSP session, step by step.
class Device {
 public:
  Device(Card& card, Post post) : card_(card), post_(std::move(post)) {}

  Json post(const std::string& function, const Json& request) {
    const auto body = post_(function, request.dump());
    return body.empty() ? Json::object() : Json::parse(body);
  }

  Json initiate(const std::string& address = "localhost") {
    const auto challenge = value_of(value_of(send(card_, hex("BF2E00"))));
    auto answer =
        post("initiateAuthentication", {{"euiccChallenge", base64(challenge)},
                                        {"smdpAddress", address},
                                        {"euiccInfo1", base64(send(card_, hex("BF2000")))}});
    if (answer.contains("transactionId")) transaction_id = answer["transactionId"];
    return answer;
  }

  Json authenticate(const Json& initiated, const std::string& matching_id,
                    const base::Bytes& context_of_device = {}) {
    const auto part = [&](const char* key) { return unbase64(initiated.at(key)); };
    server_answer = send(
        card_,
        tlv_of("BF38", part("serverSigned1") + part("serverSignature1") +
                           part("euiccCiPKIdToBeUsed") + part("serverCertificate") +
                           (context_of_device.empty() ? context(matching_id) : context_of_device)));
    return post("authenticateClient", {{"transactionId", transaction_id},
                                       {"authenticateServerResponse", base64(server_answer)}});
  }

  Json prepare(const Json& authenticated, const std::string& code = {}) {
    const auto part = [&](const char* key) { return unbase64(authenticated.at(key)); };
    base::Bytes hash;
    if (!code.empty()) {
      hash =
          tlv_of("04", sha256(sha256(base::Bytes(code.begin(), code.end())) + hex(transaction_id)));
    }
    const auto ready = send(card_, tlv_of("BF21", part("smdpSigned2") + part("smdpSignature2") +
                                                      hash + part("smdpCertificate")));
    return post("getBoundProfilePackage",
                {{"transactionId", transaction_id}, {"prepareDownloadResponse", base64(ready)}});
  }

  base::Bytes load(const Json& bound) {
    base::Bytes result;
    for (const auto& segment : segments(unbase64(bound.at("boundProfilePackage")))) {
      REQUIRE(result.empty());
      result = send(card_, segment);
      if (!result.empty()) break;
    }
    return result;
  }

  Json notify(const base::Bytes& pending) {
    return post("handleNotification", {{"pendingNotification", base64(pending)}});
  }

  Json cancel(const std::string& reason) {
    const auto answer =
        send(card_, tlv_of("BF41", tlv_of("80", hex(transaction_id)) + tlv_of("81", hex(reason))));
    return post("cancelSession",
                {{"transactionId", transaction_id}, {"cancelSessionResponse", base64(answer)}});
  }

  /// All of it; the result that the card gave.
  base::Bytes download(const std::string& matching_id, const std::string& code = {}) {
    const auto result = load(prepare(authenticate(initiate(), matching_id), code));
    notify(result);
    return result;
  }

  std::string transaction_id;
  base::Bytes server_answer;  ///< of AuthenticateServer

 private:
  Card& card_;
  Post post_;
};

/// "Executed-Success", or subject and reason code.
inline std::string outcome(const Json& answer) {
  const auto& status = answer.at("header").at("functionExecutionStatus");
  if (status.at("status") != "Failed") return status.at("status");
  const auto& data = status.at("statusCodeData");
  return data.at("subjectCode").get<std::string>() + "/" + data.at("reasonCode").get<std::string>();
}

}  // namespace sim::test
