#include "carriers/totp.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <ranges>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/error.hpp"
#include "base/openssl.hpp"

namespace carriers {
namespace {

using MacPtr = base::OpensslPtr<EVP_MAC, EVP_MAC_free>;
using MacContextPtr = base::OpensslPtr<EVP_MAC_CTX, EVP_MAC_CTX_free>;
using std::chrono::seconds;

// 9999-12-31T23:59:59Z
constexpr base::UtcTime last_moment{seconds(253'402'300'799)};

/// Wiped when it goes.
struct Mac {
  std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
  std::size_t size = 0;
  Mac() = default;
  ~Mac() { OPENSSL_cleanse(octets.data(), octets.size()); }
  Mac(const Mac&) = delete;
  Mac& operator=(const Mac&) = delete;
};

void compute(const OtpKey& key, std::uint64_t counter, Mac& mac) {
  std::array<unsigned char, 8> text{};  // RFC 4226 5.1: the counter, most significant octet first
  for (auto& octet : std::ranges::reverse_view(text)) {
    octet = static_cast<unsigned char>(counter);
    counter >>= 8U;
  }
  const MacPtr hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  const MacContextPtr context(hmac ? EVP_MAC_CTX_new(hmac.get()) : nullptr);
  std::string digest = name_of(key.hash);
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  const auto secret = key.secret.reveal();
  if (!context ||
      EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(secret.data()),
                   secret.size(), parameters.data()) != 1 ||
      EVP_MAC_update(context.get(), text.data(), text.size()) != 1 ||
      EVP_MAC_final(context.get(), mac.octets.data(), &mac.size, mac.octets.size()) != 1) {
    throw std::bad_alloc();
  }
}

[[noreturn]] void refuse(const std::string& why) {
  throw base::Error(base::ErrorKind::usage, "otp.malformed",
                    "no one-time codes can be made of this key: " + why);
}

}  // namespace

const char* name_of(OtpHash hash) {
  switch (hash) {
    case OtpHash::sha1:
      return "SHA1";
    case OtpHash::sha256:
      return "SHA256";
    case OtpHash::sha512:
      break;
  }
  return "SHA512";
}

void require_within_bounds(const OtpKey& key) {
  const auto size = key.secret.reveal().size();
  if (size < shortest_otp_secret) {
    refuse(fmt::format("its secret has {} bits, and fewer than {} can be guessed", size * 8,
                       shortest_otp_secret * 8));
  }
  if (size > longest_otp_secret) {
    refuse(fmt::format("its secret has more than {} octets", longest_otp_secret));
  }
  if (key.digits < fewest_otp_digits || key.digits > most_otp_digits) {
    refuse(fmt::format("codes have {} to {} digits", fewest_otp_digits, most_otp_digits));
  }
  if (key.period < seconds(1) || key.period > longest_otp_period) {
    refuse(fmt::format("a code is good for 1 to {} seconds", longest_otp_period.count()));
  }
}

base::Secret hotp(const OtpKey& key, std::uint64_t counter) {
  require_within_bounds(key);
  Mac mac;
  compute(key, counter, mac);
  // RFC 4226 5.3: where the four octets begin is in the lowest bits of the last one.
  const std::size_t begin = mac.octets.at(mac.size - 1) & 0x0FU;
  std::uint32_t number = 0;
  for (std::size_t at = begin; at < begin + 4; ++at) number = number << 8U | mac.octets.at(at);
  number &= 0x7FFFFFFFU;
  std::string digits(static_cast<std::size_t>(key.digits), '0');
  for (auto& digit : std::ranges::reverse_view(digits)) {
    digit = static_cast<char>('0' + number % 10);
    number /= 10;
  }
  return base::Secret(std::move(digits));
}

TimedCode code(const OtpKey& key, base::UtcTime instant) {
  require_within_bounds(key);
  const auto since = std::max(instant.time_since_epoch(), seconds(0));
  const auto step = static_cast<std::uint64_t>(since / key.period);
  return {hotp(key, step), step};
}

FreeStep free_step(seconds period, base::UtcTime now, seconds ahead,
                   std::optional<std::uint64_t> last_used) {
  const auto server = now + ahead;
  const auto since = std::max(server.time_since_epoch(), seconds(0));
  auto step = static_cast<std::uint64_t>(since / period);
  const auto left = period - since % period;
  if (left < std::min(least_left_of_step, period)) ++step;
  if (last_used && *last_used >= step) {
    const auto last = static_cast<std::uint64_t>(last_moment.time_since_epoch() / period);
    step = std::min(*last_used, last) + 1;
  }
  const base::UtcTime begin(period * static_cast<seconds::rep>(step));
  const auto instant = std::max(server, begin);
  return {step, instant - server, instant};
}

}  // namespace carriers
