#include "carriers/jwt.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/bytes.hpp"

namespace carriers {
namespace {

using Json = nlohmann::json;

constexpr std::size_t longest_token = 16UL * 1024;
constexpr std::size_t deepest = 8;
constexpr std::int64_t last_second = 253'402'300'799;  // 9999-12-31T23:59:59Z

/// Keeps what is wanted of the outermost object; a false ends the reading.
class Claims final : public nlohmann::json_sax<Json> {
 public:
  JwtClaims found;

  bool null() override { return value() && !is_expiry(); }
  bool boolean(bool /*value*/) override { return value() && !is_expiry(); }
  bool number_integer(number_integer_t number) override { return value() && time(number); }
  bool number_unsigned(number_unsigned_t number) override {
    return value() && time(static_cast<std::int64_t>(
                          std::min(number, static_cast<number_unsigned_t>(INT64_MAX))));
  }
  bool number_float(number_float_t number, const string_t& /*text*/) override {
    if (!value()) return false;
    if (!is_expiry()) return true;
    return number > -1 && number <= static_cast<number_float_t>(last_second) &&
           time(static_cast<std::int64_t>(number));
  }
  bool string(string_t& text) override {
    if (!value()) return false;
    if (depth_ == 1) found.texts.emplace(name_, text);
    return !is_expiry();
  }
  bool binary(binary_t& /*octets*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(true); }
  bool start_array(std::size_t /*size*/) override { return open(false); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (depth_ != 1) return true;
    name_ = name;
    return names_.insert(name).second;  // RFC 7519 4: claim names are unique
  }
  bool parse_error(std::size_t /*place*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

 private:
  [[nodiscard]] bool value() const { return depth_ > 0; }
  [[nodiscard]] bool is_expiry() const { return depth_ == 1 && name_ == "exp"; }
  bool time(std::int64_t second) {
    if (!is_expiry()) return true;
    if (second < 0 || second > last_second) return false;
    found.expires = base::UtcTime(std::chrono::seconds(second));
    return true;
  }
  bool open(bool object) {
    if (depth_ == 0 ? !object : is_expiry()) return false;
    return ++depth_ <= deepest;
  }
  bool close() {
    --depth_;
    return true;
  }

  std::size_t depth_ = 0;
  std::string name_;  ///< of the claim whose value is read
  std::set<std::string> names_;
};

/// Overwrites a part of a token when it goes.
template <class Octets>
class Wiped {
 public:
  explicit Wiped(Octets& octets) : octets_(octets) {}
  ~Wiped() {
    if (!octets_.empty()) ::explicit_bzero(octets_.data(), octets_.size());
  }
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;

 private:
  Octets& octets_;
};

/// RFC 7515 2: the other alphabet, no padding, nothing else.
std::optional<base::Bytes> from_base64url(std::string_view text) {
  std::string usual(text);
  const Wiped wiped(usual);
  for (auto& each : usual) {
    const bool alphanumeric = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                              (each >= '0' && each <= '9');
    if (!alphanumeric && each != '-' && each != '_') return std::nullopt;
    if (each == '-') each = '+';
    if (each == '_') each = '/';
  }
  return base::from_base64(usual);
}

std::optional<JwtClaims> read_object(std::string_view part) {
  auto octets = from_base64url(part);
  if (!octets) return std::nullopt;
  const Wiped wiped(*octets);
  Claims claims;
  if (!Json::sax_parse(octets->begin(), octets->end(), &claims)) return std::nullopt;
  return std::move(claims.found);
}

}  // namespace

std::optional<JwtClaims> read_jwt(const base::Secret& token) {
  const auto text = token.reveal();
  if (text.size() > longest_token || std::ranges::count(text, '.') != 2) return std::nullopt;
  const auto first = text.find('.');
  const auto second = text.find('.', first + 1);
  if (!read_object(text.substr(0, first))) return std::nullopt;
  auto signature = from_base64url(text.substr(second + 1));
  if (!signature) return std::nullopt;
  const Wiped wiped(*signature);
  return read_object(text.substr(first + 1, second - first - 1));
}

}  // namespace carriers
