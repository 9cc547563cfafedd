#include "sim/bsp.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "sim/encode.hpp"
#include "sim/openssl.hpp"

namespace sim {
namespace {

constexpr std::size_t block_size = 16;

/// AES-128 in CBC without padding; `data` is whole blocks.
base::Bytes cbc(bool encrypt, const base::Bytes& key, const base::Bytes& vector,
                base::ByteView data) {
  const Owned<EVP_CIPHER, EVP_CIPHER_free> cipher(
      EVP_CIPHER_fetch(nullptr, "AES-128-CBC", nullptr));
  const Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  must(cipher && context && key.size() == block_size && vector.size() == block_size &&
           EVP_CipherInit_ex2(context.get(), cipher.get(), key.data(), vector.data(),
                              encrypt ? 1 : 0, nullptr) == 1 &&
           EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1,
       "AES");
  base::Bytes out(data.size());
  int size = 0;
  int rest = 0;
  must(EVP_CipherUpdate(context.get(), out.data(), &size, data.data(),
                        static_cast<int>(data.size())) == 1 &&
           EVP_CipherFinal_ex(context.get(), out.data() + size, &rest) == 1,
       "AES");
  return out;
}

/// NIST SP 800-38B.
base::Bytes cmac(const base::Bytes& key, base::ByteView data) {
  base::Bytes out(block_size);
  std::size_t size = 0;
  must(EVP_Q_mac(nullptr, "CMAC", nullptr, "AES-128-CBC", nullptr, key.data(), key.size(),
                 data.data(), data.size(), out.data(), out.size(), &size) != nullptr &&
           size == block_size,
       "CMAC");
  return out;
}

base::Bytes length_and_value(base::ByteView value) {
  base::Bytes out{static_cast<std::uint8_t>(value.size())};
  out.insert(out.end(), value.begin(), value.end());
  return out;
}

base::Bytes part(const base::Bytes& octets, std::size_t number) {
  const auto begin = octets.begin() + static_cast<std::ptrdiff_t>(number * block_size);
  return {begin, begin + static_cast<std::ptrdiff_t>(block_size)};
}

}  // namespace

SessionKeys derive_session_keys(base::ByteView shared_secret, base::ByteView host_id,
                                base::ByteView eid) {
  const auto info =
      join({{aes_key_type, aes_key_length}, length_and_value(host_id), length_and_value(eid)});
  const Owned<EVP_KDF, EVP_KDF_free> method(EVP_KDF_fetch(nullptr, "X963KDF", nullptr));
  must(method != nullptr, "X9.63 key derivation");
  const Owned<EVP_KDF_CTX, EVP_KDF_CTX_free> context(EVP_KDF_CTX_new(method.get()));
  std::string digest = "SHA256";
  base::Bytes secret(shared_secret.begin(), shared_secret.end());
  auto shared_info = info;
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, shared_info.data(),
                                        shared_info.size()),
      OSSL_PARAM_construct_end()};
  base::Bytes out(3 * block_size);
  must(context && EVP_KDF_derive(context.get(), out.data(), out.size(), parameters.data()) == 1,
       "X9.63 key derivation");
  return {part(out, 0), part(out, 1), part(out, 2)};
}

/// The counter of data blocks, encrypted (SGP.22 2.6.4.4); it counts those without encryption too.
base::Bytes Protection::next_vector() {
  ++block_;
  base::Bytes counter(block_size, 0);
  for (std::size_t i = 0; i < sizeof block_; ++i) {
    counter[block_size - 1 - i] = static_cast<std::uint8_t>(block_ >> (8 * i));
  }
  return cbc(true, keys_.encryption, base::Bytes(block_size, 0), counter);
}

/// The MAC is over the chaining value, the header with the final length, and the data.
base::Bytes Protection::seal(tlv::Tag tag, const base::Bytes& data) {
  auto block = element(tag, join({data, base::Bytes(mac_size, 0)}));
  block.resize(block.size() - mac_size);
  keys_.chaining = cmac(keys_.mac, join({keys_.chaining, block}));
  block.insert(block.end(), keys_.chaining.begin(),
               keys_.chaining.begin() + static_cast<std::ptrdiff_t>(mac_size));
  return block;
}

std::optional<base::Bytes> Protection::unseal(const tlv::Element& block) {
  if (block.value.size() < mac_size) return std::nullopt;
  const auto covered = block.raw.first(block.raw.size() - mac_size);
  const auto chaining = cmac(keys_.mac, join({keys_.chaining, {covered.begin(), covered.end()}}));
  if (!std::ranges::equal(block.value.last(mac_size), base::ByteView(chaining).first(mac_size))) {
    return std::nullopt;
  }
  keys_.chaining = chaining;
  const auto data = block.value.first(block.value.size() - mac_size);
  return base::Bytes(data.begin(), data.end());
}

base::Bytes Protection::wrap(tlv::Tag tag, base::ByteView plain) {
  base::Bytes padded(plain.begin(), plain.end());
  padded.push_back(0x80);
  while (padded.size() % block_size != 0) padded.push_back(0x00);
  return seal(tag, cbc(true, keys_.encryption, next_vector(), padded));
}

base::Bytes Protection::wrap_mac(tlv::Tag tag, base::ByteView plain) {
  ++block_;
  return seal(tag, {plain.begin(), plain.end()});
}

std::optional<base::Bytes> Protection::unwrap(const tlv::Element& block) {
  const auto data = unseal(block);
  if (!data || data->empty() || data->size() % block_size != 0) return std::nullopt;
  auto plain = cbc(false, keys_.encryption, next_vector(), *data);
  while (!plain.empty() && plain.back() == 0x00) plain.pop_back();
  if (plain.empty() || plain.back() != 0x80 || data->size() - plain.size() >= block_size) {
    return std::nullopt;
  }
  plain.pop_back();
  return plain;
}

std::optional<base::Bytes> Protection::unwrap_mac(const tlv::Element& block) {
  ++block_;
  return unseal(block);
}

}  // namespace sim
