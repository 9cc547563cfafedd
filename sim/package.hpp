#pragma once

#include "base/bytes.hpp"
#include "sim/keys.hpp"
#include "sim/state.hpp"

namespace sim {

/// For whom an SM-DP+ binds a package.
struct Binding {
  base::Bytes transaction_id;
  base::Bytes eid;
  PublicKey euicc_key;    ///< otPK.EUICC.ECKA
  PrivateKey server_key;  ///< of CERT.DPpb
};

/// What is in it.
struct PackageContents {
  Profile profile;
  base::Bytes elements;
  bool replace_keys = true;  ///< the elements are protected by keys of their own (SGP.22 2.5.3)
};

/// A BoundProfilePackage, BF36 (SGP.22 2.5.4).
base::Bytes bind_package(const Binding& binding, const PackageContents& contents);

}  // namespace sim
