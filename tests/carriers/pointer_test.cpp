#include "carriers/pointer.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using carriers::Pointer;
using nlohmann::json;

namespace {

/// What is at the places, and how many ways end before them: "[1,2] -1".
std::string found(const std::string& pointer, const std::string& document) {
  const auto tree = json::parse(document);
  const auto made = Pointer::parse(pointer);
  REQUIRE(made);
  const auto places = made->find(tree);
  json all = json::array();
  for (const auto* each : places.places) all.push_back(*each);
  return all.dump() + " -" + std::to_string(places.dead_ends);
}

}  // namespace

TEST_CASE("a pointer names one place, by RFC 6901") {
  const std::string document = R"({"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"k\"l":6})";
  CHECK(found("", "7") == "[7] -0");
  CHECK(found("/foo/0", document) == R"(["bar"] -0)");
  CHECK(found("/", document) == "[0] -0");
  CHECK(found("/a~1b", document) == "[1] -0");
  CHECK(found("/m~0n", document) == "[8] -0");
  CHECK(found("/k\"l", document) == "[6] -0");
}

TEST_CASE("a place that is not there is a dead end") {
  CHECK(found("/foo", "{}") == "[] -1");
  CHECK(found("/foo", R"({"Foo":1})") == "[] -1");
  CHECK(found("/foo/2", R"({"foo":[0,1]})") == "[] -1");
  CHECK(found("/foo/x", R"({"foo":[0,1]})") == "[] -1");
  CHECK(found("/foo/01", R"({"foo":[0,1]})") == "[] -1");
  CHECK(found("/foo/-", R"({"foo":[0,1]})") == "[] -1");
  CHECK(found("/foo/bar", R"({"foo":"bar"})") == "[] -1");
}

TEST_CASE("a null on the way is no dead end, but for a document that is nothing else") {
  CHECK(found("/foo/bar", R"({"foo":null})") == "[] -0");
  CHECK(found("/foo/bar", "null") == "[] -1");
  const auto tree = json::parse(R"([{"foo":null},{"foo":{"bar":1}}])");
  CHECK(Pointer::parse("/*/foo/bar")->find(tree).nulls == 1);
}

TEST_CASE("a star stands for all elements and members") {
  CHECK(found("/*", "[1,2]") == "[1,2] -0");
  CHECK(found("/*/n", R"([{"n":1},{"n":2}])") == "[1,2] -0");
  CHECK(found("/*/*/n", R"([{"a":{"n":1},"b":{"n":2}}])") == "[1,2] -0");
  CHECK(found("/*/n", R"([{"n":1},{"m":2}])") == "[1] -1");
  CHECK(found("/*", "[]") == "[] -0");
  CHECK(found("/*", "{}") == "[] -0");
  CHECK(found("/*", "3") == "[] -1");
}

TEST_CASE("what is no pointer is not taken") {
  for (const auto* text : {"foo", "#/foo", "/~", "/a~2b", "/a/~"}) {
    CAPTURE(text);
    CHECK_FALSE(Pointer::parse(text));
  }
  std::string deep;
  for (int i = 0; i < 16; ++i) deep += "/a";
  CHECK(Pointer::parse(deep));
  CHECK_FALSE(Pointer::parse(deep + "/a"));
}
