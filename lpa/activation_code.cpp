#include "lpa/activation_code.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace lpa {
namespace {

constexpr std::size_t longest_text = 4096;
constexpr std::size_t longest_field = 255;
constexpr std::size_t longest_host = 253;  // RFC 1035 2.3.4: 255 octets with the lengths of labels
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_port = 5;
constexpr unsigned long highest_port = 65535;
constexpr char32_t wide_dollar = 0xFF04;
constexpr const char* likeness = "a code looks like 'LPA:1$smdp.example.com$MATCHING-ID'";
constexpr std::size_t shown_each_side = 30;  ///< of the characters around a fault

/// One character of a code, and which octets of the text stand for it.
struct Character {
  char32_t value;
  std::size_t begin;
  std::size_t end;
  bool escaped;  ///< by a percent sign
};
using Characters = std::span<const Character>;

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

bool is_alphanumeric(char32_t c) {
  return is_digit(c) || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

bool is_blank(char32_t c) {
  return c == U' ' || (c >= U'\t' && c <= U'\r') || c == 0xA0 || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0x3000 || c == 0xFEFF;
}

bool is_separator(char32_t c) { return c == U'$' || c == wide_dollar; }

bool continues(char octet) { return (static_cast<unsigned char>(octet) & 0xC0U) == 0x80; }

Characters trimmed(Characters all) {
  while (!all.empty() && is_blank(all.front().value)) all = all.subspan(1);
  while (!all.empty() && is_blank(all.back().value)) all = all.first(all.size() - 1);
  return all;
}

/// What reads a code: knows the whole text, to point at a place in it.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text.size() > longest_text) {
      throw base::Error(
          base::ErrorKind::usage, "code.malformed",
          fmt::format("this is no activation code: it is longer than {} octets", longest_text));
    }
    undo_escapes();
    read_characters();
  }

  [[nodiscard]] ActivationCode read() const {
    auto rest = trimmed(characters_);
    if (starts_with(rest, "https://") || starts_with(rest, "http://")) rest = card_data(rest);
    if (starts_with(rest, "lpa:")) rest = trimmed(rest.subspan(4));
    if (rest.empty()) {
      throw base::Error(base::ErrorKind::usage, "code.malformed",
                        "this is no activation code: there is nothing in it")
          .hint(likeness);
    }
    const auto fields = split(rest);
    check_format(fields);
    ActivationCode code;
    if (fields[1].characters.empty()) fail(fields[1].end, "the address of the server is missing");
    code.smdp_address_as_given = address(fields[1].characters);
    code.smdp_address = base::lower(code.smdp_address_as_given);
    if (fields.size() < 3)
      fail(fields.back().end, "a $ is missing after the address, and what follows it");
    code.matching_id = matching_id(fields[2].characters);
    if (fields.size() > 3 && !fields[3].characters.empty()) code.smdp_oid = oid(fields[3]);
    if (fields.size() > 4) code.confirmation_code_required = flag(fields[4].characters);
    if (fields.size() > 5 && !fields[5].characters.empty()) {
      const auto& further = fields[5].characters;
      code.further_fields =
          text_.substr(further.front().begin, further.back().end - further.front().begin);
    }
    return code;
  }

 private:
  struct Octet {
    std::size_t begin;
    std::size_t end;
  };
  struct Field {
    Characters characters;  ///< without blanks around it
    std::size_t end;        ///< the octet of the text at which it ends
  };

  void undo_escapes() {
    for (std::size_t at = 0; at < text_.size();) {
      const auto high =
          text_[at] == '%' && at + 2 < text_.size() ? base::hex_digit(text_[at + 1]) : std::nullopt;
      const auto low = high ? base::hex_digit(text_[at + 2]) : std::nullopt;
      const std::size_t size = low ? 3 : 1;
      plain_ += low ? static_cast<char>(*high << 4U | *low) : text_[at];
      octets_.push_back({at, at + size});
      at += size;
    }
  }

  void read_characters() {
    for (std::size_t at = 0; at < plain_.size();) {
      std::size_t size = 1;
      while (at + size < plain_.size() && continues(plain_[at + size])) ++size;
      const auto part = std::string_view(plain_).substr(at, size);
      if (!base::valid_utf8(part)) fail(octets_[at].begin, "there it is no text in UTF-8");
      auto value = static_cast<char32_t>(static_cast<unsigned char>(part.front()));
      if (size > 1) value &= 0x7FU >> size;  // RFC 3629 3
      for (const char octet : part.substr(1))
        value = value << 6U | (static_cast<unsigned char>(octet) & 0x3FU);
      const Character character{value, octets_[at].begin, octets_[at + size - 1].end,
                                octets_[at].end - octets_[at].begin > 1};
      const bool control = value < 0x20 || (value >= 0x7F && value < 0xA0);
      if (control && !is_blank(value)) fail(character, "a code");
      characters_.push_back(character);
      at += size;
    }
  }

  /// The characters are these ASCII ones, in lower case here.
  static bool starts_with(Characters all, std::string_view word) {
    if (all.size() < word.size()) return false;
    return std::ranges::equal(all.first(word.size()), word, [](const Character& each, char c) {
      return each.value < 0x80 &&
             base::lower(std::string(1, static_cast<char>(each.value)))[0] == c;
    });
  }

  /// What a link says that its `carddata` is.
  [[nodiscard]] Characters card_data(Characters link) const {
    const auto is = [](char32_t wanted) {
      return [wanted](const Character& each) { return each.value == wanted && !each.escaped; };
    };
    link =
        link.first(static_cast<std::size_t>(std::ranges::find_if(link, is(U'#')) - link.begin()));
    auto at = std::ranges::find_if(link, is(U'?'));
    while (at != link.end()) {
      ++at;
      const auto end = std::find_if(at, link.end(), is(U'&'));
      const Characters parameter(at, end);
      if (starts_with(parameter, "carddata=")) return trimmed(parameter.subspan(9));
      at = end;
    }
    throw base::Error(base::ErrorKind::usage, "code.malformed",
                      "this link has no activation code in it: no carddata=LPA:1$…")
        .hint("open the link, and take the code from the page that it shows");
  }

  /// Five fields, and all the rest as a sixth.
  static std::vector<Field> split(Characters rest) {
    std::vector<Field> fields;
    auto begin = rest.front().begin;
    while (true) {
      const auto found =
          fields.size() == 5 ? rest.end() : std::ranges::find_if(rest, [](const Character& each) {
            return is_separator(each.value);
          });
      const auto size = static_cast<std::size_t>(found - rest.begin());
      const auto before = rest.first(size);
      const bool last = found == rest.end();
      fields.push_back({trimmed(before), before.empty() ? begin : before.back().end});
      if (last) return fields;
      begin = found->end;
      rest = rest.subspan(size + 1);
    }
  }

  void check_format(const std::vector<Field>& fields) const {
    const auto format = fields[0].characters;
    if (fields.size() == 1) {
      throw base::Error(base::ErrorKind::usage, "code.malformed",
                        "this is no activation code: there is no $ in it")
          .hint(likeness)
          .hint("in a shell, write it between '…': in \"…\" and bare, $ means something else");
    }
    if (format.empty()) fail(fields[0].end, "the 1 before the first $ is missing");
    const bool number =
        std::ranges::all_of(format, [](const Character& each) { return is_digit(each.value); });
    if (!number) fail(format.front().begin, "a code begins with 1$ or LPA:1$");
    if (format.size() > 1 || format[0].value != U'1') {
      throw base::Error(base::ErrorKind::usage, "code.format",
                        "this activation code is of another format than 1, the only one there is")
          .hint("look at its beginning: it should be 1$ or LPA:1$");
    }
  }

  [[nodiscard]] std::string address(Characters field) const {
    if (starts_with(field, "https:") || starts_with(field, "http:"))
      fail(field.front().begin, "here is to be the name of a server, without https://");
    const auto colon =
        std::ranges::find_if(field, [](const Character& each) { return each.value == U':'; });
    const auto size = static_cast<std::size_t>(colon - field.begin());
    auto name = host(field.first(size), colon == field.end() ? field.back().end : colon->begin);
    if (colon == field.end()) return name;
    return name + ":" + port(field.subspan(size + 1), colon->end);
  }

  /// RFC 1123 2.1.
  [[nodiscard]] std::string host(Characters field, std::size_t end) const {
    for (const auto& each : field) {
      if (!is_alphanumeric(each.value) && each.value != U'-' && each.value != U'.')
        fail(each, "the name of a server");
    }
    if (field.size() > longest_host)
      fail(field[longest_host].begin,
           fmt::format("the name of a server has at most {} characters", longest_host));
    std::size_t label = 0;
    for (std::size_t at = 0; at <= field.size(); ++at) {
      if (at < field.size() && field[at].value != U'.') {
        if (++label > longest_label)
          fail(field[at].begin,
               fmt::format("a part of the name of a server has at most {} characters",
                           longest_label));
        continue;
      }
      const auto place = at < field.size() ? field[at].begin : end;
      if (label == 0) fail(place, "a part of the name of the server is missing");
      if (field[at - 1].value == U'-' || field[at - label].value == U'-')
        fail(field[at - 1].value == U'-' ? field[at - 1].begin : field[at - label].begin,
             "no part of the name of a server begins or ends with a hyphen");
      label = 0;
    }
    return ascii(field);
  }

  [[nodiscard]] std::string port(Characters field, std::size_t begin) const {
    for (const auto& each : field) {
      if (!is_digit(each.value)) fail(each, "the number of a port");
    }
    auto text = ascii(field);
    if (text.empty() || text.size() > longest_port || std::stoul(text) > highest_port ||
        std::stoul(text) == 0)
      fail(begin, "after the colon there is to be the number of a port, from 1 to 65535");
    return text;
  }

  [[nodiscard]] std::string matching_id(Characters field) const {
    for (const auto& each : field) {
      if (!is_alphanumeric(each.value) && each.value != U'-') fail(each, "a matching ID");
    }
    if (field.size() > longest_field)
      fail(field[longest_field].begin,
           fmt::format("a matching ID has at most {} characters", longest_field));
    return ascii(field);
  }

  /// Numbers with dots between: at least two, the first up to 2, the second up to 39 unless the
  /// first is 2 (X.660).
  [[nodiscard]] std::string oid(const Field& whole) const {
    const auto field = whole.characters;
    for (const auto& each : field) {
      if (!is_digit(each.value) && each.value != U'.') fail(each, "an object identifier");
    }
    if (field.size() > longest_field)
      fail(field[longest_field].begin,
           fmt::format("an object identifier has at most {} characters", longest_field));
    auto text = ascii(field);
    std::vector<std::string> arcs;
    for (std::size_t at = 0; at <= text.size();) {
      const auto dot = std::min(text.find('.', at), text.size());
      const auto arc = text.substr(at, dot - at);
      if (arc.empty())
        fail(at < field.size() ? field[at].begin : field.back().end,
             "a number of the object identifier is missing");
      if (arc.size() > 1 && arc[0] == '0')
        fail(field[at].begin, "a number of an object identifier does not begin with 0");
      const bool too_much =
          (arcs.empty() && (arc.size() > 1 || arc[0] > '2')) ||
          (arcs.size() == 1 && arcs[0] != "2" && (arc.size() > 2 || std::stoul(arc) > 39));
      if (too_much) fail(field[at].begin, "no object identifier has such a number here");
      arcs.push_back(arc);
      at = dot + 1;
    }
    if (arcs.size() < 2) fail(field.back().end, "an object identifier has at least two numbers");
    return text;
  }

  [[nodiscard]] bool flag(Characters field) const {
    if (field.empty()) return false;
    constexpr auto* why = "whether a confirmation code is needed is told by a 1, or by nothing";
    if (field.front().value != U'1') fail(field.front().begin, why);
    if (field.size() > 1) fail(field[1].begin, why);
    return true;
  }

  static std::string ascii(Characters field) {
    std::string text;
    for (const auto& each : field) text += static_cast<char>(each.value);
    return text;
  }

  /// Characters of the text before this octet.
  [[nodiscard]] std::size_t count_before(std::size_t octet) const {
    const auto before = text_.substr(0, octet);
    return static_cast<std::size_t>(
        std::ranges::count_if(before, [](char each) { return !continues(each); }));
  }

  [[noreturn]] void fail(const Character& wrong, std::string_view place) const {
    if (is_blank(wrong.value))
      fail(wrong.begin, fmt::format("a blank cannot stand inside {}", place));
    const auto c = static_cast<unsigned>(wrong.value);
    if (c > 0x20 && c < 0x7F) {
      fail(wrong.begin, fmt::format("“{}” cannot stand in {}", static_cast<char>(c), place));
    }
    fail(wrong.begin, fmt::format("U+{:04X} cannot stand in {}", c, place));
  }

  /// The code itself is not for logs: of the text, only separators and the fault are shown.
  [[noreturn]] void fail(std::size_t octet, std::string_view what) const {
    const auto fault = count_before(std::min(octet, text_.size()));
    const auto total = count_before(text_.size());
    const auto first = fault > shown_each_side ? fault - shown_each_side : 0;
    std::string masked = first > 0 ? "…" : "";
    std::string caret = first > 0 ? " " : "";
    std::size_t number = 0;
    for (std::size_t at = 0; at < text_.size(); ++number) {
      std::size_t size = 1;
      while (at + size < text_.size() && continues(text_[at + size])) ++size;
      if (number >= first && number <= fault + shown_each_side) {
        const char c = text_[at];
        const bool shown = c == '$' || (number == fault && c > 0x20 && c < 0x7F);
        masked += shown ? std::string(1, c) : "·";
      }
      at += size;
    }
    if (total > fault + shown_each_side + 1) masked += "…";
    caret += std::string(fault - first, ' ') + "^";
    throw base::Error(
        base::ErrorKind::usage, "code.malformed",
        fmt::format("the activation code is wrong at character {}: {}", fault + 1, what))
        .hint(masked)
        .hint(caret);
  }

  std::string_view text_;
  std::string plain_;          ///< without escapes
  std::vector<Octet> octets_;  ///< of `plain_`: where they come from
  std::vector<Character> characters_;
};

}  // namespace

ActivationCode parse_activation_code(std::string_view text) { return Reader(text).read(); }

std::string to_text(const ActivationCode& code) {
  auto text = fmt::format("LPA:1${}${}", code.smdp_address_as_given, code.matching_id);
  const bool further = !code.further_fields.empty();
  if (code.smdp_oid || code.confirmation_code_required || further)
    text += "$" + code.smdp_oid.value_or("");
  if (code.confirmation_code_required || further)
    text += code.confirmation_code_required ? "$1" : "$";
  if (further) text += "$" + code.further_fields;
  return text;
}

}  // namespace lpa
