#include "lpa/status.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace lpa {
namespace {

using namespace std::string_view_literals;

constexpr auto reseat = "take the card out and put it back in, then try again"sv;

constexpr auto own_bug = "please report it with the output of -vv"sv;
constexpr auto no_pin =
    "esimctl needs no PIN and no key; please report it with the output of -vv"sv;
constexpr auto other_version =
    "the card may speak another version of SGP.22; `esimctl info` shows which"sv;
constexpr auto ask_seller = "ask whoever sold the card"sv;

constexpr std::array status_words = std::to_array<Meaning>({
    {0x9000, "normal ending", "the command was carried out", ""},
    {0x6200, "warning", "carried out, with a warning that says nothing more",
     "look whether what you wanted came about, with `esimctl list`"},
    {0x6281, "part of the data may be corrupted", "the card does not vouch for what it returned",
     reseat},
    {0x6282, "end of file reached", "fewer octets were there than were asked for", own_bug},
    {0x6283, "selected file deactivated", "the application is deactivated or locked", ask_seller},
    {0x6284, "control information not formatted, or file in termination state",
     "the card describes the application in a form of its own, or has ended it for good",
     "if nothing works with the card, ask whoever sold it"},
    {0x6285, "selected file terminated", "the application is in its termination state",
     "nothing brings it back; use another card"},
    {0x62F1, "more data available", "a part of the answer was fetched, and there is more", ""},
    {0x62F2, "more data available and proactive command pending",
     "there is more of the answer, and the card wants something of the device besides", ""},
    {0x62F3, "response data available", "there is an answer to be fetched", ""},
    {0x6300, "warning, state changed", "carried out, with a warning that says nothing more",
     "look whether what you wanted came about, with `esimctl list`"},
    {0x63F1, "more data expected", "the card waits for the rest of the command", ""},
    {0x63F2, "more data expected and proactive command pending",
     "the card waits for the rest of the command, and wants something of the device besides", ""},
    {0x6400, "execution error, state unchanged", "the card could not carry it out; nothing changed",
     reseat},
    {0x6500, "execution error, state changed", "the card failed on the way", reseat},
    {0x6581, "memory failure", "the card could not write its memory",
     "the card may be worn out or full"},
    {0x6601, "security: link check error",
     "the way to the card damaged the command, which phones and modems do with long ones",
     "esimctl sends shorter blocks by itself; another reader may help"},
    {0x6700, "wrong length", "the command is longer or shorter than the card takes",
     "another reader may help"},
    {0x6800, "class function not supported", "the card does not know this use of the class octet",
     "the card may have no more than one channel; another reader may help"},
    {0x6881, "logical channel not supported",
     "the channel is not open; after a REFRESH the card closes all of them",
     "run the command again"},
    {0x6882, "secure messaging not supported", "the card does not take protected commands here",
     own_bug},
    {0x6883, "last command of the chain expected", "the card waits for the rest of a command",
     reseat},
    {0x6884, "command chaining not supported", "the card takes no commands in parts", own_bug},
    {0x6900, "command not allowed", "not in this state", reseat},
    {0x6981, "command incompatible with file structure", "not for this application", other_version},
    {0x6982, "security status not satisfied", "the card wants to be convinced first (PIN or key)",
     no_pin},
    {0x6983, "authentication method blocked", "too many wrong attempts",
     "unblock the PIN in a phone, with the PUK that the operator gave"},
    {0x6984, "reference data not usable", "the key or PIN named cannot be used", no_pin},
    {0x6985, "conditions of use not satisfied",
     "not now: another session is open, or the card waits to be reset after a switch", reseat},
    {0x6986, "command not allowed, no current EF", "nothing is selected that it could work on",
     reseat},
    {0x6988, "incorrect secure messaging data objects", "a check value did not hold",
     "start the download again"},
    {0x6989, "command not allowed, secure channel not satisfied",
     "the card takes this only over a protected channel", no_pin},
    {0x6999, "applet selection failed", "the application did not want to be selected", reseat},
    {0x6A80, "incorrect data", "the card could not make sense of the data", other_version},
    {0x6A81, "function not supported",
     "the card does not have this function, or has no channel left", reseat},
    {0x6A82, "file or application not found", "no such application on this card",
     "if the card is an eUICC of a brand with its own identifier, name it with --aid"},
    {0x6A83, "record not found", "no such record", other_version},
    {0x6A84, "not enough memory", "the card is full", "delete a profile that is no longer needed"},
    {0x6A86, "incorrect parameters P1 P2", "the card does not know this form of the command",
     other_version},
    {0x6A87, "Lc inconsistent with P1 P2", "length and form of the command disagree", own_bug},
    {0x6A88, "referenced data not found", "the card does not have what was asked for",
     "the function may be newer than the card; a recording answers so what is not in it"},
    {0x6B00, "wrong parameters P1 P2", "outside what the card holds", other_version},
    {0x6D00, "instruction not supported", "the card does not know this command",
     "the card may be no eUICC, or an older one"},
    {0x6E00, "class not supported", "the card does not know this class of commands",
     "the card may be no eUICC"},
    {0x6F00, "no precise diagnosis", "the card failed and does not say why", reseat},
    {0x9300, "SIM Application Toolkit busy", "a dialogue of the current profile is open", reseat},
    {0x9484, "algorithm not supported", "the card does not have the algorithm", ask_seller},
    {0x9485, "invalid key check value", "a key did not arrive as it was sent",
     "start the download again"},
    {0x9850, "INCREASE cannot be performed", "a counter of the card is at its end", ask_seller},
    {0x9862, "authentication error, application specific",
     "the card did not accept a network's challenge",
     "the profile and its operator do not fit together; tell the operator"},
    {0x9863, "security session or association expired",
     "a protected session with the card took too long", reseat},
    {0x9864, "minimum suspension time too long", "the card does not sleep for so long", own_bug},
});

constexpr std::array status_families = std::to_array<Meaning>({
    {0x6100, "more data available", "the rest of the answer is to be fetched with GET RESPONSE",
     ""},
    {0x6700, "command dependent error of length",
     "the command has a length that the card does not take; the last two digits are the card's own",
     "another reader may help"},
    {0x6C00, "wrong Le", "the command is to be repeated with the length in the last two digits",
     ""},
    {0x6F00, "command dependent technical problem",
     "the card failed; the last two digits are its maker's own", reseat},
    {0x9100, "normal ending, proactive command pending",
     "carried out; the card wants something of the device, such as REFRESH after a switch", ""},
    {0x9200, "memory problem", "carried out after internal retries", ""},
    {0x9F00, "more data available (GSM)",
     "the rest of the answer is to be fetched with GET RESPONSE", ""},
});

constexpr Meaning ok{0, "ok", "done", ""};
constexpr Meaning undefined{127, "undefinedError", "the card failed and does not say why",
                            "take the card out and put it back in, then try again"};
constexpr Meaning not_found{1, "iccidOrAidNotFound", "the card has no such profile",
                            "`esimctl list` shows what is there"};
constexpr Meaning cat_busy{
    5, "catBusy", "a toolkit dialogue of the current profile is open",
    "close the dialogue on the device, or take the card out and put it back in"};

constexpr std::array enable_results = std::to_array<Meaning>({
    ok,
    not_found,
    {2, "profileNotInDisabledState", "the profile is enabled already",
     "nothing is to be done; `esimctl list` shows it"},
    {3, "disallowedByPolicy",
     "a policy rule forbids it: the profile that is enabled may not be disabled (PPR1)",
     "only the operator of that profile can lift the rule; `esimctl show` lists the rules"},
    {4, "wrongProfileReenabling",
     "after a test profile only the operational profile that was enabled before it may come back",
     "enable that profile first"},
    cat_busy,
    undefined,
});

constexpr std::array disable_results = std::to_array<Meaning>({
    ok,
    not_found,
    {2, "profileNotInEnabledState", "the profile is disabled already",
     "nothing is to be done; `esimctl list` shows it"},
    {3, "disallowedByPolicy", "its operator forbids disabling this profile (PPR1)",
     "only the operator can lift the rule; `esimctl show` lists the rules"},
    cat_busy,
    undefined,
});

constexpr std::array list_results = std::to_array<Meaning>({
    {1, "incorrectInputValues", "the card did not understand which profiles were asked for",
     other_version},
    undefined,
});

constexpr std::array delete_results = std::to_array<Meaning>({
    ok,
    not_found,
    {2, "profileNotInDisabledState", "the profile is enabled; only a disabled one can be deleted",
     "disable it first, or enable another one"},
    {3, "disallowedByPolicy", "its operator forbids deleting this profile (PPR2)",
     "only the operator can lift the rule; `esimctl show` lists the rules"},
    undefined,
});

constexpr std::array nickname_results = std::to_array<Meaning>({
    ok,
    {1, "iccidNotFound", "the card has no such profile", "`esimctl list` shows what is there"},
    undefined,
});

constexpr std::array reset_results = std::to_array<Meaning>({
    ok,
    {1, "nothingToDelete", "there was nothing to erase",
     "nothing is to be done; `esimctl list` shows what is there"},
    cat_busy,
    undefined,
});

constexpr std::array default_smdp_results = std::to_array<Meaning>({ok, undefined});

constexpr std::array list_notification_results = std::to_array<Meaning>({undefined});

constexpr std::array retrieve_results = std::to_array<Meaning>({
    {1, "noResultAvailable", "no notification fits",
     "`esimctl notification list` shows what is there"},
    undefined,
});

constexpr std::array remove_results = std::to_array<Meaning>({
    ok,
    {1, "nothingToDelete", "the card has no notification of that number",
     "`esimctl notification list` shows what is there"},
    undefined,
});

constexpr auto other_list = "ask whoever published the list for one that suits the card"sv;

constexpr std::array crl_results = std::to_array<Meaning>({
    {1, "invalidSignature", "the revocation list is not signed by an issuer of the card",
     other_list},
    {2, "invalidCRLFormat", "the card cannot read the revocation list", other_list},
    {3, "notEnoughMemorySpace", "the revocation list does not fit on the card",
     "delete a profile that is not needed"},
    {4, "verificationKeyNotFound", "the card does not know the issuer of the revocation list",
     "load only lists of the card's issuers; `esimctl info` shows them"},
    {5, "fresherCrlAlreadyLoaded", "the card has a newer revocation list already",
     "nothing is to be done"},
    {6, "baseCrlMissing", "the revocation list adds to another one, which the card does not have",
     "load the list that it adds to first"},
    undefined,
});

constexpr std::array lpae_results = std::to_array<Meaning>({
    ok,
    {1, "notSupported", "the card has no LPA of its own that could be switched on",
     "nothing is to be done: esimctl is the LPA of such a card"},
});

constexpr auto other_chain =
    "server and card have no issuer in common, as a test card and a real server; `esimctl info` shows the card's"sv;
constexpr auto tell_operator = "tell the operator whose profile it is"sv;
constexpr auto start_again = "start the download again"sv;

constexpr Meaning invalid_certificate{
    1, "invalidCertificate", "the card does not accept the server's certificate", other_chain};
constexpr Meaning invalid_signature{2, "invalidSignature", "the server's signature does not hold",
                                    tell_operator};
constexpr Meaning unsupported_curve{
    3, "unsupportedCurve", "the card does not know the curve of the server's key", other_chain};
constexpr Meaning no_session{4, "noSessionContext",
                             "the card has no session open; it was reset, or another one was begun",
                             start_again};
constexpr Meaning other_transaction{5, "invalidTransactionId",
                                    "the card has another session open than this one", start_again};

constexpr std::array authenticate_results = std::to_array<Meaning>({
    invalid_certificate,
    invalid_signature,
    unsupported_curve,
    no_session,
    {5, "invalidOid", "the server's certificate is not one of an SM-DP+ or SM-DS", tell_operator},
    {6, "euiccChallengeMismatch", "the server signed an answer to another question", start_again},
    {7, "ciPKUnknown", "the card does not know the issuer that the server chose", other_chain},
    undefined,
});

constexpr std::array prepare_results = std::to_array<Meaning>({
    invalid_certificate,
    invalid_signature,
    unsupported_curve,
    no_session,
    other_transaction,
    undefined,
});

constexpr std::array cancel_results = std::to_array<Meaning>({other_transaction, undefined});

constexpr std::array cancel_reasons_of_lpa = std::to_array<Meaning>({
    {0, "endUserRejection", "the user did not want the profile; the order is closed",
     "ask the operator for a new activation code, if the profile is wanted after all"},
    {1, "postponed", "the user wants the profile later; the order stays open",
     "start the download again when it is wanted"},
    {2, "timeout", "nobody answered in time; the order stays open", start_again},
    {3, "pprNotAllowed", "the profile has a policy rule that the card or the user does not allow",
     "`esimctl info` shows whose rules the card allows; ask the operator for a profile without "
     "them"},
    {4, "metadataMismatch", "the profile is another one than the server had said", tell_operator},
    {5, "loadBppExecutionError", "the card did not take the package",
     "the card's own result says why: `esimctl explain install COMMAND REASON`"},
    {127, "undefinedReason", "the LPA gave up and did not say why", start_again},
});

constexpr auto reason_tells = "look at the reason that comes with it, which says why"sv;

constexpr std::array commands = std::to_array<Meaning>({
    {0, "initialiseSecureChannel", "the card was agreeing on keys with the server", reason_tells},
    {1, "configureISDP", "the card was making room for the profile", reason_tells},
    {2, "storeMetadata", "the card was taking in what the profile says of itself", reason_tells},
    {3, "storeMetadata2", "the card was taking in more of what the profile says of itself",
     reason_tells},
    {4, "replaceSessionKeys", "the card was changing to the keys of the profile", reason_tells},
    {5, "loadProfileElements", "the card was installing the profile itself", reason_tells},
});

constexpr auto other_profile = "ask the operator for a profile that suits the card"sv;

constexpr std::array reasons = std::to_array<Meaning>({
    {1, "incorrectInputValues", "the card could not make sense of the package", tell_operator},
    {2, "invalidSignature", "the signature of the package does not hold", tell_operator},
    {3, "invalidTransactionId", "the package belongs to another session", start_again},
    {4, "unsupportedCrtValues", "the card does not know the kind of keys that the server wants",
     tell_operator},
    {5, "unsupportedRemoteOperationType", "the package is for something else than an installation",
     tell_operator},
    {6, "unsupportedProfileClass", "the card takes no profiles of this class",
     "a test profile needs a card that takes test profiles"},
    {7, "scp03tStructureError", "the parts of the package do not follow each other as they must",
     start_again},
    {8, "scp03tSecurityError", "a part of the package does not hold its check value", start_again},
    {9, "installFailedDueToIccidAlreadyExistsOnEuicc", "the profile is on the card already",
     "`esimctl list` shows it; delete it first if the operator gives it out once more"},
    {10, "installFailedDueToInsufficientMemoryForProfile", "the profile does not fit on the card",
     "delete a profile that is no longer needed; `esimctl info` shows how much is free"},
    {11, "installFailedDueToInterruption", "the card was reset, or asked for something else",
     start_again},
    {12, "installFailedDueToPEProcessingError",
     "the card cannot carry out a part of the profile, which may need functions that it has not",
     other_profile},
    {13, "installFailedDueToDataMismatch",
     "the profile has another ICCID, or other data of its own, than the server said",
     tell_operator},
    {14, "testProfileInstallFailedDueToInvalidNaaKey",
     "a test profile with keys that are not those of test profiles", other_profile},
    {15, "pprNotAllowed", "the profile has a policy rule that the card does not allow its operator",
     other_profile},
    {31, "installFailedDueToInsufficientMinimumSecurityLevel",
     "the profile asks for a card of a higher level of security", other_profile},
    {32, "installFailedDueToServerAddressAbsentInEuiccAllowList",
     "the card takes test profiles only of servers that its maker listed, and not of this one",
     "ask whoever sold the card which servers it takes test profiles of"},
    {127, "installFailedDueToUnknownError", "the card failed and does not say why",
     "take the card out and put it back in, then try again"},
});

// What came of the parts of a profile, as the package's own specification has it (TCA).
constexpr std::array element_statuses = std::to_array<Meaning>({
    {0, "ok", "the card carried this part out", ""},
    {1, "pe-not-supported", "the card does not know this kind of part", other_profile},
    {2, "memory-failure", "the card could not write its memory",
     "try again; if it comes back, the card is worn out"},
    {3, "bad-values", "the part has values that the card does not take", tell_operator},
    {4, "not-enough-memory", "the part does not fit on the card",
     "delete a profile that is no longer needed; `esimctl info` shows how much is free"},
    {5, "invalid-request-format", "the card cannot read the part", tell_operator},
    {6, "invalid-parameter", "the part has a parameter that the card does not take", tell_operator},
    {7, "runtime-not-supported",
     "the profile brings a program for a machine that the card does not have", other_profile},
    {8, "lib-not-supported", "the profile needs a library that the card does not have",
     other_profile},
    {9, "template-not-supported", "the profile builds on a template that the card does not have",
     other_profile},
    {10, "feature-not-supported", "the profile needs a function that the card does not have",
     other_profile},
    {11, "pin-code-missing", "the profile refers to a PIN that it does not bring", tell_operator},
    {31, "unsupported-profile-version",
     "the profile is of another version of the package's specification than the card takes",
     other_profile},
});

constexpr std::array tables = std::to_array<ResultTable>({
    {"EnableProfile", enable_results},
    {"DisableProfile", disable_results},
    {"DeleteProfile", delete_results},
    {"SetNickname", nickname_results},
    {"eUICCMemoryReset", reset_results},
    {"SetDefaultDpAddress", default_smdp_results},
    {"GetProfilesInfo", list_results},
    {"ListNotification", list_notification_results},
    {"RetrieveNotificationsList", retrieve_results},
    {"RemoveNotificationFromList", remove_results},
    {"LoadCRL", crl_results},
    {"AuthenticateServer", authenticate_results},
    {"PrepareDownload", prepare_results},
    {"CancelSession", cancel_results},
    {"LpaeActivation", lpae_results},
});

constexpr auto retry = "try again; if it comes back, restart pcscd"sv;
constexpr auto start_pcscd = "start it: `sudo systemctl start pcscd.socket` (package pcscd)"sv;
constexpr auto other_program =
    "another program has it: gpg's scdaemon, a browser, ModemManager or another esimctl; end it or use --wait"sv;
constexpr auto insert = "put the card in (contacts down, notch as drawn on the reader)"sv;
constexpr auto plug_in = "plug the reader in, or try without one: `esimctl --card sim list`"sv;

// Numbers and names as in pcsclite.h; the sentences are ours.
constexpr std::array pcsc = std::to_array<Meaning>({
    {0x80100001, "SCARD_F_INTERNAL_ERROR", "the PC/SC service failed inside", retry},
    {0x80100002, "SCARD_E_CANCELLED", "the request was cancelled", retry},
    {0x80100003, "SCARD_E_INVALID_HANDLE", "the connection to the PC/SC service is gone", retry},
    {0x80100004, "SCARD_E_INVALID_PARAMETER", "the PC/SC service did not understand the request",
     own_bug},
    {0x80100005, "SCARD_E_INVALID_TARGET", "the PC/SC service is not set up to start", start_pcscd},
    {0x80100006, "SCARD_E_NO_MEMORY", "the PC/SC service has no memory left", retry},
    {0x80100007, "SCARD_F_WAITED_TOO_LONG", "the PC/SC service gave up waiting", retry},
    {0x80100008, "SCARD_E_INSUFFICIENT_BUFFER", "the answer is larger than any a card may give",
     "card or reader is faulty; try another reader"},
    {0x80100009, "SCARD_E_UNKNOWN_READER", "there is no reader of that name any more",
     "`esimctl cards` shows the readers"},
    {0x8010000A, "SCARD_E_TIMEOUT", "the reader did not answer in time", retry},
    {0x8010000B, "SCARD_E_SHARING_VIOLATION", "another program holds the card for itself",
     other_program},
    {0x8010000C, "SCARD_E_NO_SMARTCARD", "there is no card in the reader", insert},
    {0x8010000D, "SCARD_E_UNKNOWN_CARD", "the reader does not know this kind of card",
     "try another reader"},
    {0x8010000E, "SCARD_E_CANT_DISPOSE", "the PC/SC service could not let go of the card", retry},
    {0x8010000F, "SCARD_E_PROTO_MISMATCH", "reader and card have no protocol in common",
     "try another reader"},
    {0x80100010, "SCARD_E_NOT_READY", "the reader is not ready", retry},
    {0x80100011, "SCARD_E_INVALID_VALUE", "the PC/SC service did not understand the request",
     own_bug},
    {0x80100012, "SCARD_E_SYSTEM_CANCELLED", "the system ended the request", retry},
    {0x80100013, "SCARD_F_COMM_ERROR", "the talk with the PC/SC service broke off", retry},
    {0x80100014, "SCARD_F_UNKNOWN_ERROR", "the PC/SC service failed and does not say why", retry},
    {0x80100015, "SCARD_E_INVALID_ATR", "the card did not introduce itself properly",
     "clean its contacts, put it back in, or try another reader"},
    {0x80100016, "SCARD_E_NOT_TRANSACTED", "the command did not get through to the card",
     "clean the card's contacts, put it back in, or try another reader"},
    {0x80100017, "SCARD_E_READER_UNAVAILABLE", "the reader was unplugged", plug_in},
    {0x80100018, "SCARD_P_SHUTDOWN", "the PC/SC service is ending", start_pcscd},
    {0x80100019, "SCARD_E_PCI_TOO_SMALL", "the PC/SC service did not understand the request",
     own_bug},
    {0x8010001A, "SCARD_E_READER_UNSUPPORTED", "the driver does not support this reader",
     "try another reader (package libccid drives most)"},
    {0x8010001B, "SCARD_E_DUPLICATE_READER", "two readers have the same name",
     "unplug one of them"},
    {0x8010001C, "SCARD_E_CARD_UNSUPPORTED", "the reader does not support this card",
     "try another reader"},
    {0x8010001D, "SCARD_E_NO_SERVICE", "the PC/SC service is not running", start_pcscd},
    {0x8010001E, "SCARD_E_SERVICE_STOPPED", "the PC/SC service was stopped", start_pcscd},
    {0x8010001F, "SCARD_E_UNEXPECTED", "the PC/SC service met something that it did not expect",
     retry},
    {0x80100022, "SCARD_E_UNSUPPORTED_FEATURE", "the PC/SC service or the reader cannot do that",
     "try another reader"},
    {0x8010002E, "SCARD_E_NO_READERS_AVAILABLE", "there is no smart card reader", plug_in},
    {0x8010002F, "SCARD_E_COMM_DATA_LOST", "the talk with the reader broke off", retry},
    {0x80100031, "SCARD_E_SERVER_TOO_BUSY", "the PC/SC service is too busy", retry},
    {0x80100065, "SCARD_W_UNSUPPORTED_CARD", "the reader cannot talk to this card",
     "try another reader"},
    {0x80100066, "SCARD_W_UNRESPONSIVE_CARD", "the card does not answer to a reset",
     "clean its contacts, put it back in the right way round, or try another reader"},
    {0x80100067, "SCARD_W_UNPOWERED_CARD", "the card has no power", reseat},
    {0x80100068, "SCARD_W_RESET_CARD", "another program reset the card in between", other_program},
    {0x80100069, "SCARD_W_REMOVED_CARD", "the card was taken out", insert},
    {0x8010006A, "SCARD_W_SECURITY_VIOLATION",
     "this user may not use the PC/SC service (polkit says no)",
     "use a local session or sudo, or allow org.debian.pcsc-lite.access_pcsc and access_card in a "
     "polkit rule"},
});

template <class Range>
std::optional<Meaning> find(const Range& range, std::uint32_t number) {
  const auto found = std::ranges::find(range, number, &Meaning::number);
  if (found == std::ranges::end(range)) return std::nullopt;
  return *found;
}

}  // namespace

