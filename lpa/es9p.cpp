#include "lpa/es9p.hpp"

#include <utility>

#include "base/base64.hpp"

namespace lpa {

Smdp::Smdp(base::HttpClient& http, std::string address, Version card, std::stop_token stop)
    : RspServer({"ES9+", "is this the address of an SM-DP+? `esimctl code` shows what a code says"},
                http, std::move(address), card, std::move(stop)) {}

OfferedProfile Smdp::authenticate_client(const TransactionId& session, base::ByteView card_answer) {
  const auto answer = post_of_session("authenticateClient", session, "authenticateServerResponse",
                                      card_answer, {.stop = stop()});
  return {answer.transaction_id(),
          answer.octets("profileMetadata"),
          {answer.octets("smdpSigned2"), answer.octets("smdpSignature2"),
           answer.octets("smdpCertificate")}};
}

SentPackage Smdp::bound_profile_package(const TransactionId& session, base::ByteView card_answer) {
  const auto answer = post_of_session("getBoundProfilePackage", session, "prepareDownloadResponse",
                                      card_answer, {.stop = stop()});
  return {answer.transaction_id(), answer.octets("boundProfilePackage")};
}

void Smdp::cancel_session(const TransactionId& session, base::ByteView card_answer) {
  static_cast<void>(post_of_session("cancelSession", session, "cancelSessionResponse", card_answer,
                                    {.emptiness = Emptiness::allowed}));
}

void Smdp::handle_notification(base::ByteView pending_notification) {
  static_cast<void>(post("handleNotification",
                         {{"pendingNotification", base::to_base64(pending_notification)}},
                         {.emptiness = Emptiness::allowed}));
}

}  // namespace lpa
