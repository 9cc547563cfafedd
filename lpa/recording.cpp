#include "lpa/recording.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "lpa/secrets.hpp"
#include "lpa/traffic.hpp"

namespace lpa {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view format_name = "esimctl-apdu/1";
constexpr std::string_view format_family = "esimctl-apdu/";
constexpr std::size_t most_exchanges = 100'000;
constexpr std::size_t longest_apdu = 65'544;  ///< octets of an extended one

std::string protocol_name(Protocol protocol) { return protocol == Protocol::t0 ? "T=0" : "T=1"; }

/// A JSON line; invalid UTF-8 in a reader's name must not be fatal.
std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Milliseconds are as fine as the program's clock.
Json rounded(Seconds time) { return std::round(time.count() * 1000) / 1000; }

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

base::Error no_recording(const std::string& name, const std::string& why) {
  return base::Error(
             base::ErrorKind::usage, "recording.format",
             fmt::format("{} is no recording that esimctl can read: {}", base::clean(name), why))
      .hint(fmt::format(R"(its first line has to begin {{"format":"{}")", format_name));
}

std::optional<MaskedBytes> masked_bytes(std::string_view text) {
  if (text.size() % 2 != 0 || text.size() / 2 > longest_apdu) return std::nullopt;
  MaskedBytes bytes;
  for (; !text.empty(); text.remove_prefix(2)) {
    const auto high = base::hex_digit(text[0]);
    const auto low = base::hex_digit(text[1]);
    const bool hidden = text[0] == '*' && text[1] == '*';
    if (!hidden && (!high || !low)) return std::nullopt;
    bytes.octets.push_back(hidden ? 0 : static_cast<std::uint8_t>(*high << 4U | *low));
    bytes.hidden.push_back(hidden);
  }
  return bytes;
}

/// The next line, without its end; what has no end at the end of the text is one as well.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void read_header(std::string_view text, Recording& recording) {
  const auto header = Json::parse(text, nullptr, false);
  const auto format = header.is_object() ? text_of(header, "format") : std::string();
  if (!format.starts_with(format_family)) throw no_recording(recording.name, "it does not say so");
  if (format != format_name) {
    throw no_recording(recording.name, fmt::format("its format is “{}”", base::clean(format, 40)));
  }
  recording.reader = text_of(header, "reader");
  const auto protocol = text_of(header, "protocol");
  if (!protocol.empty() && protocol != "T=0" && protocol != "T=1") {
    throw no_recording(recording.name,
                       fmt::format("its protocol is “{}”", base::clean(protocol, 40)));
  }
  recording.protocol = protocol == "T=1" ? Protocol::t1 : Protocol::t0;
  const auto atr = base::from_hex(text_of(header, "atr"));
  if (!atr) throw no_recording(recording.name, "its answer to reset is not in hexadecimal");
  recording.atr = *atr;
}

void read_line(std::string_view text, Recording& recording) {
  const auto number = recording.lines;
  const auto damaged = [&](const std::string& why) {
    return recording.about(number, "recording.damaged", why)
        .hint("a recording that was cut while it was made can be cut to its last whole line");
  };
  const auto object = Json::parse(text, nullptr, false);
  if (!object.is_object())
    throw damaged("it is no JSON object; the recording may have been cut here");
  const auto bytes = masked_bytes(text_of(object, "apdu"));
  const auto direction = text_of(object, "dir");
  const bool sent = direction == "tx";
  auto& exchanges = recording.exchanges;
  if (!sent && direction != "rx") throw damaged("its “dir” is neither tx nor rx");
  if (!bytes) throw damaged("its “apdu” is not in hexadecimal");
  if (sent) {
    if (exchanges.size() == most_exchanges) throw damaged("there are too many of them");
    exchanges.push_back({*bytes, {}, {}, number, 0});
    return;
  }
  if (exchanges.empty() || exchanges.back().answer_line != 0) {
    throw damaged("it is an answer to nothing");
  }
  exchanges.back().answer = *bytes;
  exchanges.back().answer_line = number;
  exchanges.back().error = text_of(object, "error");
}

