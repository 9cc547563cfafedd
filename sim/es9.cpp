#include "sim/es9.hpp"

#include <utility>

#include "sim/base64.hpp"
#include "sim/json.hpp"
#include "sim/keys.hpp"

namespace sim {
namespace {

Es9Answer initiate_authentication(Smdp& smdp, const Es9Request& request,
                                  const std::optional<ServerFault>& fault) {
  return begun_es9(
      smdp.initiate_authentication(request.octets("euiccChallenge"), request.text("smdpAddress"),
                                   request.octets("euiccInfo1"), told_address(fault)),
      fault);
}

Es9Answer authenticate_client(Smdp& smdp, const Es9Request& request,
                              const std::optional<ServerFault>& fault) {
  const auto transaction_id = request.transaction_id();
  const auto ok =
      smdp.authenticate_client(transaction_id, request.octets("authenticateServerResponse"));
  const auto id = told_id(transaction_id, fault);
  return succeeded_es9(es9_header()
                           .set("transactionId", id)
                           .set("profileMetadata", to_base64(ok.metadata))
                           .set("smdpSigned2", to_base64(ok.signed2))
                           .set("smdpSignature2", to_base64(ok.signature2))
                           .set("smdpCertificate", to_base64(ok.certificate)),
                       id);
}

Es9Answer get_bound_profile_package(Smdp& smdp, const Es9Request& request,
                                    const std::optional<ServerFault>& fault) {
  const auto transaction_id = request.transaction_id();
  const auto package =
      smdp.get_bound_profile_package(transaction_id, request.octets("prepareDownloadResponse"));
  const auto id = told_id(transaction_id, fault);
  return succeeded_es9(
      es9_header().set("transactionId", id).set("boundProfilePackage", to_base64(package)), id);
}

/// 204 and no body, whatever it says (SGP.22 6.3, 6.5.2.9).
Es9Answer handle_notification(Smdp& smdp, const Es9Request& request) {
  auto answer = succeeded_es9(JsonObject(), "");
  answer.http = 204;
  answer.body.clear();
  const auto pending = request.octets("pendingNotification");
  answer.received = smdp.handle_notification(pending);
  answer.received->digest = sha256(pending);
  return answer;
}

Es9Answer cancel_session(Smdp& smdp, const Es9Request& request) {
  const auto transaction_id = request.transaction_id();
  smdp.cancel_session(transaction_id, request.octets("cancelSessionResponse"));
  return succeeded_es9(es9_header(), base::to_hex(transaction_id));
}

std::optional<Es9Answer> run(Smdp& smdp, std::string_view function, const Es9Request& request,
                             const std::optional<ServerFault>& fault) {
  if (function == "initiateAuthentication") return initiate_authentication(smdp, request, fault);
  if (function == "authenticateClient") return authenticate_client(smdp, request, fault);
  if (function == "getBoundProfilePackage") return get_bound_profile_package(smdp, request, fault);
  if (function == "handleNotification") return handle_notification(smdp, request);
  if (function == "cancelSession") return cancel_session(smdp, request);
  return std::nullopt;
}

}  // namespace

std::optional<Es9Answer> run_es9(Smdp& smdp, std::string_view function, std::string_view body,
                                 const std::optional<ServerFault>& fault) {
  return answering_es9(
      body, [&](const Es9Request& request) { return run(smdp, function, request, fault); });
}

}  // namespace sim
