#include "sim/smdp.hpp"

#include <string>

#include <doctest/doctest.h>

#include "sim/es9.hpp"
#include "sim/issue.hpp"
#include "tests/sim/es9_driver.hpp"

// A card and a server in one process; the device between them is tests/sim/es9_driver.hpp.

using namespace sim::test;
using sim::OrderState;

namespace {

constexpr std::uint64_t today = 1'800'000'000;

/// A server, a card, and a device between them.
struct World {
  explicit World(sim::Orders orders = sim::fresh_orders(), sim::Curve curve = sim::Curve::nist,
                 sim::State state = sim::fresh())
      : smdp({curve, "localhost", "2.999.10"}, std::move(orders), [] { return today; }),
        card(selected_card(std::move(state))),
        device(card, post()) {}

  Post post() {
    return [this](const std::string& function, const std::string& body) {
      return sim::run_es9(smdp, function, body).value().body;
    };
  }
  [[nodiscard]] const sim::Order& order(std::size_t number = 0) const {
    return smdp.orders().orders.at(number);
  }

  sim::Smdp smdp;
  sim::Card card;
  Device device;
};

/// Orders of which the first is like that of 2 KB, changed.
template <class Change>
sim::Orders changed(Change change) {
  auto orders = sim::fresh_orders();
  change(orders.orders.at(0));
  return orders;
}

/// The outcome of AuthenticateClient for the first order.
std::string asked(World& world, const std::string& matching_id = "SMALL-2KB") {
  return outcome(world.device.authenticate(world.device.initiate(), matching_id));
}

}  // namespace

TEST_CASE("a download goes from the order to the profile and closes the order") {
  for (const auto curve : {sim::Curve::nist, sim::Curve::brainpool}) {
    World world(sim::fresh_orders(), curve);
    for (const std::size_t number : {0U, 1U}) {  // 2 KB with session keys, 200 KB with others
      const auto order = world.order(number);
      world.device.download(order.matching_id);
      CHECK(world.order(number).state == OrderState::installed);
      CHECK(world.order(number).eid == base::to_hex(world.card.state().eid));
      const auto& profile = world.card.state().profiles.back();
      CHECK(profile.iccid == order.profile.iccid);
      CHECK(profile.name == order.profile.name);
      CHECK(profile.size >= order.size - 30);
      CHECK(profile.size <= order.size + 30);
      CHECK(asked(world, order.matching_id) == "8.2.6/3.8");
    }
    CHECK(world.card.state().profiles.size() == 6);
  }
}

TEST_CASE("the metadata before the download is that of the package, unless the order says not") {
  World world;
  const auto shown = world.device.authenticate(world.device.initiate(), "SMALL-2KB");
  const auto metadata = inside(unbase64(shown.at("profileMetadata")));
  CHECK(value_of(metadata.at(2)) == base::Bytes{'S', 'm', 'a', 'l', 'l'});
  World other(changed([](sim::Order& order) { order.preview_name = "Else"; }));
  const auto differs = other.device.authenticate(other.device.initiate(), "SMALL-2KB");
  CHECK(value_of(inside(unbase64(differs.at("profileMetadata"))).at(2)) ==
        base::Bytes{'E', 'l', 's', 'e'});
  other.device.load(other.device.prepare(differs));
  CHECK(other.card.state().profiles.back().name == "Small");
}

TEST_CASE("the server knows its own address, in either case, and no other") {
  World world;
  CHECK(outcome(world.device.initiate("LOCALHOST")) == "Executed-Success");
  CHECK(outcome(world.device.initiate("localhost:8443")) == "Executed-Success");
  CHECK(outcome(world.device.initiate("localhost.example")) == "8.8.1/3.8");
  CHECK(outcome(world.device.initiate("")) == "8.8.1/3.8");
}

TEST_CASE("the server wants a card that knows its CI for both purposes") {
  auto state = sim::fresh();
  state.info.verification_keys.erase(state.info.verification_keys.begin());
  World no_verification(sim::fresh_orders(), sim::Curve::nist, state);
  CHECK(outcome(no_verification.device.initiate()) == "8.8.4/3.7");
  state = sim::fresh();
  state.info.signing_keys.erase(state.info.signing_keys.begin());
  World no_signing(sim::fresh_orders(), sim::Curve::nist, state);
  CHECK(outcome(no_signing.device.initiate()) == "8.8.2/3.1");
  state = sim::fresh();
  state.info.svn = {1, 1, 0};
  World old(sim::fresh_orders(), sim::Curve::nist, state);
  CHECK(outcome(old.device.initiate()) == "8.8.3/3.1");
}

