#include "store/sealed.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/error.hpp"
#include "base/openssl.hpp"

namespace store {
namespace {

using base::Bytes;
using base::ByteView;
using base::Error;
using base::ErrorKind;
using CipherPtr = base::OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

// The header: magic, version, cost, r, p, salt, key check, nonce, size of the encrypted part. Then
// that part, its tag, and SHA-256 of all before, which needs no key: what happens to a file by
// accident is told from a wrong passphrase.
constexpr std::string_view magic = "esimctl-secrets\n";
constexpr std::uint8_t version = 1;
constexpr std::uint8_t scrypt_r = 8;
constexpr std::uint8_t scrypt_p = 3;
constexpr std::size_t salt_size = std::tuple_size_v<decltype(Derivation::salt)>;
constexpr std::size_t check_size = 16;
constexpr std::size_t nonce_size = 12;  // SP 800-38D 8.2.2
constexpr std::size_t length_size = 4;
constexpr std::size_t tag_size = 16;
constexpr std::size_t sum_size = 32;
constexpr std::size_t header_size =
    magic.size() + 4 + salt_size + check_size + nonce_size + length_size;
constexpr std::size_t cipher_key_size = 32;
constexpr std::size_t key_size = cipher_key_size + check_size;

/// For what fails for want of memory alone.
void require_openssl(bool done) {
  if (!done) throw std::bad_alloc();
}

const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view cipher_key(const base::Secret& key) {
  return key.reveal().substr(0, cipher_key_size);
}

/// The second part of what scrypt derives, which says nothing of the first (RFC 8018 5.2): with it
/// another key is known before it is used, which GCM by itself does not promise.
std::string_view key_check(const base::Secret& key) { return key.reveal().substr(cipher_key_size); }

Error damaged(std::string_view why) {
  return Error(ErrorKind::failure, "secrets.damaged",
               fmt::format("the file of secrets is damaged: {}", why))
      .hint("put a copy of it in its place; or move it away, and sign in to the accounts again");
}

std::array<std::uint8_t, sum_size> sum_of(ByteView octets) {
  std::array<std::uint8_t, sum_size> sum{};
  require_openssl(
      EVP_Digest(octets.data(), octets.size(), sum.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return sum;
}

void append(Bytes& to, ByteView octets) { to.insert(to.end(), octets.begin(), octets.end()); }

void append(Bytes& to, std::string_view text) { append(to, {octets_of(text), text.size()}); }

Bytes header_of(const Derivation& derivation, std::string_view check, ByteView nonce,
                std::size_t size) {
  Bytes header;
  append(header, magic);
  append(header, std::array{version, derivation.cost, scrypt_r, scrypt_p});
  append(header, derivation.salt);
  append(header, check);
  append(header, nonce);
  for (std::size_t left = length_size; left > 0; --left)
    header.push_back(static_cast<std::uint8_t>(size >> (8 * (left - 1))));
  return header;
}

int size_of(ByteView octets) { return static_cast<int>(octets.size()); }  // below 4 MiB

}  // namespace

Derivation new_derivation(std::uint8_t cost) {
  Derivation made{cost, {}};
  require_openssl(RAND_bytes(made.salt.data(), salt_size) == 1);
  return made;
}

base::Secret derive_key(const Derivation& derivation, const base::Secret& passphrase) {
  const auto n = std::uint64_t{1} << std::clamp(derivation.cost, least_cost, most_cost);
  constexpr std::uint64_t most_memory = 160ULL * 1024 * 1024;  // somewhat over 128 r N
  const auto text = passphrase.reveal();
  std::string key(key_size, '\0');
  const auto done = EVP_PBE_scrypt(text.data(), text.size(), derivation.salt.data(), salt_size, n,
                                   scrypt_r, scrypt_p, most_memory,
                                   reinterpret_cast<unsigned char*>(key.data()), key.size());
  base::Secret secret(std::move(key));
  require_openssl(done == 1);
  return secret;
}

Sealed read_sealed(ByteView octets) {
  if (octets.size() < magic.size() + 1 ||
      !std::ranges::equal(octets.first(magic.size()), ByteView(octets_of(magic), magic.size())))
    throw damaged("it does not begin as one");
  if (octets[magic.size()] > version) {
    throw Error(ErrorKind::failure, "secrets.newer",
                fmt::format("the file of secrets has format {}, and this esimctl knows format {}",
                            octets[magic.size()], version))
        .hint("use the newer esimctl that wrote it; the file was left as it is");
  }
  if (octets.size() < header_size + tag_size + sum_size) throw damaged("its end is missing");
  if (octets.size() > longest_sealed) throw damaged("it is too large");
  const auto rest = octets.first(octets.size() - sum_size);
  if (!std::ranges::equal(octets.last(sum_size), sum_of(rest)))
    throw damaged("it is not as it was written");

  Sealed sealed;
  sealed.header = rest.first(header_size);
  auto left = sealed.header.subspan(magic.size());
  const auto take = [&](std::size_t size) {
    const auto part = left.first(size);
    left = left.subspan(size);
    return part;
  };
  const auto numbers = take(4);
  sealed.derivation.cost = numbers[1];
  if (numbers[0] != version || numbers[1] < least_cost || numbers[1] > most_cost ||
      numbers[2] != scrypt_r || numbers[3] != scrypt_p)
    throw damaged("it asks for a key that this esimctl does not derive");
  std::ranges::copy(take(salt_size), sealed.derivation.salt.begin());
  sealed.key_check = take(check_size);
  sealed.nonce = take(nonce_size);
  std::size_t size = 0;
  for (const auto octet : take(length_size)) size = size << 8U | octet;
  if (size != rest.size() - header_size - tag_size) throw damaged("its size is another one");
  sealed.encrypted = rest.subspan(header_size, size);
  sealed.tag = rest.last(tag_size);
  return sealed;
}

Bytes seal(const Derivation& derivation, const base::Secret& key, const base::Secret& text) {
  std::array<std::uint8_t, nonce_size> nonce{};
  require_openssl(RAND_bytes(nonce.data(), nonce_size) == 1);
  const auto plain = text.reveal();
  auto octets = header_of(derivation, key_check(key), nonce, plain.size());
  Bytes encrypted(plain.size() + tag_size);
  const CipherPtr cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  int last = 0;
  require_openssl(cipher &&
                  EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr,
                                     octets_of(cipher_key(key)), nonce.data()) == 1 &&
                  EVP_EncryptUpdate(cipher.get(), nullptr, &size, octets.data(), size_of(octets)) ==
                      1 &&
                  EVP_EncryptUpdate(cipher.get(), encrypted.data(), &size, octets_of(plain),
                                    static_cast<int>(plain.size())) == 1 &&
                  EVP_EncryptFinal_ex(cipher.get(), encrypted.data() + size, &last) == 1 &&
                  EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_size,
                                      encrypted.data() + plain.size()) == 1);
  append(octets, ByteView(encrypted));
  append(octets, sum_of(octets));
  return octets;
}

base::Secret unseal(const Sealed& sealed, const base::Secret& key) {
  const auto check = key_check(key);
  if (check.size() != sealed.key_check.size() ||
      CRYPTO_memcmp(check.data(), sealed.key_check.data(), check.size()) != 0) {
    throw Error(ErrorKind::sign_in, "secrets.wrong-passphrase",
                "this is not the passphrase of the file of secrets");
  }
  std::string plain(sealed.encrypted.size(), '\0');
  Bytes tag(sealed.tag.begin(), sealed.tag.end());
  const CipherPtr cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  int last = 0;
  auto* const to = reinterpret_cast<unsigned char*>(plain.data());
  const bool started =
      cipher &&
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, octets_of(cipher_key(key)),
                         sealed.nonce.data()) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &size, sealed.header.data(),
                        size_of(sealed.header)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), to, &size, sealed.encrypted.data(),
                        size_of(sealed.encrypted)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1;
  const bool whole = started && EVP_DecryptFinal_ex(cipher.get(), to + size, &last) == 1;
  base::Secret text(std::move(plain));
  require_openssl(started);
  if (!whole) throw damaged("somebody without its passphrase has changed it");
  return text;
}

}  // namespace store
