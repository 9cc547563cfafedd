#include "lpa/server_check.hpp"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "base/text.hpp"
#include "lpa/issuers.hpp"
#include "lpa/refusal.hpp"
#include "lpa/tlv.hpp"

namespace lpa {
namespace {

using base::Error;
using base::ErrorKind;

/// `address` without its port, unless the server tells one as well.
bool same_address(const std::string& told, const std::string& asked) {
  const auto host = asked.substr(0, asked.find(':'));
  return base::lower(told) == (told.find(':') == std::string::npos ? host : asked);
}

KeyId issuer_of(const BegunSession& begun) {
  try {
    const auto key_id = tlv::single(begun.server.issuer_key_id).value;
    return {key_id.begin(), key_id.end()};
  } catch (const tlv::Malformed& fault) {
    throw Error(
        ErrorKind::refused, "smdp.malformed-answer",
        fmt::format("the server's answer cannot be read: euiccCiPKIdToBeUsed: {}", fault.what()));
  }
}

}  // namespace

Error server_lies(const char* code, const std::string& what) {
  return Error(ErrorKind::refused, code, what)
      .hint("somebody between here and the server may answer in its place; nothing was installed");
}

Error refused_server(const RspServer& server, std::string_view function, std::uint32_t code) {
  return refusal("card.refused-server", "go on with " + server.address(), function, code);
}

void same_transaction(const RspServer& server, const Transactions& both, std::string_view where) {
  if (both.told == both.begun) return;
  throw server_lies("smdp.wrong-transaction",
                    fmt::format("{} has transaction {} in {}, and {} before", server.address(),
                                base::to_hex(both.told), where, base::to_hex(both.begun)));
}

TransactionId check_server(const ServerCheck& check, const BegunSession& begun) {
  const auto& who = check.server.address();
  const auto told = read_server_signed1(begun.server.signed1);
  same_transaction(check.server, {told.transaction_id, begun.transaction_id}, "its answer");
  if (!same_address(told.server_address, who)) {
    throw server_lies("smdp.wrong-address", fmt::format("the server at {} signs as “{}”", who,
                                                        base::clean(told.server_address, 100)));
  }
  if (told.card_challenge != check.challenge) {
    throw server_lies("smdp.wrong-challenge",
                      fmt::format("{} signs another challenge than the card's", who));
  }
  const auto issuer = issuer_of(begun);
  if (std::ranges::find(check.listed, issuer) == check.listed.end()) {
    const auto known = find_issuer(issuer);
    throw Error(
        ErrorKind::refused, "smdp.unlisted-issuer",
        fmt::format("{} wants to be checked by the issuer {}{}, which the card does not list", who,
                    base::to_hex(issuer),
                    known ? fmt::format(" (“{}”)", known->name) : std::string()))
        .hint("`esimctl info` shows the issuers of the card; it cannot load profiles of others");
  }
  const bool known = check_server_certificate(begun.server.certificate, {.role = check.role,
                                                                         .oid = check.oid,
                                                                         .issuer_key_id = issuer,
                                                                         .now = check.now,
                                                                         .trust = check.trust});
  if (!known) {
    check.note(
        fmt::format("the key of the issuer {} is not known here: the card alone checks who {} is",
                    base::to_hex(issuer), who));
  }
  return told.transaction_id;
}

base::Bytes authenticate_server(Euicc& euicc, const RspServer& server,
                                const ServerAuthentication& authentication,
                                const DownloadContext& context) {
  auto answer = euicc.authenticate_server(authentication, context);
  if (const auto* error = std::get_if<AuthenticateServerError>(&answer.value)) {
    throw refused_server(server, "AuthenticateServer", static_cast<std::uint32_t>(error->code));
  }
  return std::move(answer.raw);
}

}  // namespace lpa