TEST_CASE("an order is for those that it names") {
  const std::string eid = "89049032000000000000000000042164";
  const auto tried = [](const sim::Orders& orders, const std::string& id = "SMALL-2KB") {
    World world(orders);
    return asked(world, id);
  };
  CHECK(tried(changed([&](sim::Order& order) { order.eid = eid; })) == "Executed-Success");
  CHECK(tried(changed([](sim::Order& order) { order.eid = std::string(32, '1'); })) == "8.1.1/3.8");
  CHECK(tried(changed([](sim::Order& order) { order.imei = "352910610123454"; })) == "8.2.5/4.3");
  CHECK(tried(changed([](sim::Order& order) { order.imei = "352910610123450"; })) ==
        "Executed-Success");
  CHECK(tried(sim::fresh_orders(), "UNKNOWN") == "8.2.6/3.8");
  CHECK(tried(sim::fresh_orders(), "") == "8.2.6/3.8");
  CHECK(tried(changed([&](sim::Order& order) {
                order.eid = eid;
                order.matching_id.clear();
              }),
              "") == "Executed-Success");
}

TEST_CASE("an order that is not open is refused, each time for its reason") {
  const auto tried = [](auto change) {
    World world(changed(change));
    return asked(world);
  };
  CHECK(tried([](sim::Order& order) { order.state = OrderState::allocated; }) == "8.2/1.2");
  CHECK(tried([](sim::Order& order) { order.state = OrderState::installed; }) == "8.2.6/3.8");
  CHECK(tried([](sim::Order& order) { order.state = OrderState::cancelled; }) == "8.2.6/3.8");
  CHECK(tried([](sim::Order& order) { order.state = OrderState::error; }) == "8.2.6/3.8");
  CHECK(tried([](sim::Order& order) { order.expires = today; }) == "8.8.5/4.10");
  CHECK(tried([](sim::Order& order) { order.expires = today + 1; }) == "Executed-Success");
  CHECK(tried([](sim::Order& order) { order.attempts = order.most_attempts; }) == "8.8.5/6.4");
  CHECK(tried([](sim::Order& order) { order.size = 1'000'000; }) == "8.1/4.8");
  CHECK(tried([](sim::Order& order) {
          order.size = 1'000'000;
          order.check_memory = false;
        }) == "Executed-Success");
}

TEST_CASE("the same eUICC may ask again, another may not, and not for ever") {
  World world(changed([](sim::Order& order) { order.most_attempts = 2; }));
  world.device.prepare(world.device.authenticate(world.device.initiate(), "SMALL-2KB"));
  CHECK(world.order().state == OrderState::downloaded);
  auto state = sim::fresh();
  state.eid = hex("89049032000000000000000000099965");
  auto other = selected_card(state);
  Device stranger(other, world.post());
  CHECK(outcome(stranger.authenticate(stranger.initiate(), "SMALL-2KB")) == "8.1.1/3.8");
  world.device.prepare(world.device.authenticate(world.device.initiate(), "SMALL-2KB"));
  CHECK(world.order().attempts == 2);
  CHECK(asked(world) == "8.8.5/6.4");
}

TEST_CASE("a failed installation gives the order back") {
  auto state = sim::fresh();
  state.download.install_error = sim::InstallError{5, 12};
  World world(sim::fresh_orders(), sim::Curve::nist, state);
  world.device.download("SMALL-2KB");
  CHECK(world.order().state == OrderState::released);
  world.device.download("SMALL-2KB");
  world.device.download("SMALL-2KB");
  CHECK(world.order().state == OrderState::error);
  CHECK(world.card.state().profiles.size() == 4);
}

TEST_CASE("a confirmation code is wanted, checked, and asked for three times") {
  World world;
  const auto begun = [&] {
    return world.device.authenticate(world.device.initiate(), "WITH-CODE");
  };
  CHECK_THROWS(world.device.prepare(begun()).at("boundProfilePackage"));
  CHECK(outcome(world.device.prepare(begun(), "1235")) == "8.2.7/3.8");
  CHECK(outcome(world.device.prepare(begun(), "0000")) == "8.2.7/3.8");
  World fresh_world;
  fresh_world.device.download("WITH-CODE", "1234");
  CHECK(fresh_world.order(2).state == OrderState::installed);
  CHECK(outcome(world.device.prepare(begun(), "9999")) == "8.2.7/6.4");
  CHECK(world.order(2).state == OrderState::error);
  CHECK(asked(world, "WITH-CODE") == "8.2.6/3.8");
}

