#include "carriers/session_import.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "carriers/jwt.hpp"

namespace carriers {
namespace {

using base::Error;
using base::ErrorKind;

/// What the sign-in of the provider takes from its answers.
std::vector<const ExtractSpec*> extracts(const LoginSpec& login) {
  std::vector<const ExtractSpec*> all;
  for (const auto& step : login.steps) {
    for (const auto& each : step.extract) all.push_back(&each);
  }
  return all;
}

/// Values that are claims of tokens among them.
void add_claims(const LoginSpec& login, Variables& values) {
  for (const auto* each : extracts(login)) {
    if (each->jwt.empty() || values.contains(each->name)) continue;
    const auto token = values.find(each->jwt);
    const auto claims = token == values.end() ? std::nullopt : read_jwt(token->second);
    if (!claims) continue;
    const auto found = claims->texts.find(each->claim);
    if (found != claims->texts.end()) values.emplace(each->name, base::Secret(found->second));
  }
}

/// The earliest that one of the tokens tells, or the one that counts by the provider's file.
std::optional<base::UtcTime> end_of(const LoginSpec& login, const Variables& values) {
  std::optional<base::UtcTime> ends;
  for (const auto& [name, value] : values) {
    if (!login.lifetime.jwt.empty() && name != login.lifetime.jwt) continue;
    const auto claims = read_jwt(value);
    if (claims && claims->expires && (!ends || *claims->expires < *ends)) ends = claims->expires;
  }
  return ends;
}

}  // namespace

std::vector<VariableSpec> session_values(const Provider& provider) {
  if (!provider.login) return {};
  if (!provider.login->import.empty()) return provider.login->import;
  std::vector<VariableSpec> made;
  for (const auto* each : extracts(*provider.login)) {
    made.push_back({.name = each->name,
                    .title = each->name,
                    .secret = true,
                    .optional = each->optional || !each->jwt.empty()});
  }
  return made;
}

Error session_over(const Provider& provider, std::optional<base::UtcTime> ended) {
  return {ErrorKind::sign_in, "carrier.session-over",
          ended ? fmt::format("the session with {} ended at {}, and esimctl cannot make a new one",
                              provider.title, base::to_rfc3339(*ended))
                : fmt::format("there is no session with {} (any more), and esimctl cannot make one",
                              provider.title)};
}

Session imported_session(const Provider& provider, Variables values, base::UtcTime now) {
  const auto specs = session_values(provider);
  if (!provider.login || specs.empty()) {
    throw Error(
        ErrorKind::usage, "carrier.no-login",
        fmt::format("{} has no sessions: its key goes along with each request", provider.title))
        .hint("`esimctl usage` asks with it");
  }
  for (const auto& [name, value] : values) {
    if (std::ranges::find(specs, name, &VariableSpec::name) != specs.end()) continue;
    throw Error(
        ErrorKind::usage, "account.value",
        fmt::format("a session with {} has no “{}”", provider.title, base::clean(name, 80)));
  }
  add_claims(*provider.login, values);
  std::vector<std::string> missing;
  for (const auto& spec : specs) {
    const auto found = values.find(spec.name);
    const bool there = found != values.end() && !found->second.empty();
    if (!there && !spec.optional) missing.push_back(spec.name);
    if (!there && found != values.end()) values.erase(found);
  }
  if (!missing.empty()) {
    throw Error(ErrorKind::usage, "account.missing",
                fmt::format("a session with {} needs {}", provider.title, fmt::join(missing, ", ")))
        .hint(
            "give a line NAME=VALUE for each on standard input, or the token alone when it is one");
  }
  const auto ends = end_of(*provider.login, values);
  if (ends && *ends <= now) throw session_over(provider, ends);
  return {.values = std::move(values), .ends = ends};
}

}  // namespace carriers