std::optional<Meaning> status_word_meaning(std::uint16_t sw) {
  auto meaning = find(status_words, sw);
  if (!meaning) meaning = find(status_families, sw & 0xFF00U);
  if (!meaning && (sw & 0xFFF0U) == 0x63C0) {
    meaning = Meaning{sw, "counter",
                      "carried out; the last digit is a count, often of attempts left", ""};
  }
  if (meaning) meaning->number = sw;
  return meaning;
}

std::span<const ResultTable> result_tables() { return tables; }

std::optional<Meaning> result_meaning(std::string_view function, std::uint32_t result) {
  const auto table = std::ranges::find(tables, function, &ResultTable::function);
  return table == tables.end() ? std::nullopt : find(table->results, result);
}

std::span<const Meaning> cancel_reasons() { return cancel_reasons_of_lpa; }

std::span<const Meaning> profile_element_statuses() { return element_statuses; }

std::span<const Meaning> installation_commands() { return commands; }

std::span<const Meaning> installation_reasons() { return reasons; }

std::optional<Meaning> installation_command(std::uint32_t command) {
  return find(commands, command);
}

std::optional<Meaning> installation_reason(std::uint32_t reason) { return find(reasons, reason); }

std::span<const Meaning> pcsc_codes() { return pcsc; }

std::optional<Meaning> pcsc_meaning(std::uint32_t code) { return find(pcsc, code); }

}  // namespace lpa