TEST_CASE("a card that is none, or another, does not get in") {
  World world;
  const auto tried = [&](const auto& spoil) {
    const auto initiated = world.device.initiate();
    world.device.authenticate(initiated, "SMALL-2KB");
    auto parts = inside(inside(world.device.server_answer).at(0));
    spoil(parts);
    base::Bytes all;
    for (const auto& part : parts) all = all + part;
    return outcome(world.device.post(
        "authenticateClient",
        {{"transactionId", world.device.transaction_id},
         {"authenticateServerResponse", base64(tlv_of("BF38", tlv_of("A0", all)))}}));
  };
  using Parts = std::vector<base::Bytes>;
  CHECK(tried([](Parts&) {}) == "Executed-Success");
  CHECK(tried([](Parts& parts) { parts[0].back() ^= 1U; }) == "8.1/6.1");
  CHECK(tried([](Parts& parts) { parts[1].back() ^= 1U; }) == "8.1/6.1");
  CHECK(tried([](Parts& parts) { parts[2].back() ^= 1U; }) == "8.1.3/6.1");
  CHECK(tried([](Parts& parts) { parts[3].back() ^= 1U; }) == "8.1.2/6.1");
  CHECK(tried([](Parts& parts) { parts[2] = parts[3]; }) == "8.1.3/6.1");
  CHECK(tried([](Parts& parts) {
          parts[3] = sim::test_eum(sim::Curve::brainpool, "89049032").certificate.der();
        }) == "8.11.1/3.9");
  CHECK(tried([](Parts& parts) {  // a card of the same maker signs what another said
          const auto other =
              sim::test_euicc(sim::Curve::nist, hex("89049032000000000000000000099965"));
          parts[2] = other.certificate.der();
        }) == "8.1/6.1");
  CHECK(tried([](Parts& parts) { parts.pop_back(); }) == "1.3.1/2.1");
}

TEST_CASE("what was signed for one session is worth nothing in another") {
  World world;
  world.device.authenticate(world.device.initiate(), "SMALL-2KB");
  const auto old = world.device.server_answer;
  world.device.initiate();
  CHECK(outcome(world.device.post("authenticateClient",
                                  {{"transactionId", world.device.transaction_id},
                                   {"authenticateServerResponse", base64(old)}})) == "8.1/6.1");
  world.device.transaction_id = "00112233445566778899AABBCCDDEEFF";
  CHECK(outcome(world.device.post("authenticateClient",
                                  {{"transactionId", world.device.transaction_id},
                                   {"authenticateServerResponse", base64(old)}})) == "8.10.1/3.9");
}

TEST_CASE("a package is only bound for a card that signed for it") {
  World world;
  const auto begun = world.device.authenticate(world.device.initiate(), "SMALL-2KB");
  const auto other = world.device.authenticate(world.device.initiate(), "SMALL-2KB");
  const auto part = [&](const char* key) { return unbase64(other.at(key)); };
  const auto ready = send(world.card, tlv_of("BF21", part("smdpSigned2") + part("smdpSignature2") +
                                                         part("smdpCertificate")));
  auto damaged = ready;
  damaged.back() ^= 1U;
  const auto bind = [&](const std::string& id, const base::Bytes& response) {
    return outcome(
        world.device.post("getBoundProfilePackage",
                          {{"transactionId", id}, {"prepareDownloadResponse", base64(response)}}));
  };
  CHECK(bind(world.device.transaction_id, damaged) == "8.1/6.1");
  CHECK(bind(begun.at("transactionId"), ready) == "8.1/6.1");  // the other session's
  CHECK(world.order().attempts == 0);
  CHECK(bind(world.device.transaction_id, ready) == "Executed-Success");
  CHECK(world.order().attempts == 1);
}

TEST_CASE("a rejected profile is cancelled, a postponed one waits") {
  World world;
  world.device.authenticate(world.device.initiate(), "SMALL-2KB");
  CHECK(outcome(world.device.cancel("01")) == "Executed-Success");
  CHECK(world.order().state == OrderState::released);
  world.device.authenticate(world.device.initiate(), "SMALL-2KB");
  CHECK(outcome(world.device.cancel("00")) == "Executed-Success");
  CHECK(world.order().state == OrderState::cancelled);
  CHECK(asked(world) == "8.2.6/3.8");
}

