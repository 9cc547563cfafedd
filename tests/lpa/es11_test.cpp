#include "lpa/es11.hpp"

#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/support/errors.hpp"
#include "tests/support/scripted_http.hpp"

// What ES11 has beyond ES9+, over a client whose server says what the test wants.

using Json = nlohmann::json;
using test::ScriptedHttp;

namespace {

Json answer(const Json& entries) {
  return {{"header", {{"functionExecutionStatus", {{"status", "Executed-Success"}}}}},
          {"transactionId", "0A0B"},
          {"eventEntries", entries}};
}

Json refusal(const std::string& subject, const std::string& reason) {
  const Json data{{"subjectCode", subject}, {"reasonCode", reason}};
  const Json status{{"status", "Failed"}, {"statusCodeData", data}};
  return {{"header", {{"functionExecutionStatus", status}}}};
}

Json entry(const std::string& id) {
  return {{"eventId", id}, {"rspServerAddress", "smdp.example.com"}};
}

lpa::EventList asked(const Json& says) {
  ScriptedHttp http(says.dump());
  lpa::Smds smds(http, "smds.example.com", lpa::spoken_version);
  auto list = smds.authenticate_client({0x0A, 0x0B}, {});
  CHECK(http.asked().at(0).url == "https://smds.example.com/gsma/rsp2/es9plus/authenticateClient");
  return list;
}

}  // namespace

TEST_CASE("events have an identifier and a server") {
  const auto list = asked(answer({entry("ONE"), entry("")}));
  CHECK(list.transaction_id == lpa::TransactionId{0x0A, 0x0B});
  REQUIRE(list.entries.size() == 2);
  CHECK(list.entries[0].event_id == "ONE");
  CHECK(list.entries[0].server_address == "smdp.example.com");
  CHECK(list.entries[1].event_id.empty());
}

TEST_CASE("a list that is empty, missing or null has no events, and neither has 8.9.5/3.9") {
  CHECK(asked(answer(Json::array())).entries.empty());
  CHECK(asked(answer(nullptr)).entries.empty());
  auto without = answer(nullptr);
  without.erase("eventEntries");
  CHECK(asked(without).entries.empty());
  const auto none = asked(refusal("8.9.5", "3.9"));
  CHECK(none.entries.empty());
  CHECK(none.transaction_id == lpa::TransactionId{0x0A, 0x0B});
}

TEST_CASE("another refusal is an error, and so is a list of something else") {
  const auto code = [](const Json& says) {
    return test::error_code([&] { static_cast<void>(asked(says)); });
  };
  CHECK(code(refusal("8.9.5", "3.8")) == "smdp.refused");
  CHECK(code(refusal("", "")) == "smdp.refused");
  CHECK(code(answer("ONE")) == "smdp.unreadable");
  CHECK(code(answer({"ONE"})) == "smdp.unreadable");
  CHECK(code(answer({Json{{"eventId", "ONE"}}})) == "smdp.unreadable");
  CHECK(code(answer({Json{{"eventId", 1}, {"rspServerAddress", "a"}}})) == "smdp.unreadable");
  CHECK(code(answer(Json(257, entry("ONE")))) == "smdp.unreadable");
  CHECK(asked(answer(Json(256, entry("ONE")))).entries.size() == 256);
}
