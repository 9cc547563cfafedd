#include <array>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "sim/issue.hpp"
#include "sim/package.hpp"
#include "sim/profile_elements.hpp"
#include "tests/sim/download_driver.hpp"

// A server written by hand, message by message, against the card.

using sim::Curve;
using sim::Role;
using namespace sim::test;

namespace {

const base::Bytes transaction_id = hex("0102030405060708090A0B0C0D0E0F10");

/// A server that can be told to do single things wrong.
struct Server {
  explicit Server(Curve wanted = Curve::nist)
      : curve(wanted),
        auth(sim::test_server(wanted, Role::dp_auth, "2.999.10")),
        pb(sim::test_server(wanted, Role::dp_pb, "2.999.10")),
        ci_key_id(sim::test_ci(wanted).certificate.key_id()) {}

  [[nodiscard]] base::Bytes authenticate_server(const base::Bytes& challenge) const {
    const auto told = tlv_of("30", tlv_of("80", transaction_id) + tlv_of("81", challenge) +
                                       tlv_of("83", base::Bytes{'s', 'm', 'd', 'p'}) +
                                       tlv_of("84", base::Bytes(16, 0x77)));
    return tlv_of("BF38", told + tlv_of("5F37", auth.key.sign(told)) + tlv_of("04", ci_key_id) +
                              auth.certificate.der() + context("ID-1"));
  }

  [[nodiscard]] base::Bytes prepare_download(const base::Bytes& euicc_signature,
                                             const std::optional<base::Bytes>& code_hash) const {
    const auto told =
        tlv_of("30", tlv_of("80", session_id) + tlv_of("01", hex(code_hash ? "FF" : "00")));
    return tlv_of("BF21", told + tlv_of("5F37", pb.key.sign(told + euicc_signature)) +
                              (code_hash ? tlv_of("04", *code_hash) : base::Bytes{}) +
                              pb.certificate.der());
  }

  Curve curve;
  sim::Party auth;
  sim::Party pb;
  base::Bytes ci_key_id;
  base::Bytes session_id = transaction_id;  ///< what smdpSigned2 says
};

/// BF38 { A1 { 80 transactionId, 02 code } } and its like.
base::Bytes error(const std::string& function, const std::string& code) {
  return tlv_of(function, tlv_of("A1", tlv_of("80", transaction_id) + tlv_of("02", hex(code))));
}

base::Bytes challenge_of(sim::Card& card) { return value_of(value_of(send(card, hex("BF2E00")))); }

sim::Profile profile() {
  sim::Profile profile;
  profile.iccid = hex("984400000000000011F1");
  profile.provider = "Provider";
  profile.name = "Plan";
  profile.icon_type = sim::IconType::png;
  profile.icon = base::Bytes(1000, 0xA5);  // the metadata needs two blocks
  profile.notifications = {{{sim::Event::install, sim::Event::enable}, "other.example"},
                           {{sim::Event::install}, "smdp"}};
  profile.owner = sim::Owner{hex("09F199"), hex("01"), std::nullopt};
  return profile;
}

/// A card that is ready for a package, and the package.
struct Prepared {
  sim::Card card;
  base::Bytes package;
};

Prepared prepared(sim::State state, const Server& server, const sim::PackageContents& contents,
                  const std::optional<base::Bytes>& code_hash = std::nullopt) {
  auto card = selected_card(std::move(state));
  const auto answer = send(card, server.authenticate_server(challenge_of(card)));
  const auto ok = inside(inside(answer).at(0));
  REQUIRE(ok.size() == 4);
  const auto ready = send(card, server.prepare_download(ok[1], code_hash));
  const auto parts = inside(inside(ready).at(0));
  REQUIRE(parts.size() == 2);
  const auto fields = inside(parts[0]);
  const auto key = sim::PublicKey::from_point(server.curve, value_of(fields.at(1)));
  REQUIRE(key);
  CHECK(value_of(fields[0]) == transaction_id);
  CHECK((fields.size() == 3) == code_hash.has_value());
  auto package =
      sim::bind_package({transaction_id, card.state().eid, *key, server.pb.key}, contents);
  return {std::move(card), std::move(package)};
}

sim::PackageContents contents(std::size_t size = 3'000, bool replace_keys = true) {
  return {profile(), sim::make_profile_elements(profile().iccid, size), replace_keys};
}

/// The card's last answer; every one before is empty.
base::Bytes load(sim::Card& card, const std::vector<base::Bytes>& cut) {
  base::Bytes answer;
  for (const auto& segment : cut) {
    CHECK(answer.empty());
    answer = send(card, segment);
    if (!answer.empty()) break;
  }
  return answer;
}

/// Command and reason of a ProfileInstallationResult: BF37 { BF27 { …, A2 { A1 { 80, 81 } } } }.
std::string failure(const base::Bytes& result) {
  REQUIRE(!result.empty());
  REQUIRE(piece_at(result).tag == "BF37");
  const auto outcome = inside(inside(inside(result).at(0)).back()).at(0);
  if (piece_at(outcome).tag != "A1") return "none";
  const auto fields = inside(outcome);
  return base::to_hex(value_of(fields.at(0))) + base::to_hex(value_of(fields.at(1)));
}

}  // namespace

