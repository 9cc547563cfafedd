#include "carriers/reading.hpp"

#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "tests/carriers/engine.hpp"
#include "tests/support/errors.hpp"

using test::Engine;
using test::Json;
using test::status;

namespace {

/// What was read before an Error, if there was one.
struct Read {
  std::vector<usage::Snapshot> lines;
  std::string code;
};

Read read(Engine& engine) {
  Read made;
  made.code = test::error_code([&] {
    carriers::read_usage(engine.exchange, engine.signed_in(), "plain:1",
                         [&](usage::Snapshot line) { made.lines.push_back(std::move(line)); });
  });
  return made;
}

/// The plain provider, which is asked about each line.
Json with_usage(const Json& usage) {
  auto json = test::plain_provider();
  json["usage"] = usage;
  return json;
}

Json asked_by_line() {
  return {{"request", {{"url", "https://data.example.com/lines/${line.id}/use"}}},
          {"used", {{"at", "/used"}, {"unit", "B"}}}};
}

std::int64_t used(const usage::Snapshot& line) { return line.used ? line.used->bytes() : -1; }

const std::string two_lines = R"({"lines":[{"id":1,"used":10},{"id":2,"used":20}]})";

}  // namespace

TEST_CASE("the list of lines may tell all") {
  Engine engine(test::plain_provider(),
                {status(200, R"({"lines":[{"id":1,"iccid":"8944 1000-0001","used":10},
                                          {"id":"b","iccid":null,"used":"20"}]})")});
  const auto got = read(engine);
  CHECK(got.code == "none");
  REQUIRE(got.lines.size() == 2);
  CHECK(got.lines[0].line.provider_id == "1");
  CHECK(got.lines[0].line.iccid == "894410000001");
  CHECK(used(got.lines[0]) == 10);
  CHECK(got.lines[0].source == "plain:1");
  CHECK(got.lines[0].fetched_at == test::noon());
  CHECK_FALSE(got.lines[0].as_of);
  CHECK(got.lines[1].line.provider_id == "b");
  CHECK_FALSE(got.lines[1].line.iccid);
  CHECK(used(got.lines[1]) == 20);
  CHECK(engine.asked().size() == 1);
}

TEST_CASE("an empty list is no line, and one with another name is a changed answer") {
  Engine empty(test::plain_provider(), {status(200, R"({"lines":[]})")});
  CHECK(read(empty).code == "none");
  Engine null(test::plain_provider(), {status(200, R"({"lines":null})")});
  CHECK(read(null).code == "none");
  for (const auto* body : {R"({"Lines":[]})", "[]", "{}", "null", "<html>"}) {
    CAPTURE(body);
    Engine engine(test::plain_provider(), {status(200, body)});
    CHECK(read(engine).code == "carrier.changed");
  }
}

TEST_CASE("each line may be asked about by what the list says of it") {
  Engine engine(with_usage(asked_by_line()),
                {status(200, R"({"lines":[{"id":"a/b"},{"id":2}]})"), status(200, R"({"used":1})"),
                 status(200, R"({"used":2})")});
  const auto got = read(engine);
  REQUIRE(got.lines.size() == 2);
  CHECK(used(got.lines[0]) == 1);
  CHECK(used(got.lines[1]) == 2);
  CHECK(engine.asked()[1].url == "https://data.example.com/lines/a%2Fb/use");
}

TEST_CASE("a line that fails does not hide the others") {
  for (const auto& bad : {status(500), status(404), status(403), status(200, R"({"spent":1})")}) {
    CAPTURE(bad.status);
    Engine engine(with_usage(asked_by_line()),
                  {status(200, R"({"lines":[{"id":1},{"id":2},{"id":3}]})"),
                   status(200, R"({"used":1})"), bad, status(200, R"({"used":3})")});
    const auto got = read(engine);
    CHECK(got.code != "none");
    REQUIRE(got.lines.size() == 2);
    CHECK(used(got.lines[1]) == 3);
  }
  Engine engine(test::plain_provider(),
                {status(200, R"({"lines":[{"used":1},{"id":2,"used":"?"},{"id":3,"used":3}]})")});
  const auto got = read(engine);
  CHECK(got.code == "carrier.changed");
  REQUIRE(got.lines.size() == 1);
  CHECK(got.lines[0].line.provider_id == "3");
}

