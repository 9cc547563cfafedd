#include "base/http_codes.hpp"

#include <algorithm>

namespace base {
namespace {

using namespace std::string_view_literals;

constexpr auto look_at_connection = "look at this machine's connection, then try again"sv;
constexpr auto set_clock =
    "`date -u` shows this machine's clock; if it is wrong, set it, else tell "
    "the operator of the server"sv;
constexpr auto between =
    "somebody between here and the server may answer for it: a hotspot's login page, a firewall, "
    "an "
    "attacker; use another network"sv;
constexpr auto tell_operator = "tell the operator of the server"sv;
constexpr auto later = "try again later; if it stays so, tell the operator of the server"sv;
constexpr auto own_bug = "please report it with the output of -vv"sv;

constexpr std::array meanings = std::to_array<HttpMeaning>({
    {.code = "http.cancelled",
     .name = "request called off",
     .cause = "the request was called off while it was under way",
     .advice = "run the command again"},
    {.code = "http.cut",
     .name = "connection cut",
     .cause = "the server ended the connection before its answer was whole",
     .advice = "try again; if it stays so, use another network",
     .curl = {18, 52, 55, 56, 65}},
    {.code = "http.failed",
     .name = "exchange failed",
     .cause =
         "the exchange failed in a way that no other code names; the message has libcurl's words",
     .advice = "try again; if it stays so, please report it with the output of -vv",
     .curl = {2, 16, 23, 27, 92}},
    {.code = "http.host-not-allowed",
     .name = "host not allowed",
     .cause = "the address is of none of the servers that may be asked; nothing was connected",
     .advice = own_bug},
    {.code = "http.malformed-answer",
     .name = "not HTTP",
     .cause = "the server answers in something else than HTTP",
     .advice = "check the address and the port; something else may answer there",
     .curl = {1, 8, 61}},
    {.code = "http.no-library",
     .name = "no libcurl",
     .cause = "libcurl is not there, or does not take what it is told",
     .advice = "install it: package libcurl4",
     .curl = {4, 48}},
    {.code = "http.proxy",
     .name = "proxy does not connect",
     .cause = "the proxy that the environment names does not connect to the server",
     .advice =
         "look at https_proxy and no_proxy in the environment; the proxy has to allow CONNECT "
         "to port 443",
     .curl = {97}},
    {.code = "http.refused",
     .name = "connection refused",
     .cause = "no connection: the server does not take it, or is not reached",
     .advice = "check the address and this machine's connection; a firewall may be in the way",
     .curl = {7}},
    {.code = "http.stalled",
     .name = "server silent",
     .cause = "the server went silent in the middle",
     .advice = "try again; if it stays so, use another network"},
    {.code = "http.timeout",
     .name = "timeout",
     .cause = "no connection, or no whole answer, within the time limit",
     .advice = look_at_connection,
     .curl = {28}},
    {.code = "http.tls-anchors",
     .name = "trust anchors unreadable",
     .cause = "the certificates to check servers against cannot be read",
     .advice = "check the file of --smdp-ca: it holds certificates in PEM",
     .curl = {77}},
    {.code = "http.tls-chain",
     .name = "certificates do not hold",
     .cause = "the server's certificates do not hold, for a reason that no other code names",
     .advice = tell_operator,
     .curl = {60},
     .tls = {22, 23, 24, 25, 26, 28, 47, 66, 67, 68, 79}},
    {.code = "http.tls-expired",
     .name = "certificate expired",
     .cause = "a certificate of the server has expired, or this machine's clock is wrong",
     .advice = set_clock,
     .curl = {60},
     .tls = {10}},
    {.code = "http.tls-failed",
     .name = "no TLS connection",
     .cause = "no TLS connection came about",
     .advice = "check the address and the port; a proxy or a firewall may be in the way",
     .curl = {35}},
    {.code = "http.tls-not-yet-valid",
     .name = "certificate not valid yet",
     .cause = "a certificate of the server is not valid yet, or this machine's clock is wrong",
     .advice = set_clock,
     .curl = {60},
     .tls = {9}},
    {.code = "http.tls-signature",
     .name = "certificate not signed by its issuer",
     .cause = "a certificate of the server is not signed by the issuer that it names",
     .advice = between,
     .curl = {60},
     .tls = {7}},
    {.code = "http.tls-unknown-issuer",
     .name = "issuer not trusted",
     .cause = "the server's certificate is vouched for by nobody who is trusted",
     .advice = "if the server is a private or test one, give the certificate of its issuer with "
               "--smdp-ca; otherwise somebody between here and the server may answer for it",
     .curl = {60},
     .tls = {2, 18, 19, 20, 21, 27}},
    {.code = "http.tls-version",
     .name = "TLS too old",
     .cause = "the server speaks no TLS from version 1.2 on",
     .advice = tell_operator,
     .curl = {35}},
    {.code = "http.tls-wrong-host",
     .name = "certificate for other hosts",
     .cause = "the server's certificate is for other hosts",
     .advice = "check the address; if it is right, somebody between here and the server may answer "
               "for it",
     .curl = {60},
     .tls = {62, 64}},
    {.code = "http.too-large",
     .name = "answer too large",
     .cause = "the answer is larger than 4 MiB, or its headers than 64 KiB",
     .advice = "check the address; no answer of an RSP server is that large",
     .curl = {63}},
    {.code = "http.unresolved",
     .name = "name without address",
     .cause = "the name of the server, or of the proxy, has no address",
     .advice = "check its spelling, and that this machine is connected",
     .curl = {5, 6}},
    {.code = "http.unsendable",
     .name = "request cannot be sent",
     .cause = "the address or a header of the request is none that can be sent",
     .advice = "check the address: it is the name of a server, without user and password"},
});

// Numbers and names as in curl.h; the sentences are ours.
constexpr std::array curl = std::to_array<LibraryCode>({
    {1, "CURLE_UNSUPPORTED_PROTOCOL", "the server answers in a protocol that is not spoken"},
    {2, "CURLE_FAILED_INIT", "libcurl could not begin"},
    {4, "CURLE_NOT_BUILT_IN", "this libcurl was built without something that is needed"},
    {5, "CURLE_COULDNT_RESOLVE_PROXY", "the name of the proxy has no address"},
    {6, "CURLE_COULDNT_RESOLVE_HOST", "the name of the server has no address"},
    {7, "CURLE_COULDNT_CONNECT", "no connection to the server, or to the proxy"},
    {8, "CURLE_WEIRD_SERVER_REPLY", "what the server answers cannot be read"},
    {16, "CURLE_HTTP2", "HTTP/2 with the server broke down"},
    {18, "CURLE_PARTIAL_FILE", "less came than the server had said"},
    {23, "CURLE_WRITE_ERROR", "what came could not be kept"},
    {27, "CURLE_OUT_OF_MEMORY", "there is no memory left"},
    {28, "CURLE_OPERATION_TIMEDOUT", "the time limit was reached"},
    {35, "CURLE_SSL_CONNECT_ERROR", "client and server did not agree on TLS"},
    {48, "CURLE_UNKNOWN_OPTION", "this libcurl does not know an option that is needed"},
    {52, "CURLE_GOT_NOTHING", "the server ended the connection without an answer"},
    {55, "CURLE_SEND_ERROR", "the request did not get through"},
    {56, "CURLE_RECV_ERROR", "the answer did not get through"},
    {60, "CURLE_PEER_FAILED_VERIFICATION", "the server's certificate was not accepted"},
    {61, "CURLE_BAD_CONTENT_ENCODING", "the answer is packed in a way that is not known"},
    {63, "CURLE_FILESIZE_EXCEEDED", "the answer is larger than it may be"},
    {65, "CURLE_SEND_FAIL_REWIND", "the connection ended under a request that is not sent twice"},
    {77, "CURLE_SSL_CACERT_BADFILE", "the file with the trusted certificates cannot be read"},
    {92, "CURLE_HTTP2_STREAM", "the server broke off the exchange in HTTP/2"},
    {97, "CURLE_PROXY", "the proxy did not do what it was asked for"},
});

// Numbers and names as in openssl/x509_vfy.h; the sentences are ours.
constexpr std::array tls = std::to_array<LibraryCode>({
    {2, "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT", "the certificate of an issuer is not there"},
    {7, "X509_V_ERR_CERT_SIGNATURE_FAILURE", "the signature on a certificate does not hold"},
    {9, "X509_V_ERR_CERT_NOT_YET_VALID", "a certificate is valid only from a later date on"},
    {10, "X509_V_ERR_CERT_HAS_EXPIRED", "the last day of a certificate has passed"},
    {18, "X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT",
     "the server's certificate is signed by itself, and is not among the trusted ones"},
    {19, "X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN",
     "the chain ends in a root that is not among the trusted ones"},
    {20, "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
     "the issuer of a certificate is not among the trusted ones"},
    {21, "X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE",
     "the server sends its own certificate only, and its issuer is not among the trusted ones"},
    {22, "X509_V_ERR_CERT_CHAIN_TOO_LONG",
     "there are more certificates one below another than are "
     "looked at"},
    {23, "X509_V_ERR_CERT_REVOKED", "a certificate was revoked"},
    {24, "X509_V_ERR_NO_ISSUER_PUBLIC_KEY", "the certificate of an issuer has no key"},
    {25, "X509_V_ERR_PATH_LENGTH_EXCEEDED", "an issuer has more issuers below it than it may have"},
    {26, "X509_V_ERR_INVALID_PURPOSE", "a certificate is not one for servers"},
    {27, "X509_V_ERR_CERT_UNTRUSTED", "the root is not trusted for servers"},
    {28, "X509_V_ERR_CERT_REJECTED", "the root is marked as one that is not to be trusted"},
    {47, "X509_V_ERR_PERMITTED_VIOLATION", "an issuer may not vouch for hosts of this name"},
    {62, "X509_V_ERR_HOSTNAME_MISMATCH", "the certificate does not have the name of the server"},
    {64, "X509_V_ERR_IP_ADDRESS_MISMATCH",
     "the certificate does not have the address of the server"},
    {66, "X509_V_ERR_EE_KEY_TOO_SMALL", "the key of the server's certificate is too short"},
    {67, "X509_V_ERR_CA_KEY_TOO_SMALL", "the key of an issuer is too short"},
    {68, "X509_V_ERR_CA_MD_TOO_WEAK", "a certificate is signed with a digest that is too weak"},
    {79, "X509_V_ERR_INVALID_CA", "a certificate was issued by one that may issue none"},
});

constexpr auto no_redirect =
    "check the address; RSP servers do not send anybody elsewhere, so a login page of the network "
    "may be in the way"sv;
constexpr auto another_server =
    "check the address: this is no RSP server, or one of another kind"sv;

constexpr std::array statuses = std::to_array<HttpStatus>({
    {200, "OK",
     "the server answered; a function that failed is answered so too, and its status "
     "is in the body",
     ""},
    {204, "No Content", "done; a server answers so to a notification", ""},
    {301, "Moved Permanently", "the server wants to be asked at another address", no_redirect},
    {302, "Found", "the server wants to be asked at another address", no_redirect},
    {307, "Temporary Redirect", "the server wants to be asked at another address", no_redirect},
    {308, "Permanent Redirect", "the server wants to be asked at another address", no_redirect},
    {400, "Bad Request", "the server cannot make sense of the request", own_bug},
    {401, "Unauthorized", "the server wants to know who asks, which RSP servers do not of devices",
     another_server},
    {403, "Forbidden", "the server, or a firewall before it, does not serve this machine",
     "use another network; some servers serve some countries only"},
    {404, "Not Found", "the server does not know the function that it was asked for",
     another_server},
    {405, "Method Not Allowed", "the server does not take requests of this kind", another_server},
    {407, "Proxy Authentication Required", "the proxy wants to know who asks",
     "give user and password in https_proxy, as http://USER:PASSWORD@HOST:PORT"},
    {408, "Request Timeout", "the request did not get to the server in time",
     "look at this machine's connection, then try again"},
    {413, "Content Too Large", "the request is larger than the server, or a proxy before it, takes",
     tell_operator},
    {415, "Unsupported Media Type", "the server does not take JSON here", another_server},
    {421, "Misdirected Request", "the server does not go by the name that it was asked for",
     "check the address: it has to be the server's own name, not an alias of it"},
    {429, "Too Many Requests", "the server was asked too often", "wait a while, then try again"},
    {500, "Internal Server Error", "the server failed inside", later},
    {501, "Not Implemented", "the server does not have this function", another_server},
    {502, "Bad Gateway", "what is before the server got no usable answer from it", later},
    {503, "Service Unavailable", "the server is overloaded or under maintenance", later},
    {504, "Gateway Timeout", "what is before the server got no answer from it in time", later},
});

constexpr HttpStatus other_refusal{0, "client error",
                                   "the server does not take the request as it is", tell_operator};
constexpr HttpStatus other_failure{0, "server error", "the server failed", later};

bool has(std::span<const int> numbers, int number) {
  return number != 0 && std::ranges::find(numbers, number) != numbers.end();
}

}  // namespace

bool HttpMeaning::comes_of_curl(int number) const { return has(this->curl, number); }

bool HttpMeaning::comes_of_tls(int number) const { return has(this->tls, number); }

std::span<const HttpMeaning> http_meanings() { return meanings; }

std::optional<HttpMeaning> http_meaning(std::string_view code) {
  const auto found = std::ranges::find(meanings, code, &HttpMeaning::code);
  if (found == meanings.end()) return std::nullopt;
  return *found;
}

std::span<const LibraryCode> curl_codes() { return curl; }

std::span<const LibraryCode> tls_results() { return tls; }

std::span<const HttpStatus> http_statuses() { return statuses; }

std::optional<HttpStatus> http_status_meaning(int number) {
  const auto found = std::ranges::find(statuses, number, &HttpStatus::number);
  if (found != statuses.end()) return *found;
  if (number < 400 || number > 599) return std::nullopt;
  auto family = number < 500 ? other_refusal : other_failure;
  family.number = number;
  return family;
}

}  // namespace base
