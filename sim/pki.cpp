#include "sim/pki.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "sim/encode.hpp"
#include "sim/issue.hpp"

namespace sim {
namespace {

// The private keys of the two issuers. They are public by design: whoever reads this can make
// certificates below them, and nothing but a simulator may trust them.
constexpr std::string_view nist_ci_key =
    "1E5C0FF1CE5EED0000000000000000000000000000000000000000000000C1A1";
constexpr std::string_view brainpool_ci_key =
    "1E5C0FF1CE5EED0000000000000000000000000000000000000000000000C1A2";

/// A key that everybody can work out: SHA-256 of its purpose, the first bit cleared, which makes it
/// less than the order of either curve.
PrivateKey public_private_key(Curve curve, std::string_view purpose) {
  const auto text = std::string("esimctl simulated ") + std::string(purpose) +
                    (curve == Curve::nist ? " P-256" : " brainpoolP256r1");
  auto scalar = sha256(base::Bytes(text.begin(), text.end()));
  scalar[0] = static_cast<std::uint8_t>(scalar[0] & 0x7FU);
  return PrivateKey::from_scalar(curve, scalar);
}

x509::Name ci_name(Curve curve) {
  return {"esimctl", "",
          curve == Curve::nist ? "Simulated CI (P-256, its key is public)"
                               : "Simulated CI (brainpool, its key is public)"};
}

x509::Name eum_name() { return {"Simulated EUM", "", "EUM of simulated eUICCs"}; }

/// Two serial numbers below one issuer are never alike.
base::Bytes serial(Role role, const std::string& what) {
  auto digest = sha256(base::Bytes(what.begin(), what.end()));
  digest.resize(8);
  digest[0] = static_cast<std::uint8_t>(0x10U + static_cast<unsigned>(role));
  return digest;
}

std::string digits(const base::Bytes& eid) { return base::to_hex(eid); }

Party make_ci(Curve curve) {
  auto key = PrivateKey::from_scalar(
      curve, base::from_hex(curve == Curve::nist ? nist_ci_key : brainpool_ci_key)
                 .value_or(base::Bytes{}));
  auto certificate = make_certificate({.role = Role::ci,
                                       .serial = serial(Role::ci, ""),
                                       .issuer = ci_name(curve),
                                       .subject = ci_name(curve),
                                       .registered_id = "2.999.1",
                                       .dns_names = {},
                                       .permitted = std::nullopt},
                                      key.public_key(), key);
  return {std::move(key), std::move(certificate)};
}

Party make_euicc(Curve curve, const base::Bytes& eid, const Party& eum) {
  const auto text = digits(eid);
  auto key = public_private_key(curve, "eUICC " + text);
  auto certificate =
      make_certificate({.role = Role::euicc,
                        .serial = serial(Role::euicc, text),
                        .issuer = eum.certificate.subject(),
                        .subject = {eum_name().organisation, text, "Simulated eUICC"},
                        .registered_id = "",
                        .dns_names = {},
                        .permitted = std::nullopt},
                       key.public_key(), eum.key);
  return {std::move(key), std::move(certificate)};
}

/// Of the EUM, from an EID.
std::string ein_of(const base::Bytes& eid) { return digits(eid).substr(0, 8); }

}  // namespace

const Party& test_ci(Curve curve) {
  if (curve == Curve::nist) {
    static const auto nist = make_ci(Curve::nist);
    return nist;
  }
  static const auto brainpool = make_ci(Curve::brainpool);
  return brainpool;
}

Party test_eum(Curve curve, const std::string& ein) {
  auto key = public_private_key(curve, "EUM " + ein);
  auto certificate = make_certificate({.role = Role::eum,
                                       .serial = serial(Role::eum, ein),
                                       .issuer = ci_name(curve),
                                       .subject = eum_name(),
                                       .registered_id = "2.999.5",
                                       .dns_names = {},
                                       .permitted = x509::Name{eum_name().organisation, ein, ""}},
                                      key.public_key(), test_ci(curve).key);
  return {std::move(key), std::move(certificate)};
}

Party test_server(Curve curve, Role role, const std::string& registered_id,
                  const std::vector<std::string>& dns_names) {
  auto key = public_private_key(
      curve, "server " + std::to_string(static_cast<int>(role)) + " " + registered_id);
  const bool discovers = role == Role::ds_auth || role == Role::ds_tls;
  const std::string kind = discovers ? "Simulated SM-DS" : "Simulated SM-DP+";
  const auto common_name = dns_names.empty() ? kind : dns_names.front();
  auto certificate = make_certificate({.role = role,
                                       .serial = serial(role, registered_id),
                                       .issuer = ci_name(curve),
                                       .subject = {kind, "", common_name},
                                       .registered_id = registered_id,
                                       .dns_names = dns_names,
                                       .permitted = std::nullopt},
                                      key.public_key(), test_ci(curve).key);
  return {std::move(key), std::move(certificate)};
}

Party test_euicc(Curve curve, const base::Bytes& eid) {
  return make_euicc(curve, eid, test_eum(curve, ein_of(eid)));
}

std::optional<Identity> identity(const State& state, base::ByteView ci_key_id) {
  for (const auto& keys : state.keys) {
    auto ci = Certificate::read(keys.ci);
    auto eum = Certificate::read(keys.eum);
    auto euicc = Certificate::read(keys.certificate);
    if (!ci || !eum || !euicc || !std::ranges::equal(ci->key_id(), ci_key_id)) continue;
    auto key = PrivateKey::from_scalar(euicc->key().curve(), keys.private_key);
    return Identity{{std::move(key), *std::move(euicc)}, *std::move(eum), *std::move(ci)};
  }
  if (!state.keys.empty()) return std::nullopt;
  for (const auto curve : {Curve::nist, Curve::brainpool}) {
    const auto& ci = test_ci(curve).certificate;
    if (!std::ranges::equal(ci.key_id(), ci_key_id)) continue;
    auto eum = test_eum(curve, ein_of(state.eid));
    return Identity{make_euicc(curve, state.eid, eum), std::move(eum.certificate), ci};
  }
  return std::nullopt;
}

std::optional<Certificate> known_ci(const State& state, base::ByteView ci_key_id) {
  const auto& list = state.info.verification_keys;
  const auto listed = std::ranges::any_of(
      list, [&](const base::Bytes& key) { return std::ranges::equal(key, ci_key_id); });
  if (!listed) return std::nullopt;
  auto found = identity(state, ci_key_id);
  if (!found) return std::nullopt;
  return std::move(found->ci);
}

}  // namespace sim