TEST_CASE("what concerns all lines ends it at once") {
  for (const int number : {401, 429}) {
    Engine engine(with_usage(asked_by_line()),
                  {status(200, R"({"lines":[{"id":1},{"id":2},{"id":3}]})"),
                   status(200, R"({"used":1})"), status(number)});
    const auto got = read(engine);
    CHECK(got.code == (number == 401 ? "carrier.signed-out" : "carrier.rate-limited"));
    CHECK(got.lines.size() == 1);
    CHECK(engine.asked().size() == 3);
  }
}

TEST_CASE("lines are those that the file wants") {
  auto json = test::plain_provider();
  json["lines"]["where"] = {{"present", "/live"}};
  Engine engine(json, {status(200, R"({"lines":[{"id":1,"used":1},{"id":2,"used":2,"live":1}]})")});
  const auto got = read(engine);
  REQUIRE(got.lines.size() == 1);
  CHECK(used(got.lines[0]) == 2);
}

TEST_CASE("an account may be the one line") {
  auto json = with_usage({{"request", {{"url", "https://data.example.com/use"}}},
                          {"remaining", {{"at", "/left"}, {"unit", "MB"}}},
                          {"limit", {{"at", "/all"}, {"unit", "GB"}}}});
  json["lines"] = {{"keys", Json::object()}};
  Engine engine(json, {status(200, R"({"left":250,"all":1})")});
  const auto got = read(engine);
  REQUIRE(got.lines.size() == 1);
  CHECK(got.lines[0].line == usage::Line());
  CHECK(got.lines[0].remaining->bytes() == 250'000'000);
  CHECK(used(got.lines[0]) == 750'000'000);  // from the limit
}

TEST_CASE("amounts of several pages are told together") {
  auto usage = asked_by_line();
  usage["used"] = {{"at", "/days/*/n"}, {"aggregate", "sum"}, {"unit", "B"}};
  usage["pages"] = {{"next", "url"}, {"at", "/next"}};
  const auto sum = [&](const std::string& second) {
    Engine engine(with_usage(usage),
                  {status(200, R"({"lines":[{"id":1}]})"),
                   status(200, R"({"days":[{"n":1}],"next":"https://data.example.com/2"})"),
                   status(200, R"({"days":[)" + second + "]}")});
    const auto got = read(engine);
    return got.code == "none" ? std::to_string(used(got.lines.at(0))) : got.code;
  };
  CHECK(sum(R"({"n":2},{"n":4})") == "7");
  CHECK(sum("") == "1");
  CHECK(sum(R"({"n":null})") == "-1");  // one that is not known leaves the sum unknown
  CHECK(sum(R"({"m":2})") == "carrier.changed");
  CHECK(sum(R"({"n":9223372036854775807})") == "carrier.changed");
}

TEST_CASE("a variant that is not the line's makes way for the next") {
  const Json usage{{"variants", {{{"type", "PHONE"}}, {{"type", "TABLET"}}}},
                   {"next_variant", {{"status", 401}}},
                   {"request",
                    {{"method", "POST"},
                     {"url", "https://data.example.com/use"},
                     {"json", {{"type", "${type}"}}}}},
                   {"used", {{"at", "/used"}, {"unit", "B"}}}};
  const auto list = status(200, R"({"lines":[{"id":1}]})");
  Engine first(with_usage(usage), {list, status(200, R"({"used":1})")});
  CHECK(used(read(first).lines.at(0)) == 1);
  CHECK(first.asked().size() == 2);
  Engine second(with_usage(usage), {list, status(401), status(200, R"({"used":2})")});
  CHECK(used(read(second).lines.at(0)) == 2);
  CHECK(second.asked()[2].body == R"({"type":"TABLET"})");
  Engine none(with_usage(usage), {list, status(401), status(401)});
  CHECK(read(none).code == "carrier.signed-out");
  Engine other(with_usage(usage), {list, status(500)});
  CHECK(read(other).code == "carrier.upstream");
  CHECK(other.asked().size() == 2);
}

TEST_CASE("what the answer about a line does not tell, the list may") {
  auto usage = asked_by_line();
  usage["plan"] = {"/plan/name"};
  usage["expires"] = {{"at", "/plan/ends"}, {"format", "iso8601"}};
  usage["cycle"] = {{"rule", "monthly"}, {"end", {{"at", "/plan/cycle"}, {"format", "iso8601"}}}};
  usage["as_of"] = {{"at", "/at"}, {"format", "unix"}};
  usage["at_limit"] = "throttled";
  usage["confidence"] = "it is late";
  Engine engine(with_usage(usage),
                {status(200, R"({"lines":[{"id":1,"plan":{"name":"Five\u0007","ends":"2027-06-01",
                                                "cycle":"2027-04-01"}}]})"),
                 status(200, R"({"used":1,"at":1803859200})")});
  const auto got = read(engine).lines.at(0);
  CHECK(got.plan == "Five");
  CHECK(base::to_rfc3339(got.expires_at.value()) == "2027-06-01T00:00:00Z");
  CHECK(base::to_rfc3339(got.cycle->end.value()) == "2027-04-01T00:00:00Z");
  CHECK(base::to_rfc3339(got.as_of.value()) == "2027-03-01T00:00:00Z");
  CHECK(got.limit_behaviour == usage::LimitBehaviour::throttled);
  CHECK(got.confidence == "it is late");
  CHECK(std::holds_alternative<usage::Unknown>(got.limit));
}

