#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "sim/certificate.hpp"
#include "sim/keys.hpp"
#include "sim/state.hpp"
#include "sim/x509.hpp"

/// A make-believe world of issuers. Every private key in it is public, so that a card and a server
/// that were started apart know each other: it proves nothing to anybody.
///
///     CI ─┬─ EUM ── eUICC        on each of the two curves
///         ├─ DPauth, DPpb, DPtls  (DPtls on P-256 only)
///         └─ DSauth, DStls        (DStls on P-256 only)
namespace sim {

/// A private key and the certificate of its other half.
struct Party {
  PrivateKey key;
  Certificate certificate;
};

/// The issuer on `curve`, the same in every run but for its signature.
const Party& test_ci(Curve curve);

/// The manufacturer of eUICCs whose EID begins with `ein`, eight digits.
Party test_eum(Curve curve, const std::string& ein);

/// A certificate of a server (`dp_…` or `ds_…`) with that object identifier in it.
Party test_server(Curve curve, Role role, const std::string& registered_id,
                  const std::vector<std::string>& dns_names = {});

/// The eUICC with that EID.
Party test_euicc(Curve curve, const base::Bytes& eid);

/// With what a card proves itself below one CI.
struct Identity {
  Party euicc;
  Certificate eum;
  Certificate ci;
};

/// The identity of `state` below the CI that has this key identifier: from `state.keys`, or the
/// test PKI's when there are none; empty when it has none there.
std::optional<Identity> identity(const State& state, base::ByteView ci_key_id);

/// The certificate of a CI whose signatures `state` can check; empty when it does not know it.
std::optional<Certificate> known_ci(const State& state, base::ByteView ci_key_id);

}  // namespace sim
