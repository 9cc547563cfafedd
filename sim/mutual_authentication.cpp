#include "sim/mutual_authentication.hpp"

#include <algorithm>
#include <utility>

#include "lpa/tlv.hpp"
#include "sim/encode.hpp"
#include "sim/request.hpp"

namespace sim {
namespace {

constexpr tlv::Tag signature_tag = 0x5F37;
constexpr std::size_t challenge_size = 16;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char one) {
    return one >= 'A' && one <= 'Z' ? static_cast<char>(one - 'A' + 'a') : one;
  });
  return text;
}

/// The key identifiers of `list` (A9 or AA of EUICCInfo1).
bool lists(const base::Bytes& list, const base::Bytes& key_id) {
  tlv::Reader reader(list);
  while (const auto one = reader.next()) {
    if (one->tag == 0x04 && std::ranges::equal(one->value, key_id)) return true;
  }
  return false;
}

}  // namespace

MutualAuthentication::MutualAuthentication(Curve curve, Role role, std::string address,
                                           const std::string& registered_id)
    : address_(std::move(address)),
      subject_(role == Role::ds_auth ? "8.9" : "8.8"),
      ci_(test_ci(curve).certificate),
      auth_(test_server(curve, role, registered_id)) {}

InitiateAuthenticationOk MutualAuthentication::initiate(
    const base::Bytes& challenge, const std::string& address, const base::Bytes& info1,
    const std::optional<std::string>& address_told) const {
  if (challenge.size() != challenge_size) fail("1.3.1", "2.1", "a challenge has 16 octets");
  // A port is no part of an FQDN, but without it nobody could practise beside a real server.
  const auto asked = lower(address);
  if (asked != address_ && !asked.starts_with(address_ + ":")) {
    fail(subject_ + ".1", "3.8", "this server has another address");
  }
  const auto& key_id = ci_.key_id();
  reading([&] {
    const auto whole = tlv::single(info1);
    if (whole.tag != 0xBF20) throw tlv::Malformed("BF20 is expected");
    Fields fields(whole);
    const auto svn = fields.need(0x82);
    const auto verifies = fields.need(0xA9);
    const auto signs = fields.need(0xAA);
    if (svn.size() != 3 || svn[0] < 2) fail(subject_ + ".3", "3.1", "unsupported SVN");
    if (!lists(verifies, key_id)) {
      fail(subject_ + ".4", "3.7", "no certificate below a CI of the eUICC");
    }
    if (!lists(signs, key_id)) fail(subject_ + ".2", "3.1", "none of the CI keys is supported");
  });
  InitiateAuthenticationOk ok;
  ok.transaction_id = random_octets(16);
  ok.challenge = random_octets(challenge_size);
  ok.signed1 = element(
      0x30, join({element(0x80, ok.transaction_id), element(0x81, challenge),
                  element(0x83, address_told.value_or(asked)), element(0x84, ok.challenge)}));
  ok.signature1 = element(signature_tag, auth_.key.sign(ok.signed1));
  ok.ci_key_id = element(0x04, key_id);
  ok.certificate = auth_.certificate.der();
  return ok;
}

std::optional<KnownEuicc> MutualAuthentication::finish(const base::Bytes& transaction_id,
                                                       const base::Bytes& challenge,
                                                       const base::Bytes& response) const {
  return reading([&]() -> std::optional<KnownEuicc> {
    const auto ok = ok_of(response, 0xBF38);
    if (!ok) return std::nullopt;
    Fields fields(tlv::single(*ok));
    SignedPart told(fields);
    auto euicc = Certificate::read(fields.any().raw);
    const auto eum = Certificate::read(fields.any().raw);
    fields.end();
    if (!eum || !eum->is_for(Role::eum)) fail("8.1.2", "6.1", "no certificate of an EUM");
    if (eum->issuer_key_id() != ci_.key_id()) {
      fail("8.11.1", "3.9", "another CI than that of the session");
    }
    if (!eum->issued_by(ci_)) fail("8.1.2", "6.1", "the EUM certificate is forged");
    if (!euicc || !is_euicc_chain(*euicc, *eum, ci_)) {
      fail("8.1.3", "6.1", "the eUICC certificate does not hold");
    }
    if (!euicc->key().verifies(told.octets, told.signature)) {
      fail("8.1", "6.1", "the signature of the eUICC does not hold");
    }
    EuiccSigned1 said(told.octets);
    if (said.transaction_id != transaction_id || said.server_challenge != challenge) {
      fail("8.1", "6.1", "the eUICC signed for another session");
    }
    return KnownEuicc{*std::move(euicc), std::move(said), std::move(told.signature)};
  });
}

void fail_not_accepted() { fail("8.1", "4.2", "the eUICC did not accept the server"); }

}  // namespace sim
