#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "sim/keys.hpp"
#include "sim/x509.hpp"

/// X.509 certificates as SGP.22 4.5.2.1 profiles them.
namespace sim {

/// Who a certificate is for; the value is the last arc below id-rspRole, 2.23.146.1.2.1 (SGP.22
/// annex H).
enum class Role : std::uint8_t {
  ci = 0,
  euicc = 1,
  eum = 2,
  dp_tls = 3,
  dp_auth = 4,
  dp_pb = 5,
  ds_tls = 6,
  ds_auth = 7
};

/// The contents of id-rspRole and the arc of `role`.
base::Bytes role_id(Role role);

/// A certificate that was read.
class Certificate {
 public:
  /// Empty for what is not the DER of one certificate with a key on a known curve, and for one with
  /// a critical extension that is not known (RFC 5280 4.2).
  static std::optional<Certificate> read(base::ByteView der);

  [[nodiscard]] const base::Bytes& der() const { return der_; }
  [[nodiscard]] const PublicKey& key() const { return key_; }
  [[nodiscard]] const base::Bytes& serial() const { return serial_; }
  [[nodiscard]] const base::Bytes& key_id() const { return key_id_; }
  [[nodiscard]] const base::Bytes& issuer_key_id() const { return issuer_key_id_; }
  [[nodiscard]] const x509::Name& subject() const { return subject_; }

  /// The contents of the OBJECT IDENTIFIER in subjectAltName; empty when there is none.
  [[nodiscard]] const base::Bytes& registered_id() const { return registered_id_; }

  /// nameConstraints of an EUM: organisation and beginning of the EID of its eUICCs.
  [[nodiscard]] const std::optional<x509::Name>& permitted() const { return permitted_; }

  /// Whether it names `role` and has the extensions that SGP.22 4.5.2.1 demands of it.
  [[nodiscard]] bool is_for(Role role) const;

  /// Whether `issuer` made it: key identifiers, names and signature fit.
  [[nodiscard]] bool issued_by(const Certificate& issuer) const;

 private:
  explicit Certificate(PublicKey key) : key_(std::move(key)) {}
  static Certificate unpack(base::ByteView der);
  bool read_extension(const x509::Extension& extension);

  PublicKey key_;
  base::Bytes der_;
  x509::Signed signed_;
  base::Bytes serial_;
  base::Bytes issuer_name_;
  base::Bytes subject_name_;
  x509::Name subject_;
  base::Bytes key_id_;
  base::Bytes issuer_key_id_;
  base::Bytes registered_id_;
  base::Bytes policy_;
  std::optional<x509::Name> permitted_;
  std::uint8_t key_usage_ = 0;
  bool authority_ = false;
};

/// Whether an eUICC's certificate, its EUM's and a CI's are one chain for this EID
/// (SGP.22 4.5.2.2).
bool is_euicc_chain(const Certificate& euicc, const Certificate& eum, const Certificate& ci);

}  // namespace sim
