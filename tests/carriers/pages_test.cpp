#include "carriers/pages.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/carriers/engine.hpp"
#include "tests/support/errors.hpp"

using test::Engine;
using test::Json;
using test::status;

namespace {

Json paged(const Json& pages) {
  auto json = test::plain_provider();
  json["lines"]["pages"] = pages;
  if (pages.at("next") != "url")
    json["lines"]["request"]["query"] = {
        {"page", pages.at("next") == "number" ? "${page}" : "${page?}"}};
  return json;
}

/// How many things there were, and how many requests; or the code of the Error.
std::string run(Engine& engine) {
  std::size_t things = 0;
  const auto code = test::error_code([&] {
    carriers::each_page(engine.exchange, *engine.provider.lines->request,
                        engine.provider.lines->pages, engine.signed_in(),
                        [&](const carriers::Answer& page) {
                          const auto lines = page.body->value("lines", Json::array()).size();
                          things += lines;
                          return lines;
                        });
  });
  return (code == "none" ? std::to_string(things) : code) + " in " +
         std::to_string(engine.asked().size());
}

std::vector<std::string> queries(const Engine& engine) {
  std::vector<std::string> all;
  for (const auto& asked : engine.asked()) {
    const auto at = asked.url.find('?');
    all.push_back(at == std::string::npos ? "" : asked.url.substr(at + 1));
  }
  return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a list without pages is one request") {
  Engine engine(test::plain_provider(), {status(200, R"({"lines":[1,2]})")});
  CHECK(run(engine) == "2 in 1");
}

TEST_CASE("pages by number end with one that is not full") {
  Engine engine(paged({{"next", "number"}, {"full", 2}}),
                {status(200, R"({"lines":[1,2]})"), status(200, R"({"lines":[3]})")});
  CHECK(run(engine) == "3 in 2");
  CHECK(queries(engine) == Texts{"page=1", "page=2"});
  Engine exact(paged({{"next", "number"}, {"full", 2}, {"first", 0}}),
               {status(200, R"({"lines":[1,2]})"), status(200, R"({"lines":[]})")});
  CHECK(run(exact) == "2 in 2");
  CHECK(queries(exact) == Texts{"page=0", "page=1"});
}

TEST_CASE("pages by number end where the answer says so") {
  const auto ends = [](Json pages, const std::vector<std::string>& bodies) {
    pages["next"] = "number";
    Engine engine(paged(pages));
    for (const auto& body : bodies) engine.answers.push_back(status(200, body));
    return run(engine);
  };
  const std::string one = R"({"lines":[1])";
  CHECK(ends({{"pages_at", "/n"}}, {one + R"(,"n":2})", one + R"(,"n":2})"}) == "2 in 2");
  CHECK(ends({{"pages_at", "/n"}, {"first", 0}}, {one + R"(,"n":2})", one + R"(,"n":2})"}) ==
        "2 in 2");
  CHECK(ends({{"pages_at", "/n"}, {"first", 0}}, {R"({"n":0})"}) == "0 in 1");
  CHECK(ends({{"pages_at", "/n"}}, {R"({"n":0})"}) == "0 in 1");
  CHECK(ends({{"last_at", "/last"}}, {one + R"(,"last":false})", one + R"(,"last":true})"}) ==
        "2 in 2");
  CHECK(ends({{"more_at", "/more"}}, {one + R"(,"more":true})", one + R"(,"more":false})"}) ==
        "2 in 2");
  CHECK(ends({{"more_at", "/more"}}, {one + "}"}) == "1 in 1");
}

TEST_CASE("the number of pages may be in a header") {
  Engine engine(paged({{"next", "number"}, {"pages_header", "X-Total-Pages"}}),
                {status(200, R"({"lines":[1]})", {{"x-total-pages", "2"}}),
                 status(200, R"({"lines":[2]})", {{"x-total-pages", "2"}})});
  CHECK(run(engine) == "2 in 2");
}

TEST_CASE("where the number of pages is told, a page that is not full does not end the list") {
  const Json both{{"next", "number"}, {"pages_header", "X-Total-Pages"}, {"full", 2}};
  Engine told(paged(both), {status(200, R"({"lines":[1]})", {{"x-total-pages", "2"}}),
                            status(200, R"({"lines":[2]})", {{"x-total-pages", "2"}})});
  CHECK(run(told) == "2 in 2");
  Engine silent(paged(both), {status(200, R"({"lines":[1]})")});
  CHECK(run(silent) == "1 in 1");
}

TEST_CASE("a number of pages that is not told is a changed answer, at once") {
  Engine engine(paged({{"next", "number"}, {"pages_at", "/n"}}),
                {status(200, R"({"lines":[1],"m":1})")});
  CHECK(run(engine) == "carrier.changed in 1");
  Engine full(paged({{"next", "number"}, {"pages_at", "/n"}, {"full", 2}}),
              {status(200, R"({"lines":[1]})")});
  CHECK(run(full) == "1 in 1");
}

TEST_CASE("the next page may be named by the last value at a place") {
  Engine engine(paged({{"next", "value"}, {"at", "/lines/*"}, {"more_at", "/more"}}),
                {status(200, R"({"lines":[7,9],"more":true})"),
                 status(200, R"({"lines":["a b"],"more":true})"),
                 status(200, R"({"lines":[12],"more":false})")});
  CHECK(run(engine) == "4 in 3");
  CHECK(queries(engine) == Texts{"", "page=9", "page=a%20b"});
  for (const auto* end : {R"({"next":""})", R"({"next":null})", "{}"}) {
    CAPTURE(end);
    Engine cursor(paged({{"next", "value"}, {"at", "/next"}}),
                  {status(200, R"({"lines":[1],"next":"c1"})"), status(200, end)});
    CHECK(run(cursor) == "1 in 2");
  }
}

TEST_CASE("the next page may be named by a header") {
  Engine engine(
      paged({{"next", "header"}, {"header", "x-next-key"}}),
      {status(200, R"({"lines":[1]})", {{"X-Next-Key", "k1"}}), status(200, R"({"lines":[2]})")});
  CHECK(run(engine) == "2 in 2");
  CHECK(queries(engine) == Texts{"", "page=k1"});
}

TEST_CASE("the next page may have its whole address in the answer") {
  const Json pages{{"next", "url"}, {"at", "/meta/next"}};
  Engine engine(paged(pages),
                {status(200, R"({"lines":[1],"meta":{"next":"https://data.example.com/l?p=2"}})"),
                 status(200, R"({"lines":[2],"meta":{"next":null}})")});
  CHECK(run(engine) == "2 in 2");
  CHECK(engine.asked()[1].url == "https://data.example.com/l?p=2");
  CHECK(engine.asked()[1].header("X-Token") == "token-of-session");
  Engine foreign(paged(pages),
                 {status(200, R"({"lines":[1],"meta":{"next":"https://evil.example/l?p=2"}})")});
  CHECK(run(foreign) == "carrier.redirect in 1");
}

TEST_CASE("a page that comes again is a changed answer") {
  Engine engine(paged({{"next", "value"}, {"at", "/next"}}),
                {status(200, R"({"next":"a"})"), status(200, R"({"next":"b"})"),
                 status(200, R"({"next":"a"})")});
  CHECK(run(engine) == "carrier.changed in 3");
}

TEST_CASE("a list without an end is a changed answer after 200 pages") {
  Engine engine(paged({{"next", "number"}, {"full", 1}}));
  for (int i = 0; i < 300; ++i) engine.answers.push_back(status(200, R"({"lines":[1]})"));
  CHECK(run(engine) == "carrier.changed in 200");
  Engine ends(paged({{"next", "number"}, {"full", 1}}));
  for (int i = 0; i < 199; ++i) ends.answers.push_back(status(200, R"({"lines":[1]})"));
  ends.answers.push_back(status(200, R"({"lines":[]})"));
  CHECK(run(ends) == "199 in 200");
}

TEST_CASE("a page that fails ends the list") {
  Engine engine(paged({{"next", "number"}, {"full", 1}}),
                {status(200, R"({"lines":[1]})"), status(429)});
  CHECK(run(engine) == "carrier.rate-limited in 2");
}
