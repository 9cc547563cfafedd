#include "lpa/confirmation_code.hpp"

#include <stdexcept>

#include <openssl/evp.h>

namespace lpa {
namespace {

constexpr std::size_t digest_size = 32;

base::Bytes sha256(base::ByteView octets) {
  base::Bytes digest(digest_size);
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, octets.data(), octets.size(), digest.data(),
                   nullptr) != 1) {
    throw std::runtime_error("libcrypto: no SHA-256");
  }
  return digest;
}

}  // namespace

base::Bytes confirmation_hash(std::string_view code, base::ByteView transaction_id) {
  auto both = sha256(base::Bytes(code.begin(), code.end()));
  both.insert(both.end(), transaction_id.begin(), transaction_id.end());
  return sha256(both);
}

}  // namespace lpa
