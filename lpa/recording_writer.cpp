#include "lpa/recording_writer.hpp"

#include <utility>

#include "lpa/secrets.hpp"

namespace lpa {
namespace {

/// Commands that name applications and channels, and nobody.
bool names_nobody(std::uint8_t instruction) {
  return instruction == ins::select || instruction == ins::manage_channel ||
         instruction == ins::terminal_capability;
}

base::Bytes joined(const std::vector<Piece>& pieces, const auto& buffer) {
  base::Bytes message;
  for (const auto& piece : pieces) {
    const auto part = base::ByteView(buffer(piece).octets).subspan(piece.offset, piece.size);
    message.insert(message.end(), part.begin(), part.end());
  }
  return message;
}

/// Hides `range` of the message that the pieces make.
void hide(const std::vector<Piece>& pieces, Range range, const auto& buffer) {
  std::size_t start = 0;
  for (const auto& piece : pieces) {
    const auto from = std::max(range.offset, start);
    const auto to = std::min(range.offset + range.size, start + piece.size);
    if (from < to) buffer(piece).hide(piece.offset + from - start, to - from);
    start += piece.size;
  }
}

void hide_secrets(const std::vector<Piece>& pieces, const auto& buffer) {
  for (const auto range : secrets_in(joined(pieces, buffer))) hide(pieces, range, buffer);
}

}  // namespace

void RecordingWriter::mask(const WholeExchange& whole) {
  const auto at = [&](const Piece& piece) -> Waiting& { return waiting_[piece.exchange - first_]; };
  for (const auto& piece : whole.request) at(piece).masked = true;
  for (const auto& piece : whole.answer) at(piece).masked = true;
  if (names_nobody(whole.command.ins)) return;
  hide_secrets(whole.request,
               [&](const Piece& piece) -> MaskedBytes& { return at(piece).command; });
  hide_secrets(whole.answer, [&](const Piece& piece) -> MaskedBytes& { return at(piece).answer; });
}

void RecordingWriter::mask_all(Waiting& exchange) const {
  constexpr std::size_t header = 5;
  constexpr std::size_t status = 2;
  const auto sent = exchange.command.octets.size();
  const auto received = exchange.answer.octets.size();
  if (sent > header) exchange.command.hide(header, sent - header);
  if (received > status) exchange.answer.hide(0, received - status);
}

std::string RecordingWriter::add(Seconds sent, base::ByteView command, Seconds received,
                                 base::ByteView answer, std::string_view error_code) {
  waiting_.push_back(
      {sent, MaskedBytes(command), received, MaskedBytes(answer), std::string(error_code)});
  const auto whole = assembler_.add(command, answer);
  if (whole && secrets_ == Secrets::masked) mask(*whole);
  return assembler_.complete() ? finish() : std::string();
}

std::string RecordingWriter::finish() {
  std::string lines;
  for (auto& exchange : waiting_) {
    if (!exchange.masked && secrets_ == Secrets::masked) mask_all(exchange);
    lines += command_line(exchange.sent, exchange.command);
    lines += answer_line(exchange.received, exchange.answer, exchange.error_code);
  }
  first_ += waiting_.size();
  waiting_.clear();
  return lines;
}

}  // namespace lpa
