#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"
#include "sim/state.hpp"

/// What a strict card demands of the octets it is sent. All throw tlv::Malformed, which becomes
/// 6A80.
namespace sim {

/// Takes the fields of a SEQUENCE one by one, in the order of SGP.22 annex H.
class Fields {
 public:
  explicit Fields(const tlv::Element& sequence);

  [[nodiscard]] std::optional<base::Bytes> take(tlv::Tag tag);  ///< an OPTIONAL field
  [[nodiscard]] base::Bytes need(tlv::Tag tag);
  [[nodiscard]] tlv::Element any();  ///< the next field, whatever its tag
  [[nodiscard]] bool empty() const { return !next_; }
  void end() const;  ///< nothing may be left

 private:
  tlv::Reader reader_;
  std::optional<tlv::Element> next_;
};

/// How a request names a profile: exactly one of the two.
struct ProfileId {
  std::optional<base::Bytes> isdp_aid;
  std::optional<base::Bytes> iccid;
};

/// ISD-P AID (4F, 5 to 16 octets: ISO 7816-4 8.2.1.2) or ICCID (5A, ten octets: SGP.22 annex H).
ProfileId profile_id(const tlv::Element& element);

/// The profile of that name; an index into State::profiles.
std::optional<std::size_t> find(const State& state, const ProfileId& id);

bool boolean(base::ByteView value);                    ///< X.690 11.1: 00 or FF
std::uint64_t unsigned_integer(base::ByteView value);  ///< X.690 8.3.2: minimal, not negative
std::uint8_t bits(base::ByteView value);  ///< X.690 8.6: a BIT STRING of at most eight bits
std::optional<std::string> utf8(base::ByteView value);  ///< empty when it is not UTF-8 (RFC 3629)

}  // namespace sim
