#include "lpa/apdu.hpp"

#include <string>
#include <utility>

#include "base/error.hpp"
#include "lpa/tlv.hpp"

namespace lpa {
namespace {

constexpr std::size_t max_rounds = 256;
constexpr StatusWord class_not_supported = 0x6E00;
constexpr StatusWord instruction_not_supported = 0x6D00;

/// The length that the second octet of 61xx and 6Cxx names; 00 stands for 256.
std::size_t named_length(const Response& response) {
  return response.sw2() == 0 ? 256 : response.sw2();
}

/// 62xx and 63xx: a warning; over T=0 the data may still have to be fetched (ISO/IEC
/// 7816-3 12.2.1).
bool warning(const Response& response) { return response.sw1() == 0x62 || response.sw1() == 0x63; }

base::Error faulty(std::string code, const std::string& message) {
  return base::Error(base::ErrorKind::card, std::move(code), message)
      .hint("take the card out and put it back in; if it stays so, card or reader is faulty");
}

}  // namespace

base::Bytes Command::octets(Protocol protocol) const {
  base::Bytes octets{cla, ins, p1, p2};
  const bool with_le = le && (protocol == Protocol::t1 || data.empty());
  if (!data.empty()) {
    octets.push_back(static_cast<std::uint8_t>(data.size()));
    octets.insert(octets.end(), data.begin(), data.end());
  }
  if (with_le) octets.push_back(static_cast<std::uint8_t>(*le));  // 256 is written 00
  if (octets.size() == 4 && protocol == Protocol::t0) octets.push_back(0);
  return octets;
}

std::uint8_t class_on(std::uint8_t cla, unsigned channel) {
  if (channel < 4) return static_cast<std::uint8_t>(cla | channel);
  return static_cast<std::uint8_t>(cla | 0x40U | (channel - 4));
}

Response Channel::once(const Command& command) {
  auto octets = command.octets(card_->protocol());
  octets[0] = class_on(command.cla, number_);
  auto answer = card_->transmit(octets);
  if (answer.size() < 2) {
    throw faulty("card.short-answer",
                 answer.empty() ? "the card gave no answer: it was taken out, or it is faulty"
                                : "the card answered without a status word");
  }
  Response response;
  response.sw = static_cast<StatusWord>((answer[answer.size() - 2] << 8U) | answer.back());
  answer.resize(answer.size() - 2);
  response.data = std::move(answer);
  return response;
}

Response Channel::once_sized(Command command) {
  auto response = once(command);
  // Over T=0 a command with data has no Le to correct: it would be sent a second time as it was.
  const bool has_le = command.data.empty() || protocol() == Protocol::t1;
  if (response.sw1() != 0x6C || !has_le) return response;
  command.le = named_length(response);
  return once(command);
}

Response Channel::get_response(std::size_t length) {
  const Command command{get_response_class_, 0xC0, 0x00, 0x00, {}, length};
  auto response = once_sized(command);
  const bool wrong_class =
      response.sw == class_not_supported || response.sw == instruction_not_supported;
  if (wrong_class && get_response_class_ == 0x00) {
    get_response_class_ = 0x80;
    return get_response(length);
  }
  return response;
}

Response Channel::exchange(Command command) {
  const bool fetches = command.le && !command.data.empty() && protocol() == Protocol::t0;
  auto response = once_sized(std::move(command));
  if (fetches && warning(response) && response.data.empty()) {
    auto fetched = get_response(256);
    if (fetched.ok() || fetched.sw1() == 0x61) response = std::move(fetched);
  }
  for (std::size_t rounds = 0; response.sw1() == 0x61; ++rounds) {
    auto next = get_response(named_length(response));
    const bool nothing_more = next.sw1() == 0x61 && next.data.empty();
    if (nothing_more || rounds == max_rounds ||
        response.data.size() + next.data.size() > tlv::max_size) {
      throw faulty("card.endless", "the card's answer has no end: more than " +
                                       std::to_string(tlv::max_size / 1024) + " KiB or " +
                                       std::to_string(max_rounds) + " parts");
    }
    response.data.insert(response.data.end(), next.data.begin(), next.data.end());
    response.sw = next.sw;
  }
  return response;
}

}  // namespace lpa
