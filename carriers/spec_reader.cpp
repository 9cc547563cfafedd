#include "carriers/spec_reader.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace carriers {
namespace {

constexpr std::string_view scheme = "https://";

template <class Value, std::size_t Count>
Value one_of(const Node& node, const std::array<std::pair<std::string_view, Value>, Count>& words) {
  const auto text = node.text();
  const auto found = std::ranges::find(words, text, &std::pair<std::string_view, Value>::first);
  if (found == words.end()) {
    std::string known;
    for (const auto& word : words)
      known += fmt::format("{}{}", known.empty() ? "" : ", ", word.first);
    node.wrong(fmt::format("is none of: {}", known));
  }
  return found->second;
}

usage::DataUnit read_unit(const Node& node) {
  const auto unit = usage::data_unit(node.text());
  if (!unit) node.wrong("is no unit: B, KB, MB, GB, TB are by 1000, KiB, MiB, GiB, TiB by 1024");
  return *unit;
}

/// Values of any type that an answer may have, as JSON texts.
std::vector<std::string> read_json_texts(const Node& node) {
  std::vector<std::string> all;
  for (const auto& each : node.elements()) all.push_back(each.dumped());
  return all;
}

void check_pattern(const Node& place, std::string_view pattern) {
  constexpr std::string_view kinds = "YmdHMS";
  for (auto at = pattern.find('%'); at != std::string_view::npos; at = pattern.find('%', at + 2)) {
    if (at + 1 == pattern.size() || kinds.find(pattern[at + 1]) == std::string_view::npos)
      place.wrong("has another part than %Y, %m, %d, %H, %M and %S");
  }
}

}  // namespace

std::vector<std::string> read_texts(const Node& node) {
  std::vector<std::string> all;
  for (const auto& each : node.elements()) all.push_back(each.text());
  return all;
}

std::chrono::seconds read_seconds(const Node& node) {
  constexpr std::uint64_t longest = 10ULL * 366 * 86400;
  const auto count = node.number();
  if (count > longest) node.wrong("is longer than ten years");
  return std::chrono::seconds(count);
}

Pointer read_pointer(const Node& node) {
  auto pointer = Pointer::parse(node.text());
  if (!pointer) node.wrong("is no JSON Pointer of at most 16 parts: /usage/bytes");
  return *std::move(pointer);
}

std::vector<Pointer> read_places(const Node& node) {
  if (node.is_text()) return {read_pointer(node)};
  std::vector<Pointer> all;
  for (const auto& each : node.elements()) all.push_back(read_pointer(each));
  if (all.empty()) node.wrong("names no place");
  return all;
}

Condition read_condition(Node node) {
  Condition condition;
  if (const auto status = node.member("status")) {
    const auto all = status->is_list() ? status->elements() : std::vector<Node>{*status};
    for (const auto& each : all) {
      constexpr std::uint64_t lowest = 100;
      constexpr std::uint64_t highest = 599;
      if (each.number() < lowest || each.number() > highest) each.wrong("is no status of HTTP");
      condition.statuses.push_back(static_cast<int>(each.number()));
    }
  }
  if (const auto places = node.member("present")) condition.present = read_places(*places);
  if (const auto places = node.member("absent")) condition.absent = read_places(*places);
  if (auto equals = node.member("equals")) {
    for (const auto& [place, value] : equals->members()) {
      auto pointer = Pointer::parse(place);
      if (!pointer) value.wrong("has a name that is no JSON Pointer");
      condition.equal.emplace_back(*std::move(pointer), value.dumped());
    }
  }
  node.done();
  if (condition.statuses.empty() && condition.present.empty() && condition.absent.empty() &&
      condition.equal.empty()) {
    node.wrong("says nothing");
  }
  return condition;
}

Template RequestReader::text(const Node& node) const {
  auto made = Template::parse(node.text());
  if (!made) node.wrong("has a value that is not ${name}, ${name?} or ${sha1hex(name)}");
  names_.check(node, *made);
  return *std::move(made);
}

Template RequestReader::url(const Node& node) const {
  auto made = text(node);
  names_.check_address(node, made);
  if (made.names().size() != made.required_names().size())
    node.wrong("has a part that may be missing");
  std::string_view begins = made.beginning();
  if (!begins.starts_with(scheme)) node.wrong("is not https");
  begins.remove_prefix(scheme.size());
  const auto slash = begins.find('/');
  if (slash == std::string_view::npos) node.wrong("has no host, written out, and a path after it");
  const std::string host(begins.substr(0, slash));
  if (std::ranges::find(hosts_, host) == hosts_.end()) {
    node.wrong(fmt::format("its host “{}” is not one of “hosts”", base::clean(host, 100)));
  }
  return made;
}