TEST_CASE("the card proves itself to a server that proved itself") {
  for (const auto curve : {Curve::nist, Curve::brainpool}) {
    const Server server(curve);
    auto card = selected_card(sim::fresh());
    const auto answer = send(card, server.authenticate_server(challenge_of(card)));
    REQUIRE(piece_at(answer).tag == "BF38");
    const auto ok = inside(inside(answer).at(0));
    const auto euicc = sim::Certificate::read(ok.at(2));
    const auto eum = sim::Certificate::read(ok.at(3));
    REQUIRE(euicc);
    REQUIRE(eum);
    CHECK(is_euicc_chain(*euicc, *eum, sim::test_ci(curve).certificate));
    CHECK(euicc->key().verifies(ok[0], value_of(ok[1])));
    const auto fields = inside(ok[0]);
    CHECK(value_of(fields.at(0)) == transaction_id);
    CHECK(fields.at(1) == tlv_of("83", base::Bytes{'s', 'm', 'd', 'p'}));
    CHECK(value_of(fields.at(2)) == base::Bytes(16, 0x77));
    CHECK(fields.at(3) == send(card, hex("BF2200")));
    CHECK(fields.at(4) == context("ID-1"));
  }
}

TEST_CASE("a server that does not prove itself is refused, each time for its reason") {
  auto card = selected_card(sim::fresh());
  const auto tried = [&](const Server& server) {
    return send(card, server.authenticate_server(challenge_of(card)));
  };
  Server server;
  server.ci_key_id = hex("F54172BDF98A95D65CBEB88A38A1C11D800A85C3");
  CHECK(tried(server) == error("BF38", "07"));
  server = Server();
  server.ci_key_id = Server(Curve::brainpool).ci_key_id;
  CHECK(tried(server) == error("BF38", "03"));
  server = Server();
  server.auth.key = sim::PrivateKey::generate(Curve::nist);
  CHECK(tried(server) == error("BF38", "02"));
  server = Server();
  server.auth = server.pb;
  CHECK(tried(server) == error("BF38", "05"));
  server = Server();
  server.auth.certificate =
      make_certificate({.role = Role::dp_auth,
                        .issuer = sim::test_ci(Curve::nist).certificate.subject(),
                        .subject = {"x", "", "x"},
                        .registered_id = "2.999.10",
                        .dns_names = {}},
                       server.auth.key.public_key(), server.auth.key);  // signs itself
  CHECK(tried(server) == error("BF38", "01"));
  server = Server();
  CHECK(send(card, server.authenticate_server(base::Bytes(16, 0x00))) == error("BF38", "04"));
  challenge_of(card);
  CHECK(send(card, server.authenticate_server(base::Bytes(16, 0x00))) == error("BF38", "06"));
}

TEST_CASE("a challenge is good for one session") {
  const Server server;
  auto card = selected_card(sim::fresh());
  const auto challenge = challenge_of(card);
  CHECK(piece_at(value_of(send(card, server.authenticate_server(challenge)))).tag == "A0");
  CHECK(send(card, server.authenticate_server(challenge)) == error("BF38", "04"));
  const auto forgotten = challenge_of(card);
  card.reset();
  card.transmit(hex(select_isdr));
  CHECK(send(card, server.authenticate_server(forgotten)) == error("BF38", "04"));
}