TEST_CASE("a cancellation has to be signed for the session that it ends") {
  World world;
  world.device.authenticate(world.device.initiate(), "SMALL-2KB");
  const auto request =
      tlv_of("BF41", tlv_of("80", hex(world.device.transaction_id)) + tlv_of("81", hex("00")));
  auto answer = send(world.card, request);
  answer.back() ^= 1U;
  const auto cancel = [&] {
    return outcome(
        world.device.post("cancelSession", {{"transactionId", world.device.transaction_id},
                                            {"cancelSessionResponse", base64(answer)}}));
  };
  CHECK(cancel() == "8.1/6.1");
  CHECK(world.order().state == OrderState::released);
  answer.back() ^= 1U;
  CHECK(cancel() == "Executed-Success");
  CHECK(cancel() == "8.10.1/3.9");
}

TEST_CASE("notifications are acknowledged, and those that are forged change nothing") {
  World world;
  const auto result = world.device.load(
      world.device.prepare(world.device.authenticate(world.device.initiate(), "SMALL-2KB")));
  auto forged = result;
  forged.back() ^= 1U;
  CHECK_FALSE(world.smdp.handle_notification(forged).valid);
  CHECK(world.order().state == OrderState::downloaded);
  const auto received = world.smdp.handle_notification(result);
  CHECK(received.valid);
  CHECK(received.success);
  CHECK(received.kind == "installation");
  CHECK(received.eid == base::to_hex(world.card.state().eid));
  CHECK(world.smdp.handle_notification(result).valid);  // twice is once
  CHECK(world.order().state == OrderState::installed);

  send(world.card, hex("BF3111A00C5A0A980001000000000001F1810100"));
  const auto list = inside(inside(send(world.card, hex("BF2B06A00481020640"))).at(0));
  REQUIRE(list.size() == 1);
  const auto enabled = world.smdp.handle_notification(list[0]);
  CHECK(enabled.valid);
  CHECK(enabled.kind == "enable");
  auto changed_one = list[0];
  changed_one[20] ^= 1U;
  CHECK_FALSE(world.smdp.handle_notification(changed_one).valid);
  CHECK_FALSE(world.smdp.handle_notification(hex("3000")).valid);
  CHECK_FALSE(world.smdp.handle_notification({}).valid);
}

TEST_CASE("a request of another shape has its own status code") {
  World world;
  const auto tried = [&](const std::string& function, const std::string& body) {
    return outcome(Json::parse(sim::run_es9(world.smdp, function, body).value().body));
  };
  CHECK(tried("initiateAuthentication", "") == "1.3.1/2.1");
  CHECK(tried("initiateAuthentication", "[]") == "1.3.1/2.1");
  CHECK(tried("initiateAuthentication", "{}") == "1.3.1/2.2");
  CHECK(tried("authenticateClient", R"({"transactionId":1})") == "1.3.1/2.1");
  CHECK(tried("authenticateClient", R"({"transactionId":"0G","authenticateServerResponse":""})") ==
        "1.3.1/2.1");
  CHECK(tried("authenticateClient",
              R"({"transactionId":"00","authenticateServerResponse":"AA=="})") == "8.10.1/3.9");
  CHECK(tried("handleNotification", R"({"pendingNotification":"AB=="})") == "1.3.1/2.1");
  CHECK(tried("handleNotification", R"({"pendingNotification":"AA==\n"})") == "1.3.1/2.1");
  CHECK_FALSE(sim::run_es9(world.smdp, "other", "{}"));
}

TEST_CASE("orders are what their file says, and a fault in it has a place") {
  auto orders = sim::fresh_orders();
  orders.faults.push_back({.function = "authenticateClient",
                           .kind = sim::ServerFault::Kind::half_body,
                           .subject = "8.2.6",
                           .reason = "3.8",
                           .skip = 1,
                           .times = 2});
  orders.orders[0].imei = "352910611001235";
  CHECK(sim::orders_from_json(sim::to_json(orders), "orders") == orders);
  CHECK_THROWS_WITH(sim::orders_from_json("[]", "f"), "f: no JSON object");
  CHECK_THROWS_WITH(sim::orders_from_json(R"({"orders":[{"x":1}]})", "f"), "f: x: no such key");
  CHECK_THROWS_WITH(sim::orders_from_json(R"({"orders":[{}]})", "f"), "f: profile: it is missing");
  CHECK_THROWS_WITH(sim::orders_from_json(R"({"faults":[{"fault":"none"}]})", "f"),
                    "f: fault: no such word");
}
