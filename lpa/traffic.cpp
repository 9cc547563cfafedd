#include "lpa/traffic.hpp"

namespace lpa {
namespace {

constexpr std::size_t header_size = 4;

/// P1 of STORE DATA: the last block (GlobalPlatform 11.11.2.1).
bool last_block(const SentCommand& command) { return (command.p1 & 0x80U) != 0; }

/// Refused with no effect; the same command follows with another length.
bool wrong_length(StatusWord sw) { return (sw >> 8U) == 0x6C; }
bool more_waits(StatusWord sw) { return (sw >> 8U) == 0x61; }
bool done(StatusWord sw) { return sw == 0x9000 || (sw >> 8U) == 0x91; }

StatusWord status_word(base::ByteView answer) {
  if (answer.size() < 2) return 0;
  return static_cast<StatusWord>((answer[answer.size() - 2] << 8U) | answer.back());
}

}  // namespace

unsigned SentCommand::channel() const {
  return (cla & 0x40U) != 0 ? 4U + (cla & 0x0FU) : cla & 0x03U;
}

std::optional<SentCommand> sent_command(base::ByteView octets) {
  if (octets.size() < header_size) return std::nullopt;
  SentCommand command{octets[0], octets[1], octets[2], octets[3]};
  if (octets.size() <= header_size + 1) return command;  // no data; perhaps an Le
  const bool extended = octets[4] == 0;
  if (extended && octets.size() < 8) return command;  // extended Le alone
  command.data_at = extended ? 7 : 5;
  command.data_size =
      extended ? static_cast<std::size_t>((octets[5] << 8U) | octets[6]) : octets[4];
  if (command.data_at + command.data_size > octets.size()) return std::nullopt;
  return command;
}

std::optional<WholeExchange> TrafficAssembler::add(base::ByteView command, base::ByteView answer) {
  const auto exchange = count_++;
  const auto sent = sent_command(command);
  if (!sent) return std::nullopt;
  const auto sw = status_word(answer);
  auto open = open_.find(sent->channel());
  const bool has_open = open != open_.end();
  if (sent->ins == ins::get_response) {
    if (!has_open) return std::nullopt;
  } else {
    const bool next_block = has_open && sent->ins == ins::store_data && sent->p2 != 0 &&
                            open->second.command.ins == ins::store_data;
    if (!next_block) open = open_.insert_or_assign(sent->channel(), WholeExchange{}).first;
    auto& whole = open->second;
    whole.command = *sent;
    if (!wrong_length(sw)) whole.request.push_back({exchange, sent->data_at, sent->data_size});
  }
  auto& whole = open->second;
  if (answer.size() > 2) whole.answer.push_back({exchange, 0, answer.size() - 2});
  whole.sw = sw;
  const bool more_blocks =
      whole.command.ins == ins::store_data && !last_block(whole.command) && done(sw);
  if (wrong_length(sw) || more_waits(sw) || more_blocks) return std::nullopt;
  auto complete = std::move(whole);
  open_.erase(open);
  return complete;
}

}  // namespace lpa
