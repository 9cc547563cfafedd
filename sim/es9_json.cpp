#include "sim/es9_json.hpp"

#include <utility>

#include "sim/base64.hpp"

namespace sim {
namespace {

using Kind = ServerFault::Kind;

// SGP.22 5.2.6: subject 1.3.1 is the format of the protocol.
constexpr const char* format = "1.3.1";

}  // namespace

std::string Es9Request::text(const std::string& key) const {
  auto value = json_.text(key);
  if (!value) throw Es9Failure{format, "2.2", key + " is missing"};
  return *std::move(value);
}

base::Bytes Es9Request::octets(const std::string& key) const {
  auto value = from_base64(text(key));
  if (!value) throw Es9Failure{format, "2.1", key + " is no base64"};
  return *std::move(value);
}

base::Bytes Es9Request::transaction_id() const {
  const auto digits = text("transactionId");
  auto value = base::from_hex(digits);
  if (!value || value->empty() || value->size() > 16 || digits.size() != 2 * value->size()) {
    throw Es9Failure{format, "2.1", "transactionId is no transaction identifier"};
  }
  return *std::move(value);
}

JsonObject es9_header() {
  const auto status = JsonObject().set("status", std::string("Executed-Success"));
  return JsonObject().set("header", JsonObject().set("functionExecutionStatus", status));
}

Es9Answer succeeded_es9(const JsonObject& json, const std::string& transaction_id) {
  return {.http = 200,
          .body = json.dump(),
          .status = "Executed-Success",
          .subject = "",
          .reason = "",
          .transaction_id = transaction_id,
          .received = std::nullopt};
}

Es9Answer failed_es9(const std::string& subject, const std::string& reason,
                     const std::string& message) {
  const auto data =
      JsonObject().set("subjectCode", subject).set("reasonCode", reason).set("message", message);
  const auto json = JsonObject().set(
      "header", JsonObject().set(
                    "functionExecutionStatus",
                    JsonObject().set("status", std::string("Failed")).set("statusCodeData", data)));
  auto answer = succeeded_es9(json, "");
  answer.status = "Failed";
  answer.subject = subject;
  answer.reason = reason;
  return answer;
}

Es9Answer begun_es9(const InitiateAuthenticationOk& begun,
                    const std::optional<ServerFault>& fault) {
  const auto id = told_id(begun.transaction_id, fault);
  return succeeded_es9(es9_header()
                           .set("transactionId", id)
                           .set("serverSigned1", to_base64(begun.signed1))
                           .set("serverSignature1", to_base64(begun.signature1))
                           .set("euiccCiPKIdToBeUsed", to_base64(begun.ci_key_id))
                           .set("serverCertificate", to_base64(begun.certificate)),
                       id);
}

std::optional<std::string> told_address(const std::optional<ServerFault>& fault) {
  if (fault && fault->kind == Kind::wrong_address) return "other.example";
  return std::nullopt;
}

std::string told_id(base::Bytes transaction_id, const std::optional<ServerFault>& fault) {
  if (fault && fault->kind == Kind::wrong_transaction_id) transaction_id.back() ^= 0x01U;
  return base::to_hex(transaction_id);
}

std::optional<Es9Answer> answering_es9(
    std::string_view body, const std::function<std::optional<Es9Answer>(const Es9Request&)>& work) {
  try {
    return work(Es9Request(body));
  } catch (const Es9Failure& failure) {
    return failed_es9(failure.subject, failure.reason, failure.message);
  } catch (const JsonFault& problem) {
    return failed_es9(format, "2.1", problem.what());
  }
}

}  // namespace sim