/// Calls `each` with every octet of a whole message and whether it is hidden.
template <class Each>
void for_each_octet(std::vector<RecordedExchange>& exchanges, const std::vector<Piece>& pieces,
                    Each each) {
  for (const auto& piece : pieces) {
    auto& answer = exchanges[piece.exchange].answer;
    for (std::size_t i = 0; i < piece.size; ++i)
      each(answer.octets[piece.offset + i], answer.hidden[piece.offset + i]);
  }
}

/// Digits in place of what is hidden in one whole answer: "000002" for the second of its tag.
void fill(std::vector<RecordedExchange>& exchanges, const std::vector<Piece>& pieces) {
  base::Bytes message;
  std::vector<bool> hidden;
  for_each_octet(exchanges, pieces, [&](std::uint8_t octet, bool is_hidden) {
    message.push_back(octet);
    hidden.push_back(is_hidden);
  });
  if (std::ranges::find(hidden, true) == hidden.end()) return;
  auto filled = message;
  std::ranges::fill(filled, '0');
  std::map<tlv::Tag, std::size_t> count;
  for_each_primitive(message, [&](tlv::Tag tag, Range value) {
    const auto end = value.offset + value.size;
    if (value.size == 0 || !hidden[end - 1]) return;
    auto digits = std::to_string(++count[tag]);
    for (auto at = end; at > value.offset && !digits.empty(); digits.pop_back())
      filled[--at] = static_cast<std::uint8_t>(digits.back());
  });
  std::size_t at = 0;
  for_each_octet(exchanges, pieces, [&](std::uint8_t& octet, bool is_hidden) {
    if (is_hidden) octet = filled[at];
    ++at;
  });
}

}  // namespace

bool MaskedBytes::fits(base::ByteView other) const {
  if (other.size() != octets.size()) return false;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (!hidden[i] && octets[i] != other[i]) return false;
  }
  return true;
}

void MaskedBytes::hide(std::size_t offset, std::size_t size) {
  std::fill_n(hidden.begin() + static_cast<std::ptrdiff_t>(offset), size, true);
}

std::string MaskedBytes::text() const {
  std::string text;
  for (std::size_t i = 0; i < octets.size(); ++i)
    text += hidden[i] ? "**" : base::to_hex(base::ByteView(octets).subspan(i, 1));
  return text;
}

base::Error Recording::about(std::size_t line, std::string code, const std::string& message) const {
  return {base::ErrorKind::card, std::move(code),
          fmt::format("line {} of {}: {}", line, base::clean(name), message)};
}

Recording read_recording(std::string_view text, const std::string& name) {
  Recording recording;
  recording.name = name;
  bool has_header = false;
  while (!text.empty()) {
    const auto each = take_line(text);
    ++recording.lines;
    if (each.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (has_header) {
      read_line(each, recording);
    } else {
      read_header(each, recording);
      has_header = true;
    }
  }
  if (!has_header) throw no_recording(name, "it is empty");
  TrafficAssembler assembler;
  for (const auto& exchange : recording.exchanges) {
    const auto whole = assembler.add(exchange.command.octets, exchange.answer.octets);
    if (whole) fill(recording.exchanges, whole->answer);
  }
  return recording;
}

std::string header_line(const std::string& reader, base::ByteView atr, Protocol protocol) {
  return line({{"format", format_name},
               {"reader", reader},
               {"atr", base::to_hex(atr)},
               {"protocol", protocol_name(protocol)}});
}

std::string command_line(Seconds time, const MaskedBytes& command) {
  return line({{"t", rounded(time)}, {"dir", "tx"}, {"apdu", command.text()}});
}

std::string answer_line(Seconds time, const MaskedBytes& answer, std::string_view error_code) {
  Json json{{"t", rounded(time)}, {"dir", "rx"}, {"apdu", answer.text()}};
  if (!error_code.empty()) json["error"] = error_code;
  return line(json);
}

}  // namespace lpa
