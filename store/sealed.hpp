#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/secret.hpp"

/// A secret text under a passphrase: scrypt (RFC 7914) and AES-256-GCM.
namespace store {

constexpr std::size_t longest_sealed_text = 4UL * 1024 * 1024;
constexpr std::size_t longest_sealed = longest_sealed_text + 256;  ///< with all around it

/// How hard it is to try passphrases: scrypt's N is two to the power of this; r is 8 and p is 3. It
/// takes 1 KiB times N of memory.
constexpr std::uint8_t least_cost = 15;
constexpr std::uint8_t usual_cost = 15;
constexpr std::uint8_t most_cost = 17;

/// What a key is derived by. A file has it in clear.
struct Derivation {
  std::uint8_t cost = usual_cost;
  std::array<std::uint8_t, 32> salt{};

  friend bool operator==(const Derivation&, const Derivation&) = default;
};

/// A new one, with a salt of its own.
Derivation new_derivation(std::uint8_t cost = usual_cost);

/// Takes a good part of a second.
base::Secret derive_key(const Derivation& derivation, const base::Secret& passphrase);

/// The parts of a sealed text, borrowed from it.
struct Sealed {
  Derivation derivation;
  base::ByteView header;  ///< all that stands before the encrypted part
  base::ByteView key_check;
  base::ByteView nonce;
  base::ByteView encrypted;
  base::ByteView tag;
};

/// Finds the parts. Throws Error (failure) `secrets.damaged` when a part is missing, its cost is
/// beyond the bounds or an octet is not as it was written, and `secrets.newer` for another version.
Sealed read_sealed(base::ByteView octets);

/// Seals with a fresh nonce; `key` is of that derivation.
base::Bytes seal(const Derivation& derivation, const base::Secret& key, const base::Secret& text);

/// Opens what was sealed. Throws Error `secrets.wrong-passphrase` (sign_in) when the key is of
/// another passphrase, and `secrets.damaged` (failure) when the key is right and the rest is not
/// what was sealed with it.
base::Secret unseal(const Sealed& sealed, const base::Secret& key);

}  // namespace store
