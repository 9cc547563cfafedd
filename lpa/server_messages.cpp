#include "lpa/server_messages.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/error.hpp"
#include "lpa/es10_schema.hpp"

namespace lpa {
namespace {

constexpr tlv::Tag sequence_tag = 0x30;
constexpr tlv::Tag octets_tag = 0x04;
constexpr tlv::Tag signature_tag = 0x5F37;
constexpr std::size_t longest_transaction_id = 16;

base::Error malformed(const tlv::Malformed& fault) {
  return {base::ErrorKind::refused, "smdp.malformed-answer",
          fmt::format("the server's answer cannot be read: {}", fault.what())};
}

template <class T>
T read(base::ByteView octets) {
  try {
    auto message = tlv::decode<T>(octets);
    if constexpr (requires { message.transaction_id; }) {
      const auto size = message.transaction_id.size();
      if (size == 0 || size > longest_transaction_id) {
        throw tlv::Malformed(fmt::format("{} octets, not 1 to 16", size),
                             fmt::format("{}.transactionId", tlv::schema<T>.name));
      }
    }
    return message;
  } catch (const tlv::Malformed& fault) {
    throw malformed(fault);
  }
}

/// Appends one element of the server's; what has another tag, or more to it, would become another
/// part of the request.
void add(base::Bytes& out, std::string_view name, tlv::Tag tag, const base::Bytes& element) {
  try {
    const auto found = tlv::single(element).tag;
    if (found != tag) {
      throw tlv::Malformed("tag " + tlv::to_string(found) + ", not " + tlv::to_string(tag));
    }
  } catch (const tlv::Malformed& fault) {
    throw malformed(fault.within(name));
  }
  out.insert(out.end(), element.begin(), element.end());
}

base::Bytes message(tlv::Tag tag, const base::Bytes& contents) {
  base::Bytes out;
  tlv::append(out, tag, contents);
  return out;
}

}  // namespace

ServerSigned1 read_server_signed1(base::ByteView octets) { return read<ServerSigned1>(octets); }

SmdpSigned2 read_smdp_signed2(base::ByteView octets) { return read<SmdpSigned2>(octets); }

ProfileMetadata read_metadata(base::ByteView octets) { return read<ProfileMetadata>(octets); }

bool same_event(base::ByteView first, base::ByteView second) {
  // What is signed is the first element of either kind.
  const auto told = [](base::ByteView notification) {
    const auto part = tlv::Reader(tlv::single(notification).value).next();
    return part ? part->raw : base::ByteView();
  };
  try {
    return std::ranges::equal(told(first), told(second));
  } catch (const tlv::Malformed&) {
    return std::ranges::equal(first, second);
  }
}

base::Bytes authenticate_request(const ServerAuthentication& server,
                                 const DownloadContext& context) {
  base::Bytes contents;
  add(contents, "serverSigned1", sequence_tag, server.signed1);
  add(contents, "serverSignature1", signature_tag, server.signature1);
  add(contents, "euiccCiPKIdToBeUsed", octets_tag, server.issuer_key_id);
  add(contents, "serverCertificate", sequence_tag, server.certificate);
  const auto about = tlv::encode(context);
  contents.insert(contents.end(), about.begin(), about.end());
  return message(0xBF38, contents);
}

base::Bytes prepare_request(const ServerPreparation& server,
                            const std::optional<base::Bytes>& code_hash) {
  base::Bytes contents;
  add(contents, "smdpSigned2", sequence_tag, server.signed2);
  add(contents, "smdpSignature2", signature_tag, server.signature2);
  if (code_hash) tlv::append(contents, octets_tag, *code_hash);
  add(contents, "smdpCertificate", sequence_tag, server.certificate);
  return message(0xBF21, contents);
}

}  // namespace lpa
