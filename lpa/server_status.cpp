#include "lpa/server_status.hpp"

#include <algorithm>
#include <array>

namespace lpa {
namespace {

using namespace std::string_view_literals;

struct Name {
  std::string_view code;
  std::string_view name;
};

constexpr std::array subjects = std::to_array<Name>({
    {"1", "Generic"},
    {"1.1", "Function Requester"},
    {"1.2", "Function Provider"},
    {"1.2.1", "Validity Period"},
    {"1.3", "Protocol"},
    {"1.3.1", "Protocol Format"},
    {"1.3.2", "Protocol Version"},
    {"1.6", "Function"},
    {"8", "eUICC Remote Provisioning"},
    {"8.1", "eUICC"},
    {"8.1.1", "EID"},
    {"8.1.2", "EUM Certificate"},
    {"8.1.3", "eUICC Certificate"},
    {"8.2", "Profile"},
    {"8.2.1", "Profile ICCID"},
    {"8.2.5", "Profile Type"},
    {"8.2.6", "Matching ID"},
    {"8.2.7", "Confirmation Code"},
    {"8.2.8", "PPR"},
    {"8.2.9", "Profile Metadata"},
    {"8.2.10", "Bound Profile Package"},
    {"8.2.11", "Managing SM-DP+"},
    {"8.2.12", "Profile Owner"},
    {"8.2.13", "Enterprise"},
    {"8.2.14", "LPA Proxy"},
    {"8.8", "SM-DP+"},
    {"8.8.1", "SM-DP+ Address"},
    {"8.8.2", "Security Configuration of the SM-DP+"},
    {"8.8.3", "Specification Version Number (SVN) for the SM-DP+"},
    {"8.8.4", "SM-DP+ Certificate"},
    {"8.8.5", "Download Order"},
    {"8.8.6", "RPM Order"},
    {"8.9", "SM-DS"},
    {"8.9.1", "SM-DS Address"},
    {"8.9.2", "Security Configuration of the SM-DS"},
    {"8.9.3", "Specification Version Number (SVN) for the SM-DS"},
    {"8.9.4", "SM-DS Certificate"},
    {"8.9.5", "Event Record"},
    {"8.9.6", "ECID"},
    {"8.9.7", "Push Service"},
    {"8.10", "RSP Operation"},
    {"8.10.1", "Transaction ID"},
    {"8.10.2", "RPM Script"},
    {"8.10.3", "Device Change"},
    {"8.10.4", "Event Checking"},
    {"8.10.5", "Device Change Session ID"},
    {"8.10.6", "Push Service Registration"},
    {"8.11", "GSMA CI"},
    {"8.11.1", "Public Key (PK)"},
    {"8.12", "LPA"},
});

// 4.4, 5.3 and 5.4 are SGP.02's; servers that speak both use them in SGP.22 as well.
constexpr std::array reasons = std::to_array<Name>({
    {"1", "Access Error"},
    {"1.1", "Unknown (Identification or Authentication)"},
    {"1.2", "Not Allowed (Authorisation)"},
    {"2", "Format Error"},
    {"2.1", "Invalid"},
    {"2.2", "Mandatory Element Missing"},
    {"2.3", "Conditional Element Missing"},
    {"3", "Conditions of Use Not Satisfied"},
    {"3.1", "Unsupported"},
    {"3.3", "Already in Use (Uniqueness)"},
    {"3.5", "Invalid Transition"},
    {"3.7", "Unavailable"},
    {"3.8", "Refused"},
    {"3.9", "Unknown"},
    {"3.10", "Invalid Association"},
    {"3.11", "Value Has Changed"},
    {"3.12", "Invalid Match"},
    {"4", "Processing Error"},
    {"4.2", "Execution Error"},
    {"4.3", "Stopped on Warning"},
    {"4.4", "Busy"},
    {"4.8", "Insufficient Memory"},
    {"4.10", "Time to Live Expired"},
    {"5", "Transport Error"},
    {"5.1", "Inaccessible"},
    {"5.3", "Time to Live Expired"},
    {"5.4", "Delivered With No Response"},
    {"6", "Security Error"},
    {"6.1", "Verification Failed"},
    {"6.3", "Expired"},
    {"6.4", "Maximum Number of Retries Exceeded"},
});

struct Row {
  std::string_view subject;
  std::string_view reason;
  std::string_view cause;
  std::string_view advice;
};

constexpr auto new_code = "ask the operator for a new activation code"sv;
constexpr auto start_again = "start the download again"sv;
constexpr auto later = "wait a while, then try again; if it stays so, tell the operator"sv;
constexpr auto operators_error =
    "it is between the operator and the server; tell the operator whose profile it is"sv;
constexpr auto own_bug = "please report it with the output of -vv"sv;
constexpr auto servers_message = "the server's own message, where it sends one, says which"sv;
constexpr auto see_issuers =
    "`esimctl info` shows the issuers of the card; test cards and private "
    "ones work only with servers of the same issuer"sv;
constexpr auto strange_card =
    "ask whoever sold the card: it may be a test card, or one that was not made properly"sv;

constexpr std::array rows = std::to_array<Row>({
    // Any function.
    {"1.1", "1.1", "the server does not know whoever asks", own_bug},
    {"1.1", "1.2", "whoever asks may not use this function of the server", operators_error},
    {"1.2", "4.2", "the server failed inside and does not say why", later},
    {"1.2", "4.4", "the server is too busy", later},
    {"1.2.1", "3.8", "the server does not take the period of validity that was asked for",
     operators_error},
    {"1.3.1", "2.1", "the server cannot read the request", own_bug},
    {"1.6", "2.1",
     "the server finds something in the request invalid; some servers say so of whatever they do "
     "not like, a used activation code too",
     "the server's own message, where it sends one, says what; otherwise ask the operator for a "
     "new activation code"},
    {"1.6", "2.2", "the server misses something that every request has", servers_message},
    {"1.6", "2.3", "the server misses something that such a request has", servers_message},
    {"1.6", "5.3", "the server did not get to it within the time that it had", later},
    {"1.6", "5.4", "what the server asked itself for this gave no answer", later},

    // InitiateAuthentication (5.6.1).
    {"8.8.1", "3.8", "the server goes by another address than the one that it was asked for",
     "compare the address with the activation code; it has to be the server's own name, not an "
     "alias of it"},
    {"8.8.2", "3.1", "the server supports none of the issuers that the card signs below",
     see_issuers},
    {"8.8.3", "3.1", "the server does not serve cards of this version of SGP.22",
     "`esimctl info` shows the version of the card; ask the operator which ones the server takes"},
    {"8.8.4", "3.7", "the server has no certificate of an issuer that the card trusts",
     see_issuers},

    // AuthenticateClient (5.6.3), and what GetBoundProfilePackage (5.6.2) and CancelSession
    // (5.6.5) have of it.
    {"8.1", "4.2", "the card reported an error, so that the server ended the session",
     "the message before this one has the card's reason; otherwise start the download again"},
    {"8.1", "4.8", "the server says that the profile does not fit on the card",
     "delete a profile that is no longer needed; `esimctl info` shows how much is free"},
    {"8.1", "6.1", "the card's signature does not hold, or is for another session",
     "start the download again; if it comes back, tell the operator whose profile it is"},
    {"8.1.1", "3.8", "the order is bound to another card: the server expects another EID",
     "use the card that the profile was ordered for, or give the operator the EID of this one "
     "(`esimctl info`)"},
    {"8.1.2", "6.1", "the server does not accept the certificate of the card's maker",
     strange_card},
    {"8.1.2", "6.3", "the certificate of the card's maker has expired",
     "this card cannot download any more; use another one"},
    {"8.1.3", "6.1", "the server does not accept the certificate of the card", strange_card},
    {"8.1.3", "6.3", "the certificate of the card has expired",
     "this card cannot download any more; use another one"},
    {"8.2", "1.2", "the profile is ordered, but not released yet",
     "wait a while, then try again; if it stays so, ask the operator to release it"},
    {"8.2", "3.7",
     "the profile was handed out already, for a download that was begun, and is not handed out "
     "anew",
     new_code},
    {"8.2.5", "4.3", "the server has no profile that suits this card and device",
     "ask the operator whether his profiles may go on this card; some serve only devices that "
     "they know"},
    {"8.2.6", "3.8",
     "the server has no open order under this matching ID: it is used up, expired or mistyped",
     "compare it with the activation code, character by character; if it is right, ask the "
     "operator for a new one"},
    {"8.2.7", "2.2", "the order has a confirmation code, and none was given",
     "start the download again with the code that the operator gave besides the activation code"},
    {"8.2.7", "3.8", "the confirmation code is wrong",
     "start the download again with the right one; after a few wrong ones the server closes the "
     "order"},
    {"8.2.7", "6.4", "the confirmation code was wrong too often, and the order is closed",
     new_code},
    {"8.8", "3.10", "the card ended a session with another server than this one", start_again},
    {"8.8.5", "4.10", "the order has expired", new_code},
    {"8.8.5", "6.4", "the order was tried too often, and is closed", new_code},
    {"8.10.1", "3.9", "the server does not know the session, or it took too long", start_again},
    {"8.11.1", "3.9", "the server does not trust the issuer that the card's certificates are below",
     see_issuers},

    // ES11 InitiateAuthentication and AuthenticateClient (5.8).
    {"8.9.1", "3.8", "the discovery server goes by another address than the one it was asked for",
     "compare the address; it has to be the server's own name, not an alias of it"},
    {"8.9.2", "3.1", "the discovery server supports none of the issuers that the card signs below",
     see_issuers},
    {"8.9.3", "3.1", "the discovery server does not serve cards of this version of SGP.22",
     "`esimctl info` shows the version of the card"},
    {"8.9.4", "3.7", "the discovery server has no certificate of an issuer that the card trusts",
     see_issuers},
    {"8.9.5", "3.9", "the discovery server has no such event for this card",
     "it may have been fetched already; ask what waits once more, or use the activation code"},

    // ES12 RegisterEvent and DeleteEvent (5.9), which a server passes on from its own side.
    {"8.9", "4.2", "the discovery server failed", later},
    {"8.9", "5.1", "the server does not reach the discovery server", later},
    {"8.9.5", "3.3", "the discovery server has an event of that number already", operators_error},

    // ES2+ (5.3, and what v3 adds to it): the operator's orders. Some servers pass these on.
    {"8", "4.2", "the download ended for a reason that has no code of its own", start_again},
    {"8.1.1", "2.2", "the order needs the EID of the card, and has none",
     "give the operator the EID (`esimctl info`)"},
    {"8.1.1", "3.9", "the server does not know this EID",
     "give the operator the EID (`esimctl info`)"},
    {"8.1.1", "3.10", "the order is bound to another EID already",
     "use the card that the profile was ordered for, or give the operator the EID of this one "
     "(`esimctl info`)"},
    {"8.2.1", "1.2", "the profile is another operator's", operators_error},
    {"8.2.1", "2.2", "the order does not say which profile is meant", operators_error},
    {"8.2.1", "3.3", "the profile is taken or downloaded already", new_code},
    {"8.2.1", "3.5", "the profile is in no state from which it can be released", operators_error},
    {"8.2.1", "3.9", "the server has no profile of this ICCID", operators_error},
    {"8.2.1", "3.10", "the profile is bound to another EID",
     "use the card that the profile was ordered for, or give the operator the EID of this one "
     "(`esimctl info`)"},
    {"8.2.5", "1.2", "profiles of this type are another operator's", operators_error},
    {"8.2.5", "3.7", "the server has no profile of this type left",
     "tell the operator; he has to order more"},
    {"8.2.5", "3.8", "the profile is of another type than was ordered", operators_error},
    {"8.2.5", "3.9", "the server does not know profiles of this type", operators_error},
    {"8.2.6", "2.1", "the matching ID is written wrongly",
     "compare it with the activation code: it has letters, digits and hyphens"},
    {"8.2.6", "2.2", "the order needs a matching ID, and has none",
     "use the activation code that the operator gave"},
    {"8.2.6", "3.3", "the matching ID belongs to another order already", operators_error},
    {"8.2.6", "3.10", "the profile was ordered under another matching ID",
     "compare it with the activation code, character by character"},

    // HandleDownloadProgressInfo (5.3.5): what became of a download that was cancelled.
    {"8.2.8", "1.2", "the card does not allow the profile its policy rules",
     "`esimctl info` shows whose rules the card allows; ask the operator for a profile without "
     "them"},
    {"8.2.9", "3.11", "what the server first said of the profile is not what it then sent",
     "start the download again; if it comes back, tell the operator whose profile it is"},
    {"8.2.10", "4.2", "the card could not take the profile package",
     "the card's own result says why"},
    {"8.8.5", "3.8", "the user did not want the profile",
     "ask the operator for a new activation code, if it is wanted after all"},
});

/// The name of a code that is in the table; one that is not does not compile.
template <class Names>
constexpr std::string_view known(const Names& names, std::string_view code) {
  return std::ranges::find(names, code, &Name::code)->name;
}

constexpr auto meanings = [] {
  std::array<ServerMeaning, rows.size()> all;
  std::ranges::transform(rows, all.begin(), [](const Row& row) -> ServerMeaning {
    return {row.subject, row.reason, known(subjects, row.subject), known(reasons, row.reason),
            row.cause,   row.advice};
  });
  return all;
}();

template <class Names>
std::optional<std::string_view> name_in(const Names& names, std::string_view code) {
  const auto found = std::ranges::find(names, code, &Name::code);
  if (found == names.end()) return std::nullopt;
  return found->name;
}

}  // namespace

std::span<const ServerMeaning> server_meanings() { return meanings; }

std::optional<ServerMeaning> server_meaning(std::string_view subject, std::string_view reason) {
  const auto found = std::ranges::find_if(meanings, [&](const ServerMeaning& each) {
    return each.subject == subject && each.reason == reason;
  });
  if (found == meanings.end()) return std::nullopt;
  return *found;
}

std::optional<std::string_view> server_subject(std::string_view code) {
  return name_in(subjects, code);
}

std::optional<std::string_view> server_reason(std::string_view code) {
  return name_in(reasons, code);
}

}  // namespace lpa
