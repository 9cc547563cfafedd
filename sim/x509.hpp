#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"
#include "sim/keys.hpp"

/// What certificates and revocation lists have in common (RFC 5280).
namespace sim::x509 {

/// The contents of an OBJECT IDENTIFIER (X.690 8.19) that is written "2.999.10".
base::Bytes object_identifier(std::string_view dotted);

/// The parts of a distinguished name that SGP.22 4.5.2.1 uses.
struct Name {
  std::string organisation;
  std::string serial_number;  ///< of an eUICC its EID
  std::string common_name;
  bool operator==(const Name&) const = default;
};

base::Bytes pack(const Name& name);  ///< Name, with its tag; parts that are empty are left out
Name unpack_name(const tlv::Element& name);

/// An object within SIGNED{} (RFC 5280 4.1.1): its octets and its signature as sim::PublicKey takes
/// it.
struct Signed {
  base::Bytes object;  ///< tag and length included
  base::Bytes signature;
};

base::Bytes sign(const base::Bytes& object, const PrivateKey& key);
Signed unpack_signed(base::ByteView der);  ///< throws tlv::Malformed

/// ecdsa-with-SHA256 (RFC 5758 3.2), the only algorithm that SGP.22 2.6.7.1 leaves here.
base::Bytes signature_algorithm();

struct Extension {
  base::Bytes id;  ///< contents of the OBJECT IDENTIFIER
  bool critical = false;
  base::Bytes value;  ///< the DER within the OCTET STRING
};

base::Bytes pack(const std::vector<Extension>& extensions);  ///< Extensions, with its tag
std::vector<Extension> unpack_extensions(const tlv::Element& extensions);

/// 2.5.29.N: the extensions of RFC 5280 4.2.1.
base::Bytes extension_id(std::uint8_t number);

constexpr std::uint8_t subject_key_id = 14;
constexpr std::uint8_t key_usage = 15;
constexpr std::uint8_t subject_alternative_name = 17;
constexpr std::uint8_t basic_constraints = 19;
constexpr std::uint8_t crl_number = 20;
constexpr std::uint8_t name_constraints = 30;
constexpr std::uint8_t distribution_points = 31;
constexpr std::uint8_t policies = 32;
constexpr std::uint8_t authority_key_id = 35;
constexpr std::uint8_t extended_key_usage = 37;

/// The keyIdentifier of an AuthorityKeyIdentifier (RFC 5280 4.2.1.1).
base::Bytes key_identifier(base::ByteView value);

}  // namespace sim::x509
