#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

/// The profile package itself, as TCA (SIMalliance) eUICC Profile Package: Interoperable Format
/// Technical Specification writes it: a row of elements, the first a ProfileHeader, the last a
/// PE-End. What stands in between is counted, not understood.
namespace sim {

/// A package of about `size` octets for that profile; at least the header and the end.
base::Bytes make_profile_elements(const base::Bytes& iccid, std::size_t size);

/// Reads them as they come in.
class ProfileElements {
 public:
  enum class Fault : std::uint8_t { malformed, other_iccid };

  explicit ProfileElements(base::Bytes iccid) : iccid_(std::move(iccid)) {}

  std::optional<Fault> add(base::ByteView octets);

  [[nodiscard]] bool complete() const { return ended_ && rest_.empty(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::optional<Fault> element(base::ByteView octets);

  base::Bytes iccid_;  ///< as in EF_ICCID
  base::Bytes rest_;   ///< of an element whose end has not come
  std::size_t size_ = 0;
  std::size_t count_ = 0;
  bool ended_ = false;
};

}  // namespace sim
