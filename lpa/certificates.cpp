#include "lpa/certificates.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <ctime>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include "base/error.hpp"
#include "base/openssl.hpp"
#include "base/utc.hpp"
#include "lpa/issuers.hpp"
#include "lpa/tlv.hpp"

namespace lpa {
namespace {

using PoliciesPtr = base::OpensslPtr<CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free>;
using ObjectPtr = base::OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free>;
using NumberPtr = base::OpensslPtr<BIGNUM, BN_free>;
using SignaturePtr = base::OpensslPtr<ECDSA_SIG, ECDSA_SIG_free>;
using DigestPtr = base::OpensslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;

constexpr std::size_t largest_certificate = 16UL * 1024;
constexpr std::size_t half_signature = 32;
constexpr tlv::Tag sequence_tag = 0x30;
constexpr tlv::Tag signature_tag = 0x5F37;

base::Error wrong(const std::string& why) {
  return {base::ErrorKind::refused, "smdp.certificate",
          fmt::format("the server's certificate is not taken: {}", why)};
}

/// Empty for what is no certificate.
base::X509Ptr read(base::ByteView der) {
  if (der.size() > largest_certificate) return nullptr;
  const auto* at = der.data();
  base::X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (at != der.data() + der.size()) return nullptr;
  return certificate;
}

base::Bytes octets_of(const ASN1_OCTET_STRING* string) {
  if (string == nullptr) return {};
  const auto* const data = ASN1_STRING_get0_data(string);
  return {data, data + ASN1_STRING_length(string)};
}

bool has_role(const X509* certificate, ServerRole role) {
  const auto dotted = fmt::format("2.23.146.1.2.1.{}", static_cast<int>(role));
  const ObjectPtr wanted(OBJ_txt2obj(dotted.c_str(), 1));
  const PoliciesPtr policies(static_cast<CERTIFICATEPOLICIES*>(
      X509_get_ext_d2i(certificate, NID_certificate_policies, nullptr, nullptr)));
  for (int i = 0; wanted && policies && i < sk_POLICYINFO_num(policies.get()); ++i) {
    const auto* const policy = sk_POLICYINFO_value(policies.get(), i);
    if (OBJ_cmp(policy->policyid, wanted.get()) == 0) return true;
  }
  return false;
}

std::string_view purpose(ServerRole role) {
  switch (role) {
    case ServerRole::authentication:
      return "an SM-DP+ to authenticate itself";
    case ServerRole::binding:
      return "an SM-DP+ to bind profile packages";
    case ServerRole::discovery:
      break;
  }
  return "an SM-DS to authenticate itself";
}

std::optional<std::string> registered_id(const X509* certificate) {
  const base::GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const void* const value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type != GEN_RID) continue;
    std::array<char, 256> text{};
    const int length =
        OBJ_obj2txt(text.data(), text.size(), static_cast<const ASN1_OBJECT*>(value), 1);
    if (length <= 0 || static_cast<std::size_t>(length) >= text.size()) return std::nullopt;
    return std::string(text.data(), static_cast<std::size_t>(length));
  }
  return std::nullopt;
}

std::chrono::sys_seconds moment(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) throw wrong("it has no readable validity");
  const std::chrono::year_month_day day(std::chrono::year(parts.tm_year + 1900),
                                        std::chrono::month(static_cast<unsigned>(parts.tm_mon) + 1),
                                        std::chrono::day(static_cast<unsigned>(parts.tm_mday)));
  return std::chrono::sys_days(day) + std::chrono::hours(parts.tm_hour) +
         std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

void check_validity(const X509* certificate, std::chrono::sys_seconds now) {
  const auto refuse = [&](std::string_view what, std::chrono::sys_seconds when) {
    return wrong(fmt::format("{} {}", what, base::to_rfc3339(when)))
        .hint(
            fmt::format("check the clock of this machine, which shows {}", base::to_rfc3339(now)));
  };
  const auto first = moment(X509_get0_notBefore(certificate));
  const auto last = moment(X509_get0_notAfter(certificate));
  if (now < first) throw refuse("it is not valid before", first);
  if (now > last) throw refuse("it expired on", last);
}

std::vector<base::X509Ptr> read_pem(const std::string& pem) {
  std::vector<base::X509Ptr> certificates;
  const base::BioPtr memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (base::X509Ptr next{PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr)}) {
    certificates.push_back(std::move(next));
  }
  return certificates;
}

/// In PEM, those that may have the issuer among them; empty when he is not known.
std::string certificates_for(const ServerCertificateCheck& check) {
  if (std::holds_alternative<FileTrust>(check.trust)) {
    return std::get<base::PemAnchors>(http_trust(check.trust, check.now).anchors).pem;
  }
  const auto* const card = std::get_if<CardTrust>(&check.trust);
  const bool test_mode = card != nullptr && card->test_mode;
  const auto issuer = find_issuer(check.issuer_key_id);
  if (!issuer || issuer->public_key.empty() || (issuer->test && !test_mode)) return {};
  return anchor(*issuer);
}

