#include "sim/card_answer.hpp"

namespace sim {
namespace {

constexpr tlv::Tag signature_tag = 0x5F37;

base::Bytes copy(base::ByteView octets) { return {octets.begin(), octets.end()}; }

/// An IMEI: pairs of digits swapped, in the last octet the check digit and a filler (SGP.22 4.2).
std::string imei_digits(const base::Bytes& octets) {
  std::string digits;
  for (const auto octet : octets) {
    for (const auto nibble : {octet & 0x0FU, static_cast<unsigned>(octet >> 4U)}) {
      if (nibble <= 9) digits += static_cast<char>('0' + nibble);
    }
  }
  return digits;
}

}  // namespace

std::optional<base::Bytes> ok_of(const base::Bytes& response, tlv::Tag tag) {
  const auto whole = tlv::single(response);
  if (whole.tag != tag) throw tlv::Malformed(tlv::to_string(tag) + " is expected");
  const auto choice = tlv::single(whole.value);
  if (choice.tag == 0xA1 || choice.tag == 0x81) return std::nullopt;
  if (choice.tag != 0xA0) throw tlv::Malformed("A0 is expected");
  return copy(choice.raw);
}

SignedPart::SignedPart(Fields& fields) {
  const auto object = fields.any();
  octets = copy(object.raw);
  signature = fields.need(signature_tag);
}

EuiccSigned1::EuiccSigned1(const base::Bytes& octets) {
  Fields fields(tlv::single(octets));
  transaction_id = fields.need(0x80);
  address = utf8(fields.need(0x83)).value_or("");
  server_challenge = fields.need(0x84);
  const auto info = fields.any();
  if (info.tag != 0xBF22) throw tlv::Malformed("BF22 is expected");
  Fields of_info(info);
  while (!of_info.empty()) {
    const auto field = of_info.any();
    if (field.tag != 0x84) continue;  // extCardResource: ETSI TS 102 226 8.2.1.7.2
    tlv::Reader resources(field.value);
    while (const auto one = resources.next()) {
      if (one->tag != 0x82) continue;
      for (const auto octet : one->value) free_memory = (free_memory << 8U) | octet;
    }
  }
  Fields context(fields.any());
  fields.end();
  if (const auto id = context.take(0x80)) matching_id = utf8(*id).value_or("");
  Fields device(context.any());
  context.end();
  static_cast<void>(device.need(0x80));
  static_cast<void>(device.any());
  if (const auto octets_of_imei = device.take(0x82)) imei = imei_digits(*octets_of_imei);
}

}  // namespace sim