TEST_CASE("a server whose certificate was revoked is refused") {
  const Server server;
  const auto ci = sim::test_ci(Curve::nist);
  auto state = sim::fresh();
  state.revocations = {
      make_revocation_list(ci.certificate.subject(), ci.key, {server.auth.certificate.serial()})};
  auto card = selected_card(state);
  CHECK(send(card, server.authenticate_server(challenge_of(card))) == error("BF38", "01"));
}

TEST_CASE("an AuthenticateServer of another shape is refused") {
  const Server server;
  auto card = selected_card(sim::fresh());
  const auto whole = server.authenticate_server(challenge_of(card));
  const auto fields = inside(whole);
  const auto without = [&](std::size_t left_out) {
    base::Bytes rest;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i != left_out) rest = rest + fields[i];
    }
    return tlv_of("BF38", rest);
  };
  for (std::size_t i = 0; i < fields.size(); ++i) {
    CHECK_THROWS_WITH(send(card, without(i)), "status 6A80");
  }
  auto bad = whole;
  bad.back() ^= 0x01U;  // another IMEI is as good
  CHECK_NOTHROW(send(card, bad));
}

TEST_CASE("a package is only prepared for the server of the session") {
  const auto tried = [](const auto& spoil) {
    Server server;
    auto card = selected_card(sim::fresh());
    const auto answer = send(card, server.authenticate_server(challenge_of(card)));
    auto signature = inside(inside(answer).at(0)).at(1);
    spoil(server, card, signature);
    return send(card, server.prepare_download(signature, std::nullopt));
  };
  CHECK(piece_at(value_of(tried([](auto&, auto&, auto&) {}))).tag == "A0");
  CHECK(tried([](Server& server, auto&, auto&) { server.pb = server.auth; }) ==
        error("BF21", "01"));
  CHECK(tried([](Server& server, auto&, auto&) {
          server.pb = sim::test_server(Curve::nist, Role::dp_pb, "2.999.11");
        }) == error("BF21", "01"));
  CHECK(tried([](Server& server, auto&, auto&) {
          server.pb = sim::test_server(Curve::brainpool, Role::dp_pb, "2.999.10");
        }) == error("BF21", "03"));
  CHECK(tried([](Server& server, auto&, auto&) {
          server.pb.key = sim::PrivateKey::generate(Curve::nist);
        }) == error("BF21", "02"));
  CHECK(tried([](auto&, auto&, base::Bytes& signature) { signature.back() ^= 1U; }) ==
        error("BF21", "02"));
  CHECK(tried([](auto&, sim::Card& card, auto&) { challenge_of(card); }) == error("BF21", "04"));
  const auto other_id = tried([](Server& server, auto&, auto&) { server.session_id = hex("11"); });
  CHECK(other_id == tlv_of("BF21", tlv_of("A1", hex("800111") + hex("020105"))));
}

TEST_CASE("the hash of a confirmation code is told when the server wants it") {
  const Server server;
  auto ready = prepared(sim::fresh(), server, contents(), base::Bytes(32, 0xCC));
  CHECK(failure(load(ready.card, segments(ready.package))) == "none");
}