std::vector<NamedTemplate> RequestReader::query(Node node) const {
  std::vector<NamedTemplate> all;
  for (const auto& [name, value] : node.members()) {
    auto made = text(value);
    names_.check_address(value, made);
    all.push_back({name, std::move(made)});
  }
  return all;
}

std::vector<NamedTemplate> RequestReader::headers(Node node) const {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";  // of a token (RFC 9110 5.6.2)
  std::vector<NamedTemplate> all;
  for (const auto& [name, value] : node.members()) {
    const bool token = !name.empty() && std::ranges::all_of(name, [&](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             marks.find(c) != std::string_view::npos;
    });
    if (!token) value.wrong("has a name that no header has");
    all.push_back({name, text(value)});
  }
  return all;
}

std::pair<Template, Template> RequestReader::basic(Node node) const {
  std::pair made{text(node.required("user")), text(node.required("password"))};
  node.done();
  return made;
}

void RequestReader::check_json(const Node& node, const nlohmann::ordered_json& value) const {
  if (value.is_string()) {
    const auto made = Template::parse(value.get<std::string>());
    if (!made) node.wrong("has a value that is not ${name}, ${name?} or ${sha1hex(name)}");
    names_.check(node, *made);
  }
  if (value.is_structured()) {
    for (const auto& each : value) check_json(node, each);
  }
}

RequestSpec RequestReader::request(Node node) const {
  RequestSpec made;
  if (const auto method = node.member("method")) {
    made.method = method->text();
    if (made.method != "GET" && made.method != "POST")
      method->wrong("is neither GET nor POST: nothing is changed at a provider");
  }
  made.url = url(node.required("url"));
  if (const auto all = node.member("query")) made.query = query(*all);
  if (const auto all = node.member("headers")) made.headers = headers(*all);
  if (const auto pair = node.member("basic")) made.basic = basic(*pair);
  auto tree = node.member("json");
  auto form = node.member("form");
  if ((tree || form) && made.method == "GET") node.wrong("has a body, and is a GET");
  if (tree && form) node.wrong("has two bodies");
  if (tree) {
    check_json(*tree, tree->json());
    made.body = JsonBody{tree->json().dump()};
  }
  if (form) {
    FormBody body;
    for (const auto& [name, value] : form->members()) body.fields.push_back({name, text(value)});
    made.body = std::move(body);
  }
  node.done();
  return made;
}

void check_name(const Node& place, const std::string& name) {
  const bool plain = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!plain) place.wrong("has a name that is not of letters in lower case, digits and _");
}

std::vector<ExtractSpec> read_extract(Node node, NamesInUse& names) {
  std::vector<ExtractSpec> all;
  std::vector<ExtractSpec> later;
  std::vector<std::pair<Node, std::string>> tokens;
  for (auto& [name, from] : node.members()) {
    check_name(from, name);
    ExtractSpec made{.name = name};
    if (from.is_object()) {
      if (const auto places = from.member("at")) made.places = read_places(*places);
      if (const auto header = from.member("header")) made.header = header->text();
      if (const auto jwt = from.member("jwt")) {
        made.jwt = jwt->text();
        made.claim = from.required("claim").text();
        tokens.emplace_back(*jwt, made.jwt);
      }
      if (const auto flag = from.member("optional")) made.optional = flag->flag();
      if (const auto flag = from.member("in_addresses")) made.in_addresses = flag->flag();
      from.done();
      if (made.places.empty() && made.header.empty() && made.jwt.empty())
        from.wrong("is taken from nowhere: “at”, “header” or “jwt”");
    } else {
      made.places = read_places(from);
    }
    (made.jwt.empty() ? all : later).push_back(std::move(made));
  }
  std::ranges::move(later, std::back_inserter(all));
  for (const auto& each : all) names.add(each.name, {.secret = !each.in_addresses});
  for (const auto& [place, name] : tokens) names.check(place, name);
  return all;
}

LifetimeSpec read_lifetime(Node node, const NamesInUse& names) {
  LifetimeSpec made;
  if (const auto places = node.member("seconds_at")) made.seconds = read_places(*places);
  if (const auto jwt = node.member("jwt")) {
    made.jwt = jwt->text();
    names.check(*jwt, made.jwt);
  }
  if (const auto after = node.member("seconds")) made.after = read_seconds(*after);
  node.done();
  return made;
}

