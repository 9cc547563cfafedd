#include "lpa/server_status.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

namespace {

std::string cause_of(std::string_view subject, std::string_view reason) {
  const auto meaning = lpa::server_meaning(subject, reason);
  return meaning ? std::string(meaning->cause) : "none";
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("no pair of codes is there twice and each says what it means") {
  std::set<std::pair<std::string_view, std::string_view>> pairs;
  for (const auto& each : lpa::server_meanings()) {
    CAPTURE(each.subject);
    CAPTURE(each.reason);
    CHECK(pairs.insert({each.subject, each.reason}).second);
    CHECK_FALSE(each.cause.empty());
    CHECK_FALSE(each.cause.ends_with('.'));
    CHECK_FALSE(each.advice.ends_with('.'));
  }
  CHECK(pairs.size() > 60);
}

TEST_CASE("each code of a pair has the name that it has alone") {
  for (const auto& each : lpa::server_meanings()) {
    CAPTURE(each.subject);
    CAPTURE(each.reason);
    CHECK_FALSE(each.subject_name.empty());
    CHECK_FALSE(each.reason_name.empty());
    CHECK(lpa::server_subject(each.subject) == each.subject_name);
    CHECK(lpa::server_reason(each.reason) == each.reason_name);
  }
}

TEST_CASE("codes are text: 3.10 is not 3.1, and 4.10 is not 4.1") {
  CHECK(lpa::server_reason("3.1") == "Unsupported");
  CHECK(lpa::server_reason("3.10") == "Invalid Association");
  CHECK(lpa::server_reason("4.10") == "Time to Live Expired");
  CHECK_FALSE(lpa::server_reason("4.1"));
  CHECK(lpa::server_meaning("8.8", "3.10"));
  CHECK_FALSE(lpa::server_meaning("8.8", "3.1"));
  CHECK_FALSE(lpa::server_meaning("8.8.5", "4.1"));
  CHECK(lpa::server_subject("8.1") == "eUICC");
  CHECK(lpa::server_subject("8.10") == "RSP Operation");
  CHECK_FALSE(lpa::server_subject("8.01"));
}

TEST_CASE("a refused matching ID is not said to be installed on another device") {
  const auto meaning = lpa::server_meaning("8.2.6", "3.8");
  REQUIRE(meaning);
  CHECK(meaning->subject_name == "Matching ID");
  CHECK(meaning->reason_name == "Refused");
  CHECK(has(meaning->cause, "used up, expired or mistyped"));
  CHECK_FALSE(has(meaning->cause, "device"));
  CHECK_FALSE(has(meaning->advice, "device"));
}

TEST_CASE("the three failures of a confirmation code are told apart") {
  CHECK(has(cause_of("8.2.7", "2.2"), "none was given"));
  CHECK(has(cause_of("8.2.7", "3.8"), "is wrong"));
  CHECK(has(cause_of("8.2.7", "6.4"), "too often"));
}

TEST_CASE("a pair that no server sends is not explained, whatever its halves are") {
  CHECK_FALSE(lpa::server_meaning("8.2.6", "4.8"));
  CHECK_FALSE(lpa::server_meaning("", ""));
  CHECK_FALSE(lpa::server_meaning("8.2.6", ""));
  CHECK_FALSE(lpa::server_meaning("8.2.6 ", "3.8"));
  CHECK_FALSE(lpa::server_subject(""));
  CHECK_FALSE(lpa::server_reason("7"));
}

TEST_CASE("one code alone has few pairs, so that all of them can be shown") {
  const auto all = lpa::server_meanings();
  for (const auto& each : all) {
    CHECK(std::ranges::count(all, each.subject, &lpa::ServerMeaning::subject) <= 10);
    CHECK(std::ranges::count(all, each.reason, &lpa::ServerMeaning::reason) <= 10);
  }
}
