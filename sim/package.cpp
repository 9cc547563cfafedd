#include "sim/package.hpp"

#include <algorithm>
#include <cstddef>

#include "lpa/tlv.hpp"
#include "sim/bsp.hpp"
#include "sim/encode.hpp"
#include "sim/metadata.hpp"

namespace sim {
namespace {

constexpr tlv::Tag signature_tag = 0x5F37;
constexpr tlv::Tag one_time_key_tag = 0x5F49;

/// What fits into a block: a tag, three octets of length, whole blocks of AES with at least one
/// octet of padding, and the MAC.
constexpr std::size_t most_encrypted = (largest_block - 4 - mac_size) / 16 * 16 - 1;
constexpr std::size_t most_readable = largest_block - 4 - mac_size;

template <class Wrap>
base::Bytes blocks(base::ByteView plain, std::size_t most, Wrap wrap) {
  base::Bytes out;
  while (!plain.empty()) {
    const auto block = wrap(plain.first(std::min(most, plain.size())));
    out.insert(out.end(), block.begin(), block.end());
    plain = plain.subspan(std::min(most, plain.size()));
  }
  return out;
}

base::Bytes encrypted(Protection& protection, tlv::Tag tag, base::ByteView plain) {
  return blocks(plain, most_encrypted,
                [&](base::ByteView part) { return protection.wrap(tag, part); });
}

/// InitialiseSecureChannelRequest (SGP.22 5.5.1): the signature is over its fields and
/// otPK.EUICC.ECKA.
base::Bytes open_channel(const Binding& binding, const PublicKey& own, const base::Bytes& host_id) {
  const auto control = join({element(0x80, base::Bytes{aes_key_type}),
                             element(0x81, base::Bytes{aes_key_length}), element(0x84, host_id)});
  const auto fields = join({element(0x82, integer(1)), element(0x80, binding.transaction_id),
                            element(0xA6, control), element(one_time_key_tag, own.point())});
  const auto signature =
      binding.server_key.sign(join({fields, element(one_time_key_tag, binding.euicc_key.point())}));
  return element(0xBF23, join({fields, element(signature_tag, signature)}));
}

base::Bytes pack(const SessionKeys& keys) {
  return element(0xBF26, join({element(0x80, keys.chaining), element(0x81, keys.encryption),
                               element(0x82, keys.mac)}));
}

}  // namespace

base::Bytes bind_package(const Binding& binding, const PackageContents& contents) {
  const auto own = PrivateKey::generate(binding.euicc_key.curve());
  const auto host_id = random_octets(8);
  Protection session(derive_session_keys(own.agree(binding.euicc_key), host_id, binding.eid));
  auto parts = open_channel(binding, own.public_key(), host_id);
  const auto configure = element(0xBF24, base::Bytes{});
  const auto metadata = pack_metadata(contents.profile);
  parts = join({parts, element(0xA0, encrypted(session, 0x87, configure))});
  parts = join({parts, element(0xA1, blocks(metadata, most_readable, [&](base::ByteView part) {
                                 return session.wrap_mac(0x88, part);
                               }))});
  if (contents.replace_keys) {
    const SessionKeys keys{random_octets(16), random_octets(16), random_octets(16)};
    parts = join({parts, element(0xA2, encrypted(session, 0x87, pack(keys)))});
    session = Protection(keys);
  }
  return element(0xBF36, join({parts, element(0xA3, encrypted(session, 0x86, contents.elements))}));
}

}  // namespace sim
