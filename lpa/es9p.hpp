#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/http.hpp"
#include "lpa/es10b.hpp"
#include "lpa/server_messages.hpp"

namespace lpa {

/// The highest version of SGP.22 that this LPA speaks; cards and servers of version 3 are used as
/// those of version 2.
constexpr Version spoken_version{{2, 5, 0}};

/// The host, and the port if there is one, of an address as cards have it: in any case, with blanks
/// around it, perhaps with a scheme or a path.
std::string server_of(const std::string& address);

/// Where a notification for `address` goes that comes of a session with the server at `asked`:
/// cards know no ports.
std::string address_to_tell(const std::string& address, const std::string& asked);

/// How a session with a server begins.
struct BegunSession {
  TransactionId transaction_id;  ///< as the JSON has it, apart from what is signed
  ServerAuthentication server;
};

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
/// 6.5).
///
/// Borrows the client. Every method throws as base::HttpClient::send, and Error `smdp.refused`
/// (refused) when the server says no, with the meaning of its codes; of kind network
/// `smdp.http-status` and `smdp.unreadable`.
class Smdp {
 public:
  /// `address` is a host, perhaps with a port; `card` the version of SGP.22 that the card has. What
  /// `stop` ends is every function but the last two.
  Smdp(base::HttpClient& http, std::string address, Version card, std::stop_token stop = {});

  [[nodiscard]] const std::string& address() const { return address_; }

  /// The address without its port, as the server is told it.
  [[nodiscard]] std::string host() const;

  /// Runs `challenge` on a thread of its own while the connection is made; what it throws is thrown
  /// here, and nothing was sent then.
  BegunSession initiate_authentication(const std::function<Challenge()>& challenge,
                                       base::ByteView info1);
  OfferedProfile authenticate_client(const TransactionId& session, base::ByteView card_answer);
  SentPackage bound_profile_package(const TransactionId& session, base::ByteView card_answer);
  void cancel_session(const TransactionId& session, base::ByteView card_answer);
  void handle_notification(base::ByteView pending_notification);

 private:
  class Answer;
  enum class Emptiness { refused, allowed };
  Answer post(std::string_view function, std::variant<base::Bytes, base::LaterBody> body,
              const std::stop_token& stop, Emptiness emptiness = Emptiness::refused);
  Answer post_of_session(std::string_view function, const TransactionId& session,
                         std::string_view member, base::ByteView octets,
                         const std::stop_token& stop, Emptiness emptiness = Emptiness::refused);

  base::HttpClient& http_;
  std::string address_;
  std::string protocol_;
  std::stop_token stop_;
  std::string transaction_;  ///< as the server wrote it
};

}  // namespace lpa
