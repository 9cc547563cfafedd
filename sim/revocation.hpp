#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "sim/certificate.hpp"
#include "sim/keys.hpp"
#include "sim/x509.hpp"

namespace sim {

/// A CRL as a CI publishes it (SGP.22 4.5.2.1.1, RFC 5280 section 5).
class RevocationList {
 public:
  /// Empty for what is not the DER of one, and for one with a critical extension.
  static std::optional<RevocationList> read(base::ByteView der);

  [[nodiscard]] const base::Bytes& issuer_key_id() const { return issuer_key_id_; }
  [[nodiscard]] bool signed_by(const PublicKey& key) const;
  [[nodiscard]] bool revokes(const Certificate& certificate) const;

 private:
  static RevocationList unpack(base::ByteView der);

  x509::Signed signed_;
  base::Bytes issuer_key_id_;
  std::vector<base::Bytes> serials_;
};

}  // namespace sim
