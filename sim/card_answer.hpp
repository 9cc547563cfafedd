#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"
#include "sim/request.hpp"

/// What servers read of a card's answers (SGP.22 annex H).
namespace sim {

/// A function that was not carried out: subject and reason code (SGP.22 5.2.6).
struct Es9Failure {
  std::string subject;
  std::string reason;
  std::string message;
};

[[noreturn]] inline void fail(std::string subject, std::string reason, std::string message) {
  throw Es9Failure{std::move(subject), std::move(reason), std::move(message)};
}

/// Runs what reads octets; what is malformed is an error of the protocol's format.
template <class Read>
auto reading(Read read) -> decltype(read()) {
  try {
    return read();
  } catch (const tlv::Malformed& fault) {
    fail("1.3.1", "2.1", fault.what());
  }
}

/// The fields of a CHOICE { ok [0] SEQUENCE, error [1] } within `tag`; empty for the error.
std::optional<base::Bytes> ok_of(const base::Bytes& response, tlv::Tag tag);

/// A signed object and its signature, from the beginning of a sequence.
struct SignedPart {
  explicit SignedPart(Fields& fields);
  base::Bytes octets;
  base::Bytes signature;
};

/// EuiccSigned1, what is of use to a server.
struct EuiccSigned1 {
  explicit EuiccSigned1(const base::Bytes& octets);
  base::Bytes transaction_id;
  std::string address;
  base::Bytes server_challenge;
  std::uint64_t free_memory = 0;
  std::string matching_id;
  std::string imei;
};

}  // namespace sim
