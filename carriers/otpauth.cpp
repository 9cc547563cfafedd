#include "carriers/otpauth.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "carriers/base32.hpp"

namespace carriers {
namespace {

constexpr std::size_t longest_text = 4096;
constexpr std::size_t longest_name = 256;
constexpr std::size_t most_parameters = 32;
constexpr std::string_view scheme = "otpauth://";

[[noreturn]] void refuse(const std::string& why) {
  throw base::Error(base::ErrorKind::usage, "otp.malformed",
                    "this is no key for one-time codes: " + why)
      .hint(
          "the provider shows it once, as a QR code and often as text: otpauth://totp/…, or "
          "letters "
          "and digits from A to Z and 2 to 7");
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  text.remove_suffix(text.size() - std::min(text.find_last_not_of(blanks) + 1, text.size()));
  return text;
}

/// RFC 3986 2.1; in a query, a plus sign stands for a blank, as forms write it.
base::Secret unescaped(std::string_view text, bool in_query) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      plain.push_back(in_query && text[at] == '+' ? ' ' : text[at]);
      continue;
    }
    const auto high = at + 2 < text.size() ? base::hex_digit(text[at + 1]) : std::nullopt;
    const auto low = high ? base::hex_digit(text[at + 2]) : std::nullopt;
    if (!low) {
      const base::Secret dropped(std::move(plain));
      refuse("a percent sign is not followed by two hexadecimal digits");
    }
    plain.push_back(static_cast<char>(*high << 4U | *low));
    at += 2;
  }
  return base::Secret(std::move(plain));
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char each : text) {
    const bool unreserved = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                            (each >= '0' && each <= '9') ||
                            std::string_view("-._~").find(each) != std::string_view::npos;
    result += unreserved ? std::string(1, each)
                         : fmt::format("%{:02X}", static_cast<unsigned char>(each));
  }
  return result;
}

using Parameters = std::map<std::string, base::Secret, std::less<>>;

Parameters parameters_of(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.empty()) continue;
    const auto equals = std::min(part.find('='), part.size());
    auto name = base::lower(part.substr(0, equals));
    auto value = unescaped(part.substr(std::min(equals + 1, part.size())), true);
    if (!parameters.emplace(std::move(name), std::move(value)).second)
      refuse("a parameter is there twice");
    if (parameters.size() > most_parameters)
      refuse(fmt::format("it has more than {} parameters", most_parameters));
  }
  return parameters;
}

std::optional<std::string_view> find(const Parameters& parameters, std::string_view name) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return std::nullopt;
  return trimmed(found->second.reveal());
}

std::optional<int> number(const Parameters& parameters, std::string_view name) {
  const auto text = find(parameters, name);
  if (!text) return std::nullopt;
  int value = 0;
  const auto* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, value);
  if (read.ec != std::errc() || read.ptr != end)
    refuse(fmt::format("its parameter “{}” is no number", name));
  return value;
}

OtpHash hash_of(const Parameters& parameters) {
  const auto name = base::lower(find(parameters, "algorithm").value_or("sha1"));
  if (name == "sha1") return OtpHash::sha1;
  if (name == "sha256") return OtpHash::sha256;
  if (name == "sha512") return OtpHash::sha512;
  refuse("its algorithm is none of SHA1, SHA256 and SHA512");
}

base::Secret secret_of(std::string_view text) {
  if (trimmed(text).empty()) refuse("it has no secret");
  auto secret = from_base32(text);
  if (!secret)
    refuse(
        "its secret is not in base32, which is written with A to Z and 2 to 7; or a character is "
        "missing");
  return *std::move(secret);
}

void require_name(std::string_view name, const char* what) {
  if (name.size() > longest_name)
    refuse(fmt::format("its {} has more than {} octets", what, longest_name));
  if (!base::valid_utf8(name)) refuse(fmt::format("its {} is no text in UTF-8", what));
}

void read_label(std::string_view escaped_label, Otpauth& into) {
  const auto decoded = unescaped(escaped_label, false);
  auto label = decoded.reveal();
  const auto prefix = into.issuer + ":";
  if (!into.issuer.empty() && label.starts_with(prefix)) {
    label.remove_prefix(prefix.size());
  } else if (const auto colon = label.find(':'); colon != std::string_view::npos) {
    if (into.issuer.empty()) into.issuer = trimmed(label.substr(0, colon));
    label.remove_prefix(colon + 1);
  }
  into.account = trimmed(label);
}

Otpauth read_uri(std::string_view uri) {
  uri.remove_prefix(scheme.size());
  uri = uri.substr(0, uri.find('#'));
  const auto question = std::min(uri.find('?'), uri.size());
  const auto path = uri.substr(0, question);
  const auto slash = std::min(path.find('/'), path.size());
  const auto type = base::lower(path.substr(0, slash));
  if (type == "hotp") {
    refuse(
        "its codes are counted (hotp) and not by time (totp), and every device that makes one "
        "would put the others out of step");
  }
  if (type != "totp") refuse("it is not for codes by time: otpauth://totp/…");
  const auto parameters = parameters_of(uri.substr(std::min(question + 1, uri.size())));
  Otpauth otpauth;
  otpauth.key.secret = secret_of(find(parameters, "secret").value_or(""));
  otpauth.key.hash = hash_of(parameters);
  otpauth.key.digits = number(parameters, "digits").value_or(otpauth.key.digits);
  if (const auto period = number(parameters, "period"))
    otpauth.key.period = std::chrono::seconds(*period);
  otpauth.issuer = find(parameters, "issuer").value_or("");
  read_label(path.substr(std::min(slash + 1, path.size())), otpauth);
  require_name(otpauth.issuer, "issuer");
  require_name(otpauth.account, "account");
  return otpauth;
}

}  // namespace

Otpauth read_otpauth(const base::Secret& text) {
  const auto given = trimmed(text.reveal());
  if (given.size() > longest_text) refuse(fmt::format("it is longer than {} octets", longest_text));
  Otpauth otpauth;
  if (base::lower(given.substr(0, scheme.size())) == scheme) {
    otpauth = read_uri(given);
  } else if (given.find(':') != std::string_view::npos) {
    refuse("it is a link of another kind than otpauth://totp/…");
  } else {
    otpauth.key.secret = secret_of(given);
  }
  require_within_bounds(otpauth.key);
  return otpauth;
}

base::Secret to_text(const Otpauth& otpauth) {
  const auto secret = to_base32(otpauth.key.secret.reveal());
  const bool prefixed = !otpauth.issuer.empty() || otpauth.account.find(':') != std::string::npos;
  const auto before =
      fmt::format("{}totp/{}?secret=", scheme,
                  (prefixed ? escaped(otpauth.issuer) + ":" : "") + escaped(otpauth.account));
  const auto after =
      fmt::format("&algorithm={}&digits={}&period={}{}", name_of(otpauth.key.hash),
                  otpauth.key.digits, otpauth.key.period.count(),
                  otpauth.issuer.empty() ? "" : "&issuer=" + escaped(otpauth.issuer));
  std::string text;
  text.reserve(before.size() + secret.reveal().size() + after.size());
  text.append(before).append(secret.reveal()).append(after);
  return base::Secret(std::move(text));
}

}  // namespace carriers
