#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"

/// What protects a bound profile package (SGP.22 2.5.3 and 2.6.4: the SCP03t of GlobalPlatform Card
/// Specification Amendment F, with AES-128).
namespace sim {

struct SessionKeys {
  base::Bytes chaining;    ///< the first MAC chaining value, 16 octets
  base::Bytes encryption;  ///< S-ENC or PPK-ENC
  base::Bytes mac;         ///< S-MAC or PPK-MAC
};

constexpr std::uint8_t aes_key_type = 0x88;  // GlobalPlatform Card Specification, table 11-16
constexpr std::uint8_t aes_key_length = 16;

/// The keys of both sides (SGP.22 annex G: X9.63 key derivation with SHA-256).
SessionKeys derive_session_keys(base::ByteView shared_secret, base::ByteView host_id,
                                base::ByteView eid);

/// The largest data block, tag, length and MAC included (SGP.22 2.5.3).
constexpr std::size_t largest_block = 1020;
constexpr std::size_t mac_size = 8;

/// One direction of the channel; each call is the next data block. Either side uses only one half.
class Protection {
 public:
  explicit Protection(SessionKeys keys) : keys_(std::move(keys)) {}

  base::Bytes wrap(tlv::Tag tag, base::ByteView plain);      ///< encrypted, with MAC
  base::Bytes wrap_mac(tlv::Tag tag, base::ByteView plain);  ///< readable, with MAC

  /// What is in a data block; empty when its MAC or its padding is wrong.
  std::optional<base::Bytes> unwrap(const tlv::Element& block);
  std::optional<base::Bytes> unwrap_mac(const tlv::Element& block);

 private:
  base::Bytes seal(tlv::Tag tag, const base::Bytes& data);
  std::optional<base::Bytes> unseal(const tlv::Element& block);
  base::Bytes next_vector();

  SessionKeys keys_;
  std::uint64_t block_ = 0;  // of those before
};

}  // namespace sim
