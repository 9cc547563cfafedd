#include "carriers/exchange.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "carriers/answer_values.hpp"

namespace carriers {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;
using namespace std::chrono_literals;

constexpr int most_redirects = 5;
constexpr int deepest = 64;
constexpr int ok = 200;
constexpr int multiple_choices = 300;
constexpr int bad_request = 400;
constexpr int unauthorised = 401;
constexpr int forbidden = 403;
constexpr int too_many_requests = 429;
constexpr int server_error = 500;

void wipe(std::string& text) { ::explicit_bzero(text.data(), text.size()); }

/// What was sent has secrets in it: headers, a body.
struct Wiped {
  base::HttpRequest& request;
  explicit Wiped(base::HttpRequest& sent) : request(sent) {}
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  Wiped(Wiped&&) = delete;
  Wiped& operator=(Wiped&&) = delete;
  ~Wiped() {
    for (auto& header : request.headers) wipe(header.value);
    auto* const body = std::get_if<base::Bytes>(&request.body);
    if (body != nullptr && !body->empty()) ::explicit_bzero(body->data(), body->size());
  }
};

std::string filled(const Template& text, const Scope& scope) {
  const auto made = text.fill(scope);
  return made ? std::string(made->reveal()) : std::string();
}

/// Names and values as a form writes them (WHATWG URL 5.2, with %20 for a blank).
std::string encoded(const std::vector<NamedTemplate>& fields, const Scope& scope) {
  std::string text;
  for (const auto& field : fields) {
    const auto value = field.value.fill(scope);
    if (!value) continue;
    if (!text.empty()) text += '&';
    append_url_encoded(text, field.name);
    text += '=';
    append_url_encoded(text, value->reveal());
  }
  return text;
}

/// The tree with its values; empty when it is one that may be missing, and is.
std::optional<json> filled(const json& tree, const Scope& scope) {
  if (tree.is_string()) {
    const auto text = Template::parse(tree.get_ref<const std::string&>());
    const auto value = text ? text->fill(scope) : std::nullopt;
    if (!value) return std::nullopt;
    if (!base::valid_utf8(value->reveal())) {
      throw Error(ErrorKind::usage, "carrier.value",
                  "a value of the account cannot be sent: it is not UTF-8");
    }
    return json(std::string(value->reveal()));
  }
  if (!tree.is_structured()) return tree;
  json made = tree.is_object() ? json::object() : json::array();
  for (const auto& item : tree.items()) {
    auto inner = filled(item.value(), scope);
    if (!inner) continue;
    if (tree.is_object()) {
      made[item.key()] = *std::move(inner);
    } else {
      made.push_back(*std::move(inner));
    }
  }
  return made;
}

void add_unless_there(base::HttpRequest& request, const char* name, const char* value) {
  const auto is = [&](const base::HttpHeader& header) {
    return base::lower(header.name) == base::lower(name);
  };
  if (std::ranges::none_of(request.headers, is)) request.headers.push_back({name, value});
}

base::HttpHeader basic(const std::pair<Template, Template>& values, const Scope& scope) {
  auto pair = filled(values.first, scope) + ":" + filled(values.second, scope);
  const auto* const first = reinterpret_cast<const std::uint8_t*>(pair.data());
  base::HttpHeader made{"Authorization", "Basic " + base::to_base64({first, pair.size()})};
  wipe(pair);
  return made;
}

base::Bytes octets(std::string text) {
  base::Bytes made(text.begin(), text.end());
  wipe(text);
  return made;
}

/// Null for what is no JSON, and for what is nested too deep.
std::shared_ptr<const json> parsed(const base::Bytes& body) {
  bool deep = false;
  const auto shallow = [&](int depth, json::parse_event_t, const json&) {
    deep = deep || depth > deepest;
    return !deep;
  };
  auto document = json::parse(body.begin(), body.end(), shallow, false);
  const bool none = deep || document.is_discarded();
  return std::make_shared<const json>(none ? json() : std::move(document));
}

/// Whole seconds, or a date (RFC 9110 10.2.3).
std::optional<std::chrono::seconds> retry_after(const Answer& answer, base::UtcTime now) {
  const auto text = answer.header("retry-after");
  if (!text) return std::nullopt;
  std::int64_t count = 0;
  const auto [stop, fault] = std::from_chars(text->data(), text->data() + text->size(), count);
  constexpr std::int64_t longest = 366LL * 86400;
  if (fault == std::errc() && stop == text->data() + text->size())
    return std::chrono::seconds(std::clamp<std::int64_t>(count, 0, longest));
  const auto date = read_http_date(*text);
  if (!date) return std::nullopt;
  return std::max(0s, std::chrono::duration_cast<std::chrono::seconds>(*date - now));
}

/// Host, path and query without "https://".
std::string without_scheme(const std::string& url) {
  constexpr std::string_view scheme = "https://";
  return url.starts_with(scheme) ? url.substr(scheme.size()) : url;
}

/// The same of an address that the provider made up, without the values in its query.
std::string names_only(const std::string& url) {
  const auto address = without_scheme(url.substr(0, url.find('#')));
  auto at = address.find('?');
  std::string shown = address.substr(0, at);
  while (at != std::string::npos) {
    const auto next = address.find('&', at + 1);
    const auto pair = address.substr(at, next == std::string::npos ? next : next - at);
    const auto equals = pair.find('=');
    shown += equals == std::string::npos ? pair.substr(0, 1) + "…" : pair.substr(0, equals) + "=…";
    at = next;
  }
  return shown;
}

/// Where a Location leads from an address (RFC 3986 5.2, of which whole addresses and absolute
/// paths are taken); empty for another.
std::string redirected(const std::string& from, const std::string& location) {
  if (location.starts_with("https://")) return location;
  constexpr std::size_t scheme = 8;
  if (location.starts_with('/') && !location.starts_with("//"))
    return from.substr(0, from.find_first_of("/?#", scheme)) + location;
  return {};
}

}  // namespace