PagesSpec read_pages(Node node) {
  using Next = PagesSpec::Next;
  PagesSpec made;
  made.next = one_of<Next, 4>(node.required("next"), {{{"number", Next::number},
                                                       {"value", Next::value},
                                                       {"header", Next::header},
                                                       {"url", Next::url}}});
  if (const auto first = node.member("first")) made.first = first->number();
  if (const auto place = node.member("at")) made.place = read_pointer(*place);
  if (const auto header = node.member("header")) made.header = header->text();
  if (const auto place = node.member("more_at")) made.more = read_pointer(*place);
  if (const auto place = node.member("last_at")) made.last = read_pointer(*place);
  if (const auto place = node.member("pages_at")) made.pages = read_pointer(*place);
  if (const auto header = node.member("pages_header")) made.pages_header = header->text();
  if (const auto full = node.member("full")) made.full = full->number();
  node.done();
  const bool from_answer = made.next == Next::value || made.next == Next::url;
  if (from_answer != made.place.has_value()) node.wrong("“at” belongs to “value” and “url”");
  if ((made.next == Next::header) != !made.header.empty())
    node.wrong("“header” is missing, or is for another “next”");
  if (made.next == Next::number && !made.last && !made.pages && !made.more &&
      made.pages_header.empty() && !made.full) {
    node.wrong("does not say which page is the last");
  }
  return made;
}

QuantitySpec read_quantity(Node node) {
  QuantitySpec made;
  const auto at = node.required("at");
  if (at.is_text()) {
    made.places.push_back({read_pointer(at)});
  } else {
    for (const auto& each : at.elements()) made.places.push_back(read_places(each));
  }
  if (made.places.empty()) at.wrong("names no place");
  if (const auto aggregate = node.member("aggregate")) {
    made.aggregate = one_of<Aggregate, 4>(*aggregate, {{{"first", Aggregate::first},
                                                        {"sum", Aggregate::sum},
                                                        {"max", Aggregate::max},
                                                        {"last", Aggregate::last}}});
  }
  if (const auto unit = node.member("unit")) made.unit = read_unit(*unit);
  if (const auto place = node.member("unit_at")) made.unit_place = read_pointer(*place);
  if (auto names = node.member("unit_names")) {
    for (const auto& [name, unit] : names->members()) made.unit_names[name] = read_unit(unit);
  }
  if (const auto flag = node.member("optional")) made.optional = flag->flag();
  if (const auto words = node.member("unlimited")) made.unlimited = read_json_texts(*words);
  if (const auto words = node.member("unknown")) made.unknown = read_json_texts(*words);
  node.done();
  if (made.unit.has_value() == made.unit_place.has_value())
    node.wrong("an amount of data needs its “unit”, or “unit_at”, where the answer names it");
  return made;
}

DateSpec read_date(Node node) {
  using Format = DateSpec::Format;
  DateSpec made;
  made.places = read_places(node.required("at"));
  made.format =
      one_of<Format, 5>(node.required("format"), {{{"unix", Format::unix_seconds},
                                                   {"unix-milliseconds", Format::unix_milliseconds},
                                                   {"iso8601", Format::iso8601},
                                                   {"pattern", Format::pattern},
                                                   {"seconds-from-now", Format::from_now}}});
  if (const auto pattern = node.member("pattern")) {
    made.pattern = pattern->text();
    check_pattern(*pattern, made.pattern);
  }
  if (const auto zone = node.member("zone")) made.zone = zone->text();
  if (const auto words = node.member("unknown")) made.unknown = read_json_texts(*words);
  node.done();
  if ((made.format == Format::pattern) == made.pattern.empty())
    node.wrong("“pattern” is missing, or is for another “format”");
  return made;
}

CycleSpec read_cycle(Node node) {
  using usage::CycleRule;
  CycleSpec made;
  made.rule = one_of<CycleRule, 5>(node.required("rule"), {{{"monthly", CycleRule::monthly},
                                                            {"weekly", CycleRule::weekly},
                                                            {"daily", CycleRule::daily},
                                                            {"once", CycleRule::once},
                                                            {"none", CycleRule::none}}});
  if (const auto day = node.member("day")) {
    const unsigned last = made.rule == CycleRule::weekly ? 7 : 31;
    if (day->number() < 1 || day->number() > last) day->wrong("is no such day");
    made.day = static_cast<unsigned>(day->number());
  }
  if (const auto place = node.member("day_at")) made.day_place = read_pointer(*place);
  if (const auto date = node.member("start")) made.start = read_date(*date);
  if (const auto date = node.member("end")) made.end = read_date(*date);
  if (const auto zone = node.member("zone")) made.zone = zone->text();
  node.done();
  return made;
}

}  // namespace carriers
