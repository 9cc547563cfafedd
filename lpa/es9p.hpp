#pragma once

#include <stop_token>
#include <string>

#include "base/bytes.hpp"
#include "base/http.hpp"
#include "lpa/rsp_server.hpp"
#include "lpa/server_messages.hpp"

namespace lpa {

/// What a server has for a card.
struct OfferedProfile {
  TransactionId transaction_id;
  base::Bytes metadata;
  ServerPreparation server;
};

struct SentPackage {
  TransactionId transaction_id;
  base::Bytes package;
};

/// An SM-DP+ as an LPA sees it: one method a function of ES9+ (SGP.22 v2.5 5.6, with the JSON of
/// 6.5). What `stop` ends is every function but the last two.
class Smdp : public RspServer {
 public:
  Smdp(base::HttpClient& http, std::string address, Version card, std::stop_token stop = {});

  OfferedProfile authenticate_client(const TransactionId& session, base::ByteView card_answer);
  SentPackage bound_profile_package(const TransactionId& session, base::ByteView card_answer);
  void cancel_session(const TransactionId& session, base::ByteView card_answer);
  void handle_notification(base::ByteView pending_notification);
};

}  // namespace lpa