std::optional<std::string> Answer::header(std::string_view name) const {
  const base::HttpResponse response{.status = status, .headers = headers, .body = {}};
  const auto found = response.header(name);
  return found ? std::optional<std::string>(*found) : std::nullopt;
}

bool holds(const Condition& condition, const Answer& answer) {
  const auto there = [&](const Pointer& place) {
    return std::ranges::any_of(place.find(*answer.body).places,
                               [](const json* each) { return !each->is_null(); });
  };
  const auto equal = [&](const std::pair<Pointer, std::string>& wanted) {
    return std::ranges::any_of(wanted.first.find(*answer.body).places, [&](const json* each) {
      return each->dump(-1, ' ', false, json::error_handler_t::replace) == wanted.second;
    });
  };
  return (condition.statuses.empty() ||
          std::ranges::find(condition.statuses, answer.status) != condition.statuses.end()) &&
         std::ranges::all_of(condition.present, there) &&
         std::ranges::none_of(condition.absent, there) &&
         std::ranges::all_of(condition.equal, equal);
}

std::vector<base::HttpHeader> Exchange::authorisation(const Scope& scope) const {
  std::vector<base::HttpHeader> made;
  for (const auto& header : provider_.auth_headers) {
    if (const auto value = header.value.fill(scope))
      made.push_back({header.name, std::string(value->reveal())});
  }
  if (provider_.auth_basic) made.push_back(basic(*provider_.auth_basic, scope));
  return made;
}

Answer Exchange::send(const RequestSpec& spec, const Scope& scope, bool signed_in) {
  base::HttpRequest request;
  const Wiped wiped(request);
  request.method = spec.method;
  if (const auto url = spec.url.fill(scope, Encoding::url)) request.url = url->reveal();
  const auto query = encoded(spec.query, scope);
  if (!query.empty())
    request.url += (request.url.find('?') == std::string::npos ? "?" : "&") + query;
  for (const auto& header : spec.headers) {
    if (const auto value = header.value.fill(scope))
      request.headers.push_back({header.name, std::string(value->reveal())});
  }
  add_unless_there(request, "Accept", "application/json");
  if (signed_in) request.later_headers = [this, &scope] { return authorisation(scope); };
  if (spec.basic) request.headers.push_back(basic(*spec.basic, scope));
  if (const auto* tree = std::get_if<JsonBody>(&spec.body)) {
    add_unless_there(request, "Content-Type", "application/json");
    request.body = octets(filled(json::parse(tree->json), scope).value_or(json()).dump());
  }
  if (const auto* form = std::get_if<FormBody>(&spec.body)) {
    add_unless_there(request, "Content-Type", "application/x-www-form-urlencoded");
    request.body = octets(encoded(form->fields, scope));
  }
  auto shown = without_scheme(request.url);
  return exchange(std::move(request), std::move(shown));
}

/// Where a provider's requests go to another host to try it out, so do those that it asks for.
std::string Exchange::whole_address(const std::string& given) const {
  if (given.starts_with('/') && !given.starts_with("//"))
    return "https://" + provider_.hosts.front() + given;
  for (const auto& host : provider_.stands_for) {
    const auto begin = "https://" + host + "/";
    if (given.starts_with(begin))
      return "https://" + provider_.hosts.front() + given.substr(begin.size() - 1);
  }
  return given;
}

Answer Exchange::get(const std::string& url, const Scope& scope) {
  base::HttpRequest request;
  const Wiped wiped(request);
  request.url = whole_address(url);
  request.headers.push_back({"Accept", "application/json"});
  request.later_headers = [this, &scope] { return authorisation(scope); };
  auto shown = names_only(request.url);
  return exchange(std::move(request), std::move(shown));
}

