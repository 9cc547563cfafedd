#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/utc.hpp"
#include "lpa/certificates.hpp"
#include "lpa/euicc.hpp"
#include "lpa/rsp_server.hpp"
#include "lpa/trust.hpp"

/// The LPA's part of the mutual authentication of a card and a server (SGP.22 v2.5 3.0.1).
namespace lpa {

/// What is looked at before the card is asked to trust a server; everything is borrowed.
struct ServerCheck {
  const RspServer& server;
  ServerRole role = ServerRole::authentication;
  std::optional<std::string> oid;    ///< as in ServerCertificateCheck
  const std::vector<KeyId>& listed;  ///< the issuers by which the card checks servers
  Challenge challenge{};             ///< the card's
  base::UtcTime now;
  const Trust& trust;
  std::function<void(const std::string& sentence)> note;
};

/// Gives the transaction. Throws Error of kind refused: `smdp.wrong-transaction`,
/// `smdp.wrong-address`, `smdp.wrong-challenge`, `smdp.unlisted-issuer`, `smdp.certificate`,
/// `smdp.malformed-answer`.
TransactionId check_server(const ServerCheck& check, const BegunSession& begun);

/// The card looks at the server itself; its answer, for the server. Throws as
/// Euicc::authenticate_server, and `card.refused-server` (refused).
base::Bytes authenticate_server(Euicc& euicc, const RspServer& server,
                                const ServerAuthentication& authentication,
                                const DownloadContext& context);

/// The transaction until now, and what the server has in its place.
struct Transactions {
  const TransactionId& begun;
  const TransactionId& told;
};

/// Throws `smdp.wrong-transaction` when the two differ.
void same_transaction(const RspServer& server, const Transactions& both, std::string_view where);

/// The Error (refused) for a server that contradicts itself, or what it was asked.
base::Error server_lies(const char* code, const std::string& what);

/// The Error `card.refused-server` (refused) for a result of the card.
base::Error refused_server(const RspServer& server, std::string_view function, std::uint32_t code);

}  // namespace lpa
