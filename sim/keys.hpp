#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include <openssl/types.h>

#include "base/bytes.hpp"

/// Keys on the two curves that SGP.22 2.6.7.1 allows and that a v2 eUICC knows.
namespace sim {

enum class Curve : std::uint8_t { nist, brainpool };  ///< P-256 and brainpoolP256r1 (RFC 5639)

/// The contents of the OBJECT IDENTIFIER of a curve (RFC 5480 2.1.1.1, RFC 5639 4.1).
base::Bytes curve_id(Curve curve);

class PublicKey {
 public:
  explicit PublicKey(std::shared_ptr<EVP_PKEY> key, Curve curve);

  /// An uncompressed point (BSI TR-03111 3.2.1); empty when it is not on the curve.
  static std::optional<PublicKey> from_point(Curve curve, base::ByteView point);

  [[nodiscard]] base::Bytes point() const;
  [[nodiscard]] base::Bytes key_id() const;  ///< SHA-1 of the point (RFC 5280 4.2.1.2)
  [[nodiscard]] Curve curve() const { return curve_; }

  /// ECDSA with SHA-256; the signature is r and s, 32 octets each (BSI TR-03111 5.2.1).
  [[nodiscard]] bool verifies(base::ByteView message, base::ByteView signature) const;

 private:
  friend class PrivateKey;
  std::shared_ptr<EVP_PKEY> key_;
  Curve curve_;
};

class PrivateKey {
 public:
  static PrivateKey generate(Curve curve);

  /// 32 octets, big-endian, not zero and less than the order of the curve.
  static PrivateKey from_scalar(Curve curve, base::ByteView scalar);

  [[nodiscard]] PublicKey public_key() const { return {PublicKey(key_, curve_)}; }
  [[nodiscard]] Curve curve() const { return curve_; }
  [[nodiscard]] EVP_PKEY* native() const { return key_.get(); }  ///< borrowed
  [[nodiscard]] base::Bytes sign(base::ByteView message) const;  ///< as PublicKey::verifies

  /// The shared secret: the x coordinate (BSI TR-03111 4.3.1). `other` is on the same curve.
  [[nodiscard]] base::Bytes agree(const PublicKey& other) const;

 private:
  PrivateKey(std::shared_ptr<EVP_PKEY> key, Curve curve);
  std::shared_ptr<EVP_PKEY> key_;
  Curve curve_;
};

constexpr std::size_t signature_size = 64;

/// The same signature as X.509 writes it, SEQUENCE { r, s } (RFC 3279 2.2.3), and back; empty when
/// it is not that.
base::Bytes signature_to_der(base::ByteView signature);
std::optional<base::Bytes> signature_from_der(base::ByteView der);

base::Bytes sha256(base::ByteView octets);
base::Bytes random_octets(std::size_t count);

}  // namespace sim
