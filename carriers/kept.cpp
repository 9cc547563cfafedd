#include "carriers/kept.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace carriers {
namespace {

using nlohmann::json;

constexpr std::size_t longest_kept = 64UL * 1024;  ///< as much as a vault takes

json json_of(const Variables& values) {
  auto made = json::object();
  for (const auto& [name, value] : values) made[name] = std::string(value.reveal());
  return made;
}

json json_of(const std::optional<base::UtcTime>& time) {
  return time ? json(base::to_rfc3339(*time)) : json();
}

base::Secret written(const json& document) {
  auto text = document.dump();
  if (text.size() <= longest_kept) return base::Secret(std::move(text));
  throw base::Error(base::ErrorKind::usage, "secrets.value",
                    "the session is larger than 64 KiB, and cannot be kept");
}

/// These throw json::exception for what is not as it was written.
Variables values_of(const json& object) {
  Variables made;
  for (const auto& item : object.at("values").items())
    made.emplace(item.key(), base::Secret(item.value().get<std::string>()));
  return made;
}

std::optional<base::UtcTime> end_of(const json& object) {
  const auto& text = object.at("ends");
  return text.is_null() ? std::nullopt : base::from_rfc3339(text.get<std::string>());
}

template <class Made, class Read>
std::optional<Made> read(const base::Secret& text, Read make) {
  try {
    return make(json::parse(text.reveal()));
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

base::Secret to_text(const Session& session) {
  return written({{"values", json_of(session.values)}, {"ends", json_of(session.ends)}});
}

base::Secret to_text(const Challenge& challenge) {
  return written({
      {"values", json_of(challenge.values)},
      {"ends", json_of(challenge.ends)},
      {"kind", static_cast<std::uint8_t>(challenge.kind)},
      {"target", challenge.target},
      {"tries_left", challenge.tries_left},
      {"step", challenge.step},
  });
}

std::optional<Session> read_session(const base::Secret& text) {
  return read<Session>(text, [](const json& object) {
    return Session{.values = values_of(object), .ends = end_of(object)};
  });
}

std::optional<Challenge> read_challenge(const base::Secret& text) {
  return read<Challenge>(text, [](const json& object) {
    constexpr auto last = static_cast<std::uint8_t>(FactorKind::any);
    const auto kind = object.at("kind").get<std::uint8_t>();
    return Challenge{.kind = kind <= last ? static_cast<FactorKind>(kind) : FactorKind::any,
                     .target = object.at("target").get<std::string>(),
                     .ends = end_of(object),
                     .tries_left = object.at("tries_left").get<unsigned>(),
                     .step = object.at("step").get<std::size_t>(),
                     .values = values_of(object)};
  });
}

}  // namespace carriers