/// Whether one of the issuers made `certificate`; empty when there is none.
std::optional<bool> made_by_issuer(X509* certificate, const ServerCertificateCheck& check) {
  std::optional<bool> made;
  for (const auto& issuer : read_pem(certificates_for(check))) {
    if (octets_of(X509_get0_subject_key_id(issuer.get())) != check.issuer_key_id) continue;
    auto* const key = X509_get0_pubkey(issuer.get());
    made = made.value_or(false) || (key != nullptr && X509_verify(certificate, key) == 1);
  }
  return made;
}

std::string shown(const KeyId& issuer) {
  const auto known = find_issuer(issuer);
  return known ? std::string(known->name) : base::to_hex(issuer);
}

/// One of the two curves of SGP.22 v2.5 2.6.7.1, by its name and not by parameters of its own.
bool on_known_curve(EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return false;
  const std::string_view curve(name.data(), size);
  return curve == "prime256v1" || curve == "brainpoolP256r1";
}

/// The signature as OpenSSL takes it: SEQUENCE { r, s } (RFC 3279 2.2.3).
base::Bytes in_der(base::ByteView signature) {
  const SignaturePtr pair(ECDSA_SIG_new());
  NumberPtr r(BN_bin2bn(signature.data(), half_signature, nullptr));
  NumberPtr s(BN_bin2bn(signature.data() + half_signature, half_signature, nullptr));
  if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.release(), s.release()) != 1) {
    return {};
  }
  std::array<std::uint8_t, 80> der{};  // 72 at most
  auto* end = der.data();
  if (i2d_ECDSA_SIG(pair.get(), &end) <= 0) return {};
  return {der.data(), end};
}

/// What a constructed element begins with, when those are its first tags; else nothing.
std::vector<tlv::Element> beginning(tlv::Reader reader, std::initializer_list<tlv::Tag> tags) {
  std::vector<tlv::Element> found;
  for (const auto tag : tags) {
    const auto element = reader.next();
    if (!element || element->tag != tag) return {};
    found.push_back(*element);
  }
  return found;
}

}  // namespace

bool check_server_certificate(base::ByteView der, const ServerCertificateCheck& check) {
  const auto certificate = read(der);
  if (!certificate) throw wrong("it cannot be read");
  if (X509_get_signature_nid(certificate.get()) != NID_ecdsa_with_SHA256) {
    throw wrong("it is signed with something else than ECDSA and SHA-256");
  }
  if (!has_role(certificate.get(), check.role)) {
    throw wrong(fmt::format("it is not for {}", purpose(check.role)));
  }
  if (check.oid) {
    const auto id = registered_id(certificate.get());
    if (id != check.oid) {
      throw wrong(fmt::format("it is that of {}, and the activation code wants {}",
                              id ? "the server " + *id : "no server in particular", *check.oid));
    }
  }
  if (octets_of(X509_get0_authority_key_id(certificate.get())) != check.issuer_key_id) {
    throw wrong(fmt::format("it does not name the issuer that the server chose, {}",
                            shown(check.issuer_key_id)));
  }
  check_validity(certificate.get(), check.now);
  const auto made = made_by_issuer(certificate.get(), check);
  if (made == false) {
    throw wrong(fmt::format("it is not signed by its issuer, {}", shown(check.issuer_key_id)));
  }
  return made.has_value();
}

bool signed_by(base::ByteView certificate_der, base::ByteView message, base::ByteView signature) {
  if (signature.size() != 2 * half_signature) return false;
  const auto certificate = read(certificate_der);
  auto* const key = certificate ? X509_get0_pubkey(certificate.get()) : nullptr;
  if (key == nullptr || !on_known_curve(key)) return false;
  const auto der = in_der(signature);
  const DigestPtr context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), der.data(), der.size(), message.data(), message.size()) ==
             1;
}

std::optional<std::string> registered_id(base::ByteView der) {
  const auto certificate = read(der);
  return certificate ? registered_id(certificate.get()) : std::nullopt;
}

std::optional<base::Bytes> euicc_certificate(base::ByteView authenticate_response) {
  try {
    const tlv::Reader reader(authenticate_response);
    const auto response = tlv::single(authenticate_response);
    if (response.tag != 0xBF38) return std::nullopt;
    const auto inside = reader.inside(response);
    const auto ok = beginning(inside, {0xA0});
    if (ok.empty()) return std::nullopt;
    const auto fields =
        beginning(inside.inside(ok.front()), {sequence_tag, signature_tag, sequence_tag});
    if (fields.empty()) return std::nullopt;
    return base::Bytes(fields.back().raw.begin(), fields.back().raw.end());
  } catch (const tlv::Malformed&) {
    return std::nullopt;
  }
}

bool installation_signed_by(base::ByteView certificate_der, base::ByteView installation_result) {
  try {
    const auto result = tlv::single(installation_result);
    if (result.tag != 0xBF37) return false;
    const auto fields =
        beginning(tlv::Reader(installation_result).inside(result), {0xBF27, signature_tag});
    return !fields.empty() && signed_by(certificate_der, fields.front().raw, fields.back().value);
  } catch (const tlv::Malformed&) {
    return false;
  }
}

}  // namespace lpa
