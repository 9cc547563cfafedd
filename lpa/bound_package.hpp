#pragma once

#include <cstddef>
#include <vector>

#include "base/bytes.hpp"
#include "lpa/es10b.hpp"

namespace lpa {

/// A BoundProfilePackage (SGP.22 v2.5 2.5.5), cut into what the card takes at once.
///
/// The segments are views of the package, which has to outlive them; one after the other they are
/// all of it, octet by octet. What is encrypted in it is not looked at.
struct BoundPackage {
  std::vector<base::ByteView> segments;
  TransactionId transaction_id;  ///< of the session that it is bound to
  base::Bytes metadata;          ///< StoreMetadata, which is protected but not encrypted
};

constexpr std::size_t largest_package = 4UL * 1024 * 1024;
constexpr std::size_t largest_segment = 16'000;  ///< 256 blocks of the smallest size hold it

/// Cuts a package, all of which is checked before: the order of its parts, and their lengths to the
/// octet. Throws Error `package.malformed` (refused), which names the part.
BoundPackage cut_package(base::ByteView package);

}  // namespace lpa
