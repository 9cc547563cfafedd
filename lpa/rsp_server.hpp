#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/bytes.hpp"
#include "base/error.hpp"
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

/// How a session with a server begins.
struct BegunSession {
  TransactionId transaction_id;  ///< as the JSON has it, apart from what is signed
  ServerAuthentication server;
};

/// What an SM-DP+ and an SM-DS have in common for an LPA: InitiateAuthentication, and how functions
/// are called (SGP.22 v2.5 6.2, 6.5).
///
/// Borrows the client. Every method throws as base::HttpClient::send, and Error `smdp.refused`
/// (refused) when the server says no, with the meaning of its codes; of kind network
/// `smdp.http-status` and `smdp.unreadable`.
class RspServer {
 public:
  [[nodiscard]] const std::string& address() const { return address_; }

  /// The address without its port, as the server is told it.
  [[nodiscard]] std::string host() const;

  /// Runs `challenge` on a thread of its own while the connection is made; what it throws is thrown
  /// here, and nothing was sent then.
  BegunSession initiate_authentication(const std::function<Challenge()>& challenge,
                                       base::ByteView info1);

  RspServer& operator=(const RspServer&) = delete;
  RspServer& operator=(RspServer&&) = delete;

 protected:
  /// How errors speak of the interface.
  struct Interface {
    std::string_view name;       ///< "ES9+"
    std::string_view is_it_one;  ///< a hint when something else answers
  };

  /// `address` is a host, perhaps with a port; `card` the version of SGP.22 that the card has.
  RspServer(const Interface& interface, base::HttpClient& http, std::string address, Version card,
            std::stop_token stop);
  ~RspServer() = default;
  RspServer(const RspServer&) = default;
  RspServer(RspServer&&) = default;

  /// The answer to one function, which the server has carried out. Members that are missing or of
  /// another type throw `smdp.unreadable`.
  class Answer {
   public:
    Answer(std::string who, std::string function, nlohmann::json json);

    [[nodiscard]] bool empty() const;
    [[nodiscard]] std::string text(const char* member) const;
    [[nodiscard]] base::Bytes octets(const char* member) const;
    [[nodiscard]] TransactionId transaction_id() const;  ///< hexadecimal in either case

    /// A list of objects; one that is missing has none.
    [[nodiscard]] std::vector<Answer> list(const char* member, std::size_t most) const;

   private:
    [[nodiscard]] base::Error unreadable(const std::string& why) const;

    std::string who_;
    std::string function_;
    std::shared_ptr<const nlohmann::json> json_;
  };

  enum class Emptiness { refused, allowed };
  struct Terms {
    std::stop_token stop{};
    Emptiness emptiness = Emptiness::refused;
    std::string_view nothing{};  ///< "subject/reason" of a refusal that is an empty answer
  };
  using Members = std::vector<std::pair<std::string, std::string>>;

  Answer post(std::string_view function, const Members& members, const Terms& terms);
  Answer post_of_session(std::string_view function, const TransactionId& session,
                         const std::string& member, base::ByteView octets, const Terms& terms);

  [[nodiscard]] const std::stop_token& stop() const { return stop_; }

 private:
  Answer send(std::string_view function, std::variant<base::Bytes, base::LaterBody> body,
              const Terms& terms);

  Interface interface_;
  base::HttpClient& http_;
  std::string address_;
  std::string protocol_;
  std::stop_token stop_;
  std::string transaction_;  ///< as the server wrote it
};

}  // namespace lpa