Answer Exchange::exchange(base::HttpRequest request, std::string shown) {
  const Wiped wiped(request);
  request.stop = stop_;
  for (int redirects = 0;; ++redirects) {
    if (last_ && provider_.spacing > 0ms) {
      const auto since = clock_.now() - *last_;
      if (since < provider_.spacing) clock_.wait(provider_.spacing - since);
    }
    require_own_host(request.url);
    auto response = sent(request);
    last_ = clock_.now();
    if (watcher_ != nullptr) watcher_->answered(request.method, shown, response.status);
    if (const auto date = response.header("date")) {
      if (const auto there = read_http_date(*date)) ahead_ = *there - clock_.utc();
    }
    const auto location = response.header("location");
    if (!location || response.status < multiple_choices || response.status >= bad_request) {
      return {.status = response.status,
              .headers = std::move(response.headers),
              .body = parsed(response.body)};
    }
    auto next = redirected(request.url, std::string(*location));
    if (request.method != "GET" || next.empty() || redirects == most_redirects) {
      throw Error(ErrorKind::network, "carrier.redirect",
                  "the provider sends us elsewhere in a way that is not followed");
    }
    request.url = whole_address(next);
    shown = names_only(request.url);
  }
}

base::HttpResponse Exchange::sent(const base::HttpRequest& request) {
  try {
    return http_.send(request);
  } catch (const Error& error) {
    if (error.code() != "http.cancelled") throw;
    throw Error(ErrorKind::interrupted, "carrier.interrupted",
                fmt::format("interrupted while {} was asked", provider_.title))
        .hint("the same command begins anew");
  }
}

/// So that the keys of an account go nowhere else. The client has the same hosts; this says why.
void Exchange::require_own_host(const std::string& url) const {
  const bool own = std::ranges::any_of(provider_.hosts, [&](const std::string& host) {
    const auto begin = "https://" + host;
    if (!url.starts_with(begin)) return false;
    return url.size() == begin.size() ||
           std::string_view("/?#").find(url[begin.size()]) != std::string_view::npos;
  });
  if (own) return;
  throw Error(ErrorKind::network, "carrier.redirect",
              "the provider sends us to another host, which is not followed: it would get the key "
              "of the account");
}

Error Exchange::failure(const Answer& answer, FailureClass means,
                        std::optional<std::chrono::seconds> wait) {
  const auto& name = provider_.title;
  if (wait && means == FailureClass::rate_limited) closed_until_ = clock_.utc() + *wait;
  const auto until = [&](const char* from) {
    return wait ? fmt::format("{} {}", from, base::to_rfc3339(clock_.utc() + *wait))
                : std::string();
  };
  switch (means) {
    case FailureClass::signed_out:
      return {ErrorKind::sign_in, "carrier.signed-out",
              fmt::format("{} does not know the session any more", name)};
    case FailureClass::bad_credentials:
      return {ErrorKind::sign_in, "carrier.bad-credentials",
              fmt::format("{} does not take these credentials", name)};
    case FailureClass::wrong_code:
      return {ErrorKind::sign_in, "carrier.wrong-code",
              fmt::format("{} does not take the code", name)};
    case FailureClass::locked:
      locked_until_ = wait ? std::optional(clock_.utc() + *wait) : std::nullopt;
      return {ErrorKind::sign_in, "carrier.locked",
              fmt::format("{} has locked the account{}", name, until(" until"))};
    case FailureClass::rate_limited:
      return {ErrorKind::network, "carrier.rate-limited",
              fmt::format("{} takes no more requests now{}", name, until("; the next from"))};
    case FailureClass::not_allowed:
      return {ErrorKind::refused, "carrier.not-allowed",
              fmt::format("{} does not let this account do that", name)};
    case FailureClass::upstream:
      break;
  }
  return {ErrorKind::network, "carrier.upstream",
          fmt::format("{} failed: status {}", name, answer.status)};
}

void Exchange::require_open(const Answer& answer) {
  for (const auto& each : provider_.failures) {
    const bool closed =
        each.means == FailureClass::locked || each.means == FailureClass::rate_limited;
    if (!closed || !holds(each.when, answer)) continue;
    const auto wait = retry_after(answer, clock_.utc());
    throw failure(answer, each.means, wait ? wait : each.wait);
  }
}

void Exchange::require_success(const Answer& answer, bool signing_in) {
  require_open(answer);
  // With a session, nothing that was sent speaks of the password.
  const bool in_session = !signing_in && provider_.login;
  const auto refused = in_session ? FailureClass::signed_out : FailureClass::bad_credentials;
  const auto wait = retry_after(answer, clock_.utc());
  for (const auto& each : provider_.failures) {
    if (!holds(each.when, answer)) continue;
    throw failure(answer, each.means == FailureClass::bad_credentials ? refused : each.means,
                  wait ? wait : each.wait);
  }
  if (answer.status >= ok && answer.status < multiple_choices) return;
  if (answer.status == too_many_requests) throw failure(answer, FailureClass::rate_limited, wait);
  if (answer.status == unauthorised) throw failure(answer, refused, {});
  if (answer.status == forbidden) throw failure(answer, FailureClass::not_allowed, {});
  if (answer.status >= server_error) throw failure(answer, FailureClass::upstream, {});
  throw changed("the status", std::to_string(answer.status));
}

}  // namespace carriers
