#include "sim/revocation.hpp"

#include <algorithm>
#include <utility>

#include "lpa/tlv.hpp"
#include "sim/request.hpp"

namespace sim {

std::optional<RevocationList> RevocationList::read(base::ByteView der) {
  try {
    return unpack(der);
  } catch (const tlv::Malformed&) {
    return std::nullopt;
  }
}

/// RFC 5280 5.1.
RevocationList RevocationList::unpack(base::ByteView der) {
  RevocationList list;
  list.signed_ = x509::unpack_signed(der);
  Fields fields(tlv::single(list.signed_.object));
  if (fields.need(0x02) != base::Bytes{0x01}) throw tlv::Malformed("not version 2");
  static_cast<void>(fields.any());  // the algorithm
  x509::unpack_name(fields.any());  // the issuer
  static_cast<void>(fields.any());  // thisUpdate
  if (auto next = fields.any(); next.tag == 0x17 || next.tag == 0x18) {
    static_cast<void>(next);  // nextUpdate, which RFC 5280 5.1.2.5 demands
  } else {
    throw tlv::Malformed("no nextUpdate");
  }
  if (const auto entries = fields.take(0x30)) {
    tlv::Reader reader(*entries);
    while (const auto entry = reader.next()) list.serials_.push_back(Fields(*entry).need(0x02));
  }
  const auto extensions = fields.need(0xA0);
  fields.end();
  for (const auto& extension : x509::unpack_extensions(tlv::single(extensions))) {
    if (extension.critical) throw tlv::Malformed("a critical extension");
    if (extension.id == x509::extension_id(x509::authority_key_id)) {
      list.issuer_key_id_ = x509::key_identifier(extension.value);
    }
  }
  return list;
}

bool RevocationList::signed_by(const PublicKey& key) const {
  return key.verifies(signed_.object, signed_.signature);
}

bool RevocationList::revokes(const Certificate& certificate) const {
  return certificate.issuer_key_id() == issuer_key_id_ &&
         std::ranges::find(serials_, certificate.serial()) != serials_.end();
}

}  // namespace sim
