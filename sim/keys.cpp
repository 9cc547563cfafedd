#include "sim/keys.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>

#include "lpa/tlv.hpp"
#include "sim/encode.hpp"
#include "sim/openssl.hpp"

namespace sim {
namespace {

constexpr std::size_t field_size = 32;  // octets of a coordinate and of a scalar on both curves

const char* group_name(Curve curve) {
  return curve == Curve::nist ? SN_X9_62_prime256v1 : SN_brainpoolP256r1;
}

int group_number(Curve curve) {
  return curve == Curve::nist ? NID_X9_62_prime256v1 : NID_brainpoolP256r1;
}

std::shared_ptr<EVP_PKEY> shared(EVP_PKEY* key) { return {key, Free<EVP_PKEY_free>()}; }

/// A key of its point and, when there is one, its scalar; empty when libcrypto refuses it.
std::shared_ptr<EVP_PKEY> assemble(Curve curve, base::ByteView point, const BIGNUM* scalar) {
  const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  must(builder != nullptr, "memory");
  auto* const build = builder.get();
  must(OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, group_name(curve), 0) ==
               1 &&
           OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                            point.size()) == 1 &&
           (scalar == nullptr ||
            OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1),
       "memory");
  const Owned<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(build));
  const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  must(parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1, "elliptic curves");
  EVP_PKEY* key = nullptr;
  const int kind = scalar == nullptr ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR;
  if (EVP_PKEY_fromdata(context.get(), &key, kind, parameters.get()) != 1) return nullptr;
  return shared(key);
}

/// The contents of an INTEGER that holds the unsigned number `octets`.
base::Bytes der_integer(base::ByteView octets) {
  while (octets.size() > 1 && octets[0] == 0) octets = octets.subspan(1);
  base::Bytes out(octets.begin(), octets.end());
  if ((out[0] & 0x80U) != 0) out.insert(out.begin(), 0);
  return out;
}

/// The number in an INTEGER, in `field_size` octets; empty when it is none that fits.
std::optional<base::Bytes> field_element(const std::optional<tlv::Element>& element) {
  if (!element || element->tag != 0x02 || element->value.empty()) return std::nullopt;
  auto octets = element->value;
  if ((octets[0] & 0x80U) != 0) return std::nullopt;
  if (octets.size() > 1 && octets[0] == 0) {
    if ((octets[1] & 0x80U) == 0) return std::nullopt;  // X.690 8.3.2: as few octets as can be
    octets = octets.subspan(1);
  }
  if (octets.size() > field_size) return std::nullopt;
  base::Bytes out(field_size - octets.size(), 0);
  out.insert(out.end(), octets.begin(), octets.end());
  return out;
}

}  // namespace

base::Bytes curve_id(Curve curve) {
  if (curve == Curve::nist) return {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
  return {0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07};
}

PublicKey::PublicKey(std::shared_ptr<EVP_PKEY> key, Curve curve)
    : key_(std::move(key)), curve_(curve) {}

std::optional<PublicKey> PublicKey::from_point(Curve curve, base::ByteView point) {
  if (point.size() != 1 + 2 * field_size || point[0] != 0x04) return std::nullopt;
  auto key = assemble(curve, point, nullptr);
  if (!key) return std::nullopt;
  return PublicKey(std::move(key), curve);
}

base::Bytes PublicKey::point() const {
  unsigned char* octets = nullptr;
  const auto size = EVP_PKEY_get1_encoded_public_key(key_.get(), &octets);
  must(size > 0, "point");
  base::Bytes point(octets, octets + size);
  OPENSSL_free(octets);
  return point;
}

base::Bytes PublicKey::key_id() const {
  const auto octets = point();
  base::Bytes digest(20);
  must(EVP_Q_digest(nullptr, "SHA1", nullptr, octets.data(), octets.size(), digest.data(),
                    nullptr) == 1,
       "SHA-1");
  return digest;
}

bool PublicKey::verifies(base::ByteView message, base::ByteView signature) const {
  if (signature.size() != signature_size) return false;
  const auto der = signature_to_der(signature);
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  must(context && EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr,
                                          key_.get(), nullptr) == 1,
       "ECDSA");
  return EVP_DigestVerify(context.get(), der.data(), der.size(), message.data(), message.size()) ==
         1;
}