TEST_CASE("a bound profile package becomes a profile") {
  for (const auto curve : {Curve::nist, Curve::brainpool}) {
    for (const bool replace_keys : {true, false}) {
      const Server server(curve);
      auto ready = prepared(sim::fresh(), server, contents(40'000, replace_keys));
      const auto before = ready.card.state();
      const auto result = load(ready.card, segments(ready.package));
      CHECK(failure(result) == "none");
      const auto& after = ready.card.state();

      auto wanted = profile();
      wanted.isdp_aid = hex("A0000005591010FFFFFFFF8900001500");
      wanted.size = static_cast<std::uint32_t>(contents(40'000).elements.size());
      REQUIRE(after.profiles.size() == before.profiles.size() + 1);
      CHECK(after.profiles.back() == wanted);
      CHECK(after.info.free_memory == before.info.free_memory - wanted.size);

      // The result for the server, then the notification for the other address.
      REQUIRE(after.notifications.size() == 2);
      CHECK(after.notifications[0].installation == result);
      CHECK(after.notifications[0].address == "smdp");
      CHECK(after.notifications[1].address == "other.example");
      CHECK_FALSE(after.notifications[1].installation);
      CHECK(send(ready.card, hex("BF2B05A003800101")) == tlv_of("BF2B", tlv_of("A0", result)));
      const auto parts = inside(result);
      CHECK(sim::test_euicc(curve, after.eid)
                .key.public_key()
                .verifies(parts.at(0), value_of(parts.at(1))));
      CHECK(base::to_hex(parts[0]).find("060388370A") != std::string::npos);  // 2.999.10
    }
  }
}

TEST_CASE("a package can be loaded once") {
  const Server server;
  auto ready = prepared(sim::fresh(), server, contents());
  const auto cut = segments(ready.package);
  load(ready.card, cut);
  CHECK_THROWS_WITH(send(ready.card, cut[0]), "status 6985");
  CHECK_THROWS_WITH(send(ready.card, cut[1]), "status 6A88");
}

TEST_CASE("a package with one octet changed is refused, wherever it is") {
  const Server server;
  const auto ready = prepared(sim::fresh(), server, contents(1'500));
  const auto cut = segments(ready.package);
  for (std::size_t i = 0; i < cut.size(); ++i) {
    // Somewhere within the value, so that the cut is as before.
    for (const auto at : {cut[i].size() / 2, cut[i].size() - 1}) {
      if (cut[i].size() < 8) continue;  // a header alone
      auto card = ready.card;
      auto damaged = cut;
      damaged[i][at] ^= 0x10U;
      const auto result = load(card, damaged);
      INFO("segment " << i << ", octet " << at);
      CHECK(failure(result) != "none");
      CHECK(card.state().profiles.size() == 4);
      CHECK(card.state().notifications.size() == 1);
    }
  }
  auto card = ready.card;
  CHECK(failure(load(card, cut)) == "none");
}

TEST_CASE("segments that are cut otherwise, left out, doubled or in another order are refused") {
  const Server server;
  const auto ready = prepared(sim::fresh(), server, contents(3'000));
  const auto cut = segments(ready.package);
  REQUIRE(cut.size() == 10);  // BF23; A0 87; A1; 88; 88; A2 87; A3; three of 86
  const auto tried = [&](const std::vector<base::Bytes>& these) {
    auto card = ready.card;
    return failure(load(card, these));
  };
  auto wrong = cut;
  wrong.erase(wrong.begin() + 1);
  CHECK(tried(wrong) == "0007");  // no A0
  wrong = cut;
  wrong.erase(wrong.begin() + 3);
  CHECK(tried(wrong) == "0208");  // one of 88 is missing: the chain of MACs breaks
  wrong = cut;
  wrong[2] = wrong[2] + wrong[3];  // A1 with its first 88
  CHECK(tried(wrong) == "0207");
  wrong = cut;
  wrong[6] = wrong[6] + wrong[7];  // A3 likewise
  CHECK(tried(wrong) == "0507");
  wrong = cut;
  std::swap(wrong[7], wrong[8]);
  CHECK(tried(wrong) == "0508");
  wrong = cut;
  wrong.insert(wrong.begin() + 8, wrong[7]);
  CHECK(tried(wrong) == "0508");
  wrong = cut;
  wrong.erase(wrong.begin() + 5);  // without ReplaceSessionKeys
  CHECK(tried(wrong) == "0507");
  wrong = cut;
  wrong[7] = wrong[7] + wrong[8];  // two blocks in one segment
  CHECK(tried(wrong) == "0501");
  wrong = cut;
  const auto half = wrong[7].begin() + 100;
  wrong.insert(wrong.begin() + 8, base::Bytes(half, wrong[7].end()));
  wrong[7].resize(100);
  CHECK(tried(wrong) == "0501");  // a block in two segments
  CHECK(tried(cut) == "none");
}

TEST_CASE("a package for another session or another card is refused") {
  const Server server;
  auto ready = prepared(sim::fresh(), server, contents());
  const auto other = prepared(sim::fresh(), server, contents());
  auto card = ready.card;
  CHECK(failure(load(card, segments(other.package))) == "0002");
}

TEST_CASE("what the profile itself gets wrong has its own reason") {
  const Server server;
  const auto tried = [&](const sim::State& state, const sim::PackageContents& what) {
    auto ready = prepared(state, server, what);
    const auto before = ready.card.state().profiles;
    const auto reason = failure(load(ready.card, segments(ready.package)));
    CHECK((ready.card.state().profiles == before) == (reason != "none"));
    return reason;
  };
  auto what = contents();
  what.profile.iccid = sim::fresh().profiles[1].iccid;
  CHECK(tried(sim::fresh(), what) == "0209");
  auto ready = prepared(sim::fresh(), server, what);
  load(ready.card, segments(ready.package));
  CHECK(ready.card.state().notifications.at(0).iccid == what.profile.iccid);
  auto state = sim::fresh();
  state.info.free_memory = 2'000;
  CHECK(tried(state, contents()) == "050A");
  what = contents();
  what.profile.iccid = hex("984400000000000011F2");
  CHECK(tried(sim::fresh(), what) == "050D");
  what = contents();
  what.elements.resize(what.elements.size() - 7);  // no end
  CHECK(tried(sim::fresh(), what) == "050C");
  what = contents();
  what.profile.profile_class = sim::ProfileClass::test;
  state = sim::fresh();
  state.info.rsp_capability = hex("0780");
  CHECK(tried(state, what) == "0206");
  CHECK(tried(sim::fresh(), what) == "none");
  what = contents();
  what.profile.rules.ppr1 = true;  // there is an operational profile
  CHECK(tried(sim::fresh(), what) == "020F");
  what = contents();
  what.profile.rules.ppr2 = true;
  state = sim::fresh();
  state.authorisation_rules.clear();
  CHECK(tried(state, what) == "020F");
}

TEST_CASE("the card fails where its state says") {
  const Server server;
  for (const auto command : std::to_array<std::uint8_t>({0, 1, 2, 4, 5})) {
    auto state = sim::fresh();
    state.download.install_error = sim::InstallError{command, 127};
    auto ready = prepared(state, server, contents());
    CHECK(failure(load(ready.card, segments(ready.package))) ==
          base::to_hex(base::Bytes{command, 127}));
  }
  auto state = sim::fresh();
  state.download.authenticate_error = 127;
  auto card = selected_card(state);
  CHECK(send(card, server.authenticate_server(challenge_of(card))) == error("BF38", "7F"));
  CHECK(sim::from_json(sim::to_json(state), "state") == state);
}

TEST_CASE("the card may go mute after a segment, and keeps what it had installed by then") {
  const Server server;
  auto state = sim::fresh();
  const auto whole = segments(prepared(state, server, contents()).package).size();
  for (const auto count : {std::size_t{3}, whole}) {
    state.download.mute_after_segments = static_cast<std::uint32_t>(count);
    auto ready = prepared(state, server, contents());
    const auto cut = segments(ready.package);
    for (std::size_t i = 0; i + 1 < count; ++i) send(ready.card, cut[i]);
    CHECK_THROWS_WITH(send(ready.card, cut[count - 1]), "status ");
    CHECK(ready.card.transmit(hex(select_isdr)).empty());
    ready.card.reset();
    ready.card.transmit(hex(select_isdr));
    CHECK(ready.card.state().profiles.size() == (count == whole ? 5 : 4));
    CHECK_THROWS_WITH(send(ready.card, cut[0]), "status 6985");
  }
}

TEST_CASE("another command in between ends the loading, and a result says so") {
  const Server server;
  auto ready = prepared(sim::fresh(), server, contents());
  const auto cut = segments(ready.package);
  send(ready.card, cut[0]);
  send(ready.card, cut[1]);
  CHECK(!send(ready.card, hex("BF2D00")).empty());
  REQUIRE(ready.card.state().notifications.size() == 1);
  CHECK(failure(ready.card.state().notifications[0].installation.value()) == "010B");
  CHECK_THROWS_WITH(send(ready.card, cut[2]), "status 6A80");
}

TEST_CASE("a session is cancelled by its server's transaction alone") {
  const Server server;
  auto card = selected_card(sim::fresh());
  const auto request = tlv_of("BF41", tlv_of("80", transaction_id) + tlv_of("81", hex("00")));
  CHECK(send(card, request) == hex("BF4103810105"));
  send(card, server.authenticate_server(challenge_of(card)));
  CHECK(send(card, hex("BF4106800101810100")) == hex("BF4103810105"));
  const auto answer = send(card, request);
  const auto ok = inside(inside(answer).at(0));
  CHECK(ok.at(0) == tlv_of("30", tlv_of("80", transaction_id) + hex("810388370A820100")));
  CHECK(sim::test_euicc(Curve::nist, card.state().eid)
            .key.public_key()
            .verifies(ok[0], value_of(ok.at(1))));
  CHECK(send(card, request) == hex("BF4103810105"));
}
