#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/http.hpp"
#include "lpa/rsp_server.hpp"

namespace lpa {

/// Something that waits for a card at a server (SGP.22 v2.5 3.6.2). Text is as it came.
struct EventEntry {
  std::string event_id;        ///< the matching identifier to ask the server with
  std::string server_address;  ///< usually of an SM-DP+
};

struct EventList {
  TransactionId transaction_id;
  std::vector<EventEntry> entries;
};

/// An SM-DS as an LPA sees it: one method a function of ES11 (SGP.22 v2.5 5.8), at the path and
/// with the JSON of ES9+.
class Smds : public RspServer {
 public:
  Smds(base::HttpClient& http, std::string address, Version card, std::stop_token stop = {});

  /// At most 256. A server that knows of none may say so by 8.9.5/3.9.
  EventList authenticate_client(const TransactionId& session, base::ByteView card_answer);
};

}  // namespace lpa
