#include "sim/es9.hpp"

#include <utility>

#include "sim/base64.hpp"
#include "sim/json.hpp"

namespace sim {
namespace {

using Kind = ServerFault::Kind;

// SGP.22 5.2.6: subject 1.3.1 is the format of the protocol.
constexpr const char* format = "1.3.1";

JsonObject header(const std::string& status) {
  return JsonObject().set(
      "header", JsonObject().set("functionExecutionStatus", JsonObject().set("status", status)));
}

/// A request, whose members are all texts (SGP.22 6.5.2).
class Request {
 public:
  explicit Request(std::string_view body) : json_(JsonObject::parse(body)) {}

  [[nodiscard]] std::string text(const std::string& key) const {
    auto value = json_.text(key);
    if (!value) throw Es9Failure{format, "2.2", key + " is missing"};
    return *std::move(value);
  }
  [[nodiscard]] base::Bytes octets(const std::string& key) const {
    auto value = from_base64(text(key));
    if (!value) throw Es9Failure{format, "2.1", key + " is no base64"};
    return *std::move(value);
  }
  /// Hexadecimal, 1 to 16 octets.
  [[nodiscard]] base::Bytes transaction_id() const {
    const auto digits = text("transactionId");
    auto value = base::from_hex(digits);
    if (!value || value->empty() || value->size() > 16 || digits.size() != 2 * value->size()) {
      throw Es9Failure{format, "2.1", "transactionId is no transaction identifier"};
    }
    return *std::move(value);
  }

 private:
  JsonObject json_;
};

std::string told_id(base::Bytes transaction_id, const std::optional<ServerFault>& fault) {
  if (fault && fault->kind == Kind::wrong_transaction_id) transaction_id.back() ^= 0x01U;
  return base::to_hex(transaction_id);
}

Es9Answer success(const JsonObject& json, const std::string& transaction_id) {
  return {.http = 200,
          .body = json.dump(),
          .status = "Executed-Success",
          .subject = "",
          .reason = "",
          .transaction_id = transaction_id,
          .received = std::nullopt};
}

Es9Answer initiate_authentication(Smdp& smdp, const Request& request,
                                  const std::optional<ServerFault>& fault) {
  std::optional<std::string> address;
  if (fault && fault->kind == Kind::wrong_address) address = "other.example";
  const auto ok =
      smdp.initiate_authentication(request.octets("euiccChallenge"), request.text("smdpAddress"),
                                   request.octets("euiccInfo1"), address);
  const auto id = told_id(ok.transaction_id, fault);
  return success(header("Executed-Success")
                     .set("transactionId", id)
                     .set("serverSigned1", to_base64(ok.signed1))
                     .set("serverSignature1", to_base64(ok.signature1))
                     .set("euiccCiPKIdToBeUsed", to_base64(ok.ci_key_id))
                     .set("serverCertificate", to_base64(ok.certificate)),
                 id);
}

Es9Answer authenticate_client(Smdp& smdp, const Request& request,
                              const std::optional<ServerFault>& fault) {
  const auto transaction_id = request.transaction_id();
  const auto ok =
      smdp.authenticate_client(transaction_id, request.octets("authenticateServerResponse"));
  const auto id = told_id(transaction_id, fault);
  return success(header("Executed-Success")
                     .set("transactionId", id)
                     .set("profileMetadata", to_base64(ok.metadata))
                     .set("smdpSigned2", to_base64(ok.signed2))
                     .set("smdpSignature2", to_base64(ok.signature2))
                     .set("smdpCertificate", to_base64(ok.certificate)),
                 id);
}

Es9Answer get_bound_profile_package(Smdp& smdp, const Request& request,
                                    const std::optional<ServerFault>& fault) {
  const auto transaction_id = request.transaction_id();
  const auto package =
      smdp.get_bound_profile_package(transaction_id, request.octets("prepareDownloadResponse"));
  const auto id = told_id(transaction_id, fault);
  return success(header("Executed-Success")
                     .set("transactionId", id)
                     .set("boundProfilePackage", to_base64(package)),
                 id);
}

/// 204 and no body, whatever it says (SGP.22 6.3, 6.5.2.9).
Es9Answer handle_notification(Smdp& smdp, const Request& request) {
  auto answer = success(JsonObject(), "");
  answer.http = 204;
  answer.body.clear();
  answer.received = smdp.handle_notification(request.octets("pendingNotification"));
  return answer;
}

Es9Answer cancel_session(Smdp& smdp, const Request& request) {
  const auto transaction_id = request.transaction_id();
  smdp.cancel_session(transaction_id, request.octets("cancelSessionResponse"));
  return success(header("Executed-Success"), base::to_hex(transaction_id));
}

std::optional<Es9Answer> run(Smdp& smdp, std::string_view function, const Request& request,
                             const std::optional<ServerFault>& fault) {
  if (function == "initiateAuthentication") return initiate_authentication(smdp, request, fault);
  if (function == "authenticateClient") return authenticate_client(smdp, request, fault);
  if (function == "getBoundProfilePackage") return get_bound_profile_package(smdp, request, fault);
  if (function == "handleNotification") return handle_notification(smdp, request);
  if (function == "cancelSession") return cancel_session(smdp, request);
  return std::nullopt;
}

}  // namespace

Es9Answer failed_es9(const std::string& subject, const std::string& reason,
                     const std::string& message) {
  const auto data =
      JsonObject().set("subjectCode", subject).set("reasonCode", reason).set("message", message);
  const auto json = JsonObject().set(
      "header", JsonObject().set(
                    "functionExecutionStatus",
                    JsonObject().set("status", std::string("Failed")).set("statusCodeData", data)));
  auto answer = success(json, "");
  answer.status = "Failed";
  answer.subject = subject;
  answer.reason = reason;
  return answer;
}

std::optional<Es9Answer> run_es9(Smdp& smdp, std::string_view function, std::string_view body,
                                 const std::optional<ServerFault>& fault) {
  try {
    return run(smdp, function, Request(body), fault);
  } catch (const Es9Failure& failure) {
    return failed_es9(failure.subject, failure.reason, failure.message);
  } catch (const JsonFault& problem) {
    return failed_es9(format, "2.1", problem.what());
  }
}

}  // namespace sim