PrivateKey::PrivateKey(std::shared_ptr<EVP_PKEY> key, Curve curve)
    : key_(std::move(key)), curve_(curve) {}

PrivateKey PrivateKey::generate(Curve curve) {
  const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  must(context && EVP_PKEY_keygen_init(context.get()) == 1 &&
           EVP_PKEY_CTX_set_group_name(context.get(), group_name(curve)) == 1 &&
           EVP_PKEY_generate(context.get(), &key) == 1,
       "key");
  return {shared(key), curve};
}

PrivateKey PrivateKey::from_scalar(Curve curve, base::ByteView scalar) {
  const Owned<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(group_number(curve)));
  const Owned<BIGNUM, BN_clear_free> number(
      BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr));
  must(group && number, "memory");
  const Owned<EC_POINT, EC_POINT_free> point(EC_POINT_new(group.get()));
  must(
      point && EC_POINT_mul(group.get(), point.get(), number.get(), nullptr, nullptr, nullptr) == 1,
      "point");
  base::Bytes octets(1 + 2 * field_size);
  must(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, octets.data(),
                          octets.size(), nullptr) == octets.size(),
       "point");
  auto key = assemble(curve, octets, number.get());
  must(key != nullptr, "key of this scalar");
  return {std::move(key), curve};
}

base::Bytes PrivateKey::sign(base::ByteView message) const {
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  must(context && EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr,
                                        key_.get(), nullptr) == 1,
       "ECDSA");
  std::array<std::uint8_t, 80> der{};  // 72 at most on these curves
  std::size_t size = der.size();
  must(EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) == 1,
       "signature");
  auto signature = signature_from_der(base::ByteView(der).first(size));
  if (!signature) must(false, "signature of this shape");
  return signature.value_or(base::Bytes{});
}

base::Bytes PrivateKey::agree(const PublicKey& other) const {
  const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
      EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  base::Bytes secret(field_size);
  std::size_t size = secret.size();
  must(context && EVP_PKEY_derive_init(context.get()) == 1 &&
           EVP_PKEY_derive_set_peer(context.get(), other.key_.get()) == 1 &&
           EVP_PKEY_derive(context.get(), secret.data(), &size) == 1 && size == field_size,
       "key agreement");
  return secret;
}

base::Bytes signature_to_der(base::ByteView signature) {
  return element(0x30, join({element(0x02, der_integer(signature.first(field_size))),
                             element(0x02, der_integer(signature.subspan(field_size)))}));
}

std::optional<base::Bytes> signature_from_der(base::ByteView der) {
  try {
    const auto sequence = tlv::single(der);
    if (sequence.tag != 0x30) return std::nullopt;
    tlv::Reader numbers(sequence.value);
    const auto r = field_element(numbers.next());
    const auto s = field_element(numbers.next());
    if (!r || !s || numbers.next()) return std::nullopt;
    return join({*r, *s});
  } catch (const tlv::Malformed&) {
    return std::nullopt;
  }
}

base::Bytes sha256(base::ByteView octets) {
  base::Bytes digest(32);
  must(EVP_Q_digest(nullptr, "SHA256", nullptr, octets.data(), octets.size(), digest.data(),
                    nullptr) == 1,
       "SHA-256");
  return digest;
}

base::Bytes random_octets(std::size_t count) {
  base::Bytes octets(count);
  must(RAND_bytes(octets.data(), static_cast<int>(count)) == 1, "random numbers");
  return octets;
}

}  // namespace sim