TEST_CASE("a limit that is unlimited is not nothing") {
  auto usage = test::plain_provider()["usage"];
  usage["limit"] = {{"at", "/limit"}, {"unit", "B"}, {"unlimited", {-1}}};
  Engine engine(with_usage(usage), {status(200, R"({"lines":[{"id":1,"used":1,"limit":-1}]})")});
  const auto got = read(engine).lines.at(0);
  CHECK(std::holds_alternative<usage::Unlimited>(got.limit));
  CHECK_FALSE(got.remaining);
}

TEST_CASE("requests have the time, and the beginning of the month") {
  auto json = test::plain_provider();
  json["lines"]["request"]["query"] = {{"a", "${now.unix}"},
                                       {"b", "${now.rfc3339}"},
                                       {"c", "${month.unix}"},
                                       {"d", "${month.rfc3339}"},
                                       {"e", "${month.date}"}};
  Engine engine(json, {status(200, R"({"lines":[]})")});
  read(engine);
  CHECK(engine.asked().at(0).url ==
        "https://data.example.com/lines?a=1805112000&b=2027-03-15T12%3A00%3A00Z&c=1803859200"
        "&d=2027-03-01T00%3A00%3A00Z&e=2027-03-01");
}

TEST_CASE("a balance is an amount in a currency") {
  const auto balance = [](const Json& spec, const std::string& body) {
    auto json = test::plain_provider();
    json["balance"] = spec;
    json["balance"]["request"] = {{"url", "https://data.example.com/balance"}};
    Engine engine(json, {status(200, body)});
    std::string told;
    const auto error = test::error_of([&] {
      const auto money = carriers::read_balance(engine.exchange, engine.signed_in());
      told = money->amount() + " " + money->currency();
    });
    if (error) {
      const std::string what = error->what();
      CHECK(what.find("hush") == std::string::npos);
    }
    return error ? error->code() : told;
  };
  const Json named{{"amount_at", "/a"}, {"currency_at", "/c"}};
  CHECK(balance(named, R"({"a":"12.5","c":"USD"})") == "12.50 USD");
  CHECK(balance(named, R"({"a":-3,"c":"JPY"})") == "-3 JPY");
  CHECK(balance(named, R"({"a":"1","c":"usd"})") == "1.00 USD");
  CHECK(balance({{"amount_at", "/a"}, {"currency", "USD"}, {"scale", 4}}, R"({"a":125000})") ==
        "12.50 USD");
  CHECK(balance(named, R"({"a":"hush","c":"USD"})") == "carrier.changed");
  CHECK(balance(named, R"({"a":"1","c":"hush"})") == "carrier.changed");
  CHECK(balance(named, R"({"a":"1"})") == "carrier.changed");
  CHECK(balance(named, R"({"b":"1","c":"USD"})") == "carrier.changed");
  CHECK(balance(named, R"({"a":null,"c":"USD"})") == "carrier.changed");
  CHECK(balance({{"amount_at", "/a"}, {"currency", "USD"}, {"scale", 4}}, R"({"a":"12.5"})") ==
        "carrier.changed");
  Engine none(test::plain_provider());
  CHECK_FALSE(carriers::read_balance(none.exchange, none.signed_in()));
}

TEST_CASE("a provider that tells of no line is not asked") {
  auto json = test::plain_provider();
  json.erase("usage");
  json.erase("lines");
  json["balance"] = {{"request", {{"url", "https://data.example.com/b"}}},
                     {"amount_at", "/a"},
                     {"currency", "USD"}};
  Engine engine(json);
  CHECK(read(engine).code == "none");
  CHECK(engine.asked().empty());
}
