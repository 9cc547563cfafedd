#pragma once

#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/http.hpp"
#include "lpa/issuers.hpp"

namespace lpa {

/// The issuers that the card lists for verification, and GSMA's RSP2 Root CI1, which most servers
/// have their TLS certificates from.
struct CardTrust {
  std::vector<KeyId> listed;
  bool test_mode = false;  ///< only then those of SGP.26 as well, when the card lists them
  bool no_card = false;    ///< nothing is listed: every issuer that this LPA knows counts as listed
};

/// The certificates that the machine came with.
struct SystemTrust {};

/// Those of a file, in PEM (any number) or DER (one).
struct FileTrust {
  std::filesystem::path file;
};

/// What an SM-DP+ or SM-DS has to be vouched for by (SGP.22 v2.5 2.6.6).
using Trust = std::variant<CardTrust, SystemTrust, FileTrust>;

/// The trust that `--smdp-ca` asks for: "system" or a file.
Trust chosen_trust(std::string_view choice);

/// "card", "test" (the card's, those of SGP.26 among them), "known" (without a card), "system" or
/// the file, to be shown with whatever was done on its strength.
std::string to_string(const Trust& trust);

/// The issuers that `trust` comes down to at that time, those that have expired left out.
std::vector<Issuer> trusted_issuers(const CardTrust& trust, std::chrono::sys_seconds now);

/// A certificate with the issuer's name, key and expiry, in PEM: what OpenSSL takes for an anchor.
/// Its signature is by a key that is thrown away; that of an anchor is never looked at. Throws
/// Error `trust.anchor` (kind failure) when OpenSSL cannot make it.
std::string anchor(const Issuer& issuer);

/// What an HTTP client is given for its anchors, and for its hint about issuers that are not among
/// them.
struct HttpTrust {
  std::variant<base::SystemAnchors, base::PemAnchors> anchors;
  std::string untrusted_hint;
};

/// Throws Error `trust.file` (kind usage) for a file that cannot be read or has no certificate,
/// `trust.none` (failure) when no issuer is left, `trust.anchor` (failure).
HttpTrust http_trust(const Trust& trust, std::chrono::sys_seconds now);

}  // namespace lpa
