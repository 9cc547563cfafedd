#include "sim/signed_notifications.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/issue.hpp"
#include "sim/pki.hpp"
#include "tests/sim/simulated.hpp"

using sim::test::hex;
using sim::test::Simulated;

namespace {

/// A card on which home was disabled and travel enabled: notifications 1, 2 (disable) and 3
/// (enable).
sim::State switched() {
  Simulated card;
  card.selected().es10("BF3111A00C5A0A981062000000001314658101FF");
  return card.state();
}

base::Bytes retrieve(Simulated& card, const std::string& request) {
  auto answer = card.selected().es10(request);
  REQUIRE(answer.size() > 4);
  REQUIRE(answer.substr(answer.size() - 4) == "9000");
  return hex(answer.substr(0, answer.size() - 4));
}

struct Pending {
  base::Bytes metadata;
  base::Bytes signature;
  base::Bytes euicc;
  base::Bytes eum;
};

base::Bytes raw(const tlv::Element& element) { return {element.raw.begin(), element.raw.end()}; }

/// The list within BF2B A0, each taken apart.
std::vector<Pending> pending(const base::Bytes& answer) {
  const auto whole = tlv::single(answer);
  REQUIRE(whole.tag == 0xBF2B);
  const auto list = tlv::single(whole.value);
  REQUIRE(list.tag == 0xA0);
  std::vector<Pending> all;
  tlv::Reader notifications(list.value);
  while (const auto notification = notifications.next()) {
    REQUIRE(notification->tag == 0x30);
    tlv::Reader parts(notification->value);
    const auto metadata = parts.next().value();
    const auto signature = parts.next().value();
    CHECK(metadata.tag == 0xBF2F);
    CHECK(signature.tag == 0x5F37);
    all.push_back({raw(metadata),
                   {signature.value.begin(), signature.value.end()},
                   raw(parts.next().value()),
                   raw(parts.next().value())});
    CHECK_FALSE(parts.next());
  }
  return all;
}

}  // namespace

TEST_CASE("each notification is signed by the card, whose certificates lead to the test CI") {
  Simulated card(switched());
  const auto all = pending(retrieve(card, "BF2B00"));
  REQUIRE(all.size() == 3);
  const auto ci = sim::test_ci(sim::Curve::nist).certificate;
  for (const auto& one : all) {
    const auto euicc = sim::Certificate::read(one.euicc);
    const auto eum = sim::Certificate::read(one.eum);
    REQUIRE(euicc);
    REQUIRE(eum);
    CHECK(is_euicc_chain(*euicc, *eum, ci));
    CHECK(euicc->subject().serial_number == base::to_hex(card.state().eid));
    CHECK(euicc->key().verifies(one.metadata, one.signature));
    CHECK_FALSE(euicc->key().verifies(all[0].metadata, all[1].signature));
  }
  CHECK(base::to_hex(all[0].metadata) ==
        "BF2F28800101810205200C13736D64702E6D6561646F772E6578616D706C655A0A984401000000002471F6");
}

TEST_CASE("the metadata that is signed is the one that is listed") {
  Simulated card(switched());
  base::Bytes signed_ones;
  for (const auto& one : pending(retrieve(card, "BF2B00"))) {
    signed_ones.insert(signed_ones.end(), one.metadata.begin(), one.metadata.end());
  }
  const auto listed = retrieve(card, "BF2800");
  const auto list = tlv::single(tlv::single(listed).value);
  CHECK(base::to_hex(list.value) == base::to_hex(signed_ones));
}

TEST_CASE("notifications are found by number and by event") {
  Simulated card(switched());
  CHECK(pending(retrieve(card, "BF2B05A003800102")).size() == 1);
  CHECK(pending(retrieve(card, "BF2B06A00481020520")).size() == 2);  // disable
  CHECK(pending(retrieve(card, "BF2B06A00481020640")).size() == 1);  // enable
  CHECK(pending(retrieve(card, "BF2B06A00481020560")).size() == 3);  // both
}

TEST_CASE("a list without notifications is an error of its own") {
  Simulated card(switched());
  CHECK(retrieve(card, "BF2B05A003800109") == hex("BF2B03810101"));
  CHECK(retrieve(card, "BF2B06A00481020780") == hex("BF2B03810101"));  // install
  Simulated empty;
  CHECK(retrieve(empty, "BF2B00") == hex("BF2B03810101"));
}

TEST_CASE("a search that is none is refused") {
  Simulated card(switched());
  card.selected();
  CHECK(card.es10("BF2B02A000") == "6A80");
  CHECK(card.es10("BF2B03800101") == "6A80");  // A0 is missing
  CHECK(card.es10("BF2B05A003820101") == "6A80");
  CHECK(card.es10("BF2B05A0038001FF") == "6A80");  // a negative number
  CHECK(card.es10("BF2B08A006800101800102") == "6A80");
}

TEST_CASE("the result of an installation is handed out as it was signed") {
  auto state = switched();
  state.notifications[1].installation = hex("BF37020500");
  Simulated card(state);
  CHECK(retrieve(card, "BF2B05A003800102") == hex("BF2B07A005BF37020500"));
  CHECK(sim::from_json(sim::to_json(state), "state") == state);
}

TEST_CASE("a card without a key for signing cannot sign") {
  auto state = switched();
  state.info.signing_keys = {hex("F54172BDF98A95D65CBEB88A38A1C11D800A85C3")};
  Simulated card(state);
  CHECK(retrieve(card, "BF2B00") == hex("BF2B0381017F"));
}

TEST_CASE("each challenge is another") {
  Simulated card;
  const auto first = retrieve(card, "BF2E00");
  CHECK(first.size() == 21);
  CHECK(base::to_hex(first).starts_with("BF2E128010"));
  CHECK(retrieve(card, "BF2E00") != first);
  CHECK(card.es10("BF2E028000") == "6A80");
}

TEST_CASE("a revocation list is kept when a known issuer signed it") {
  auto state = sim::fresh();
  state.info.rsp_capability = hex("03D8");  // with crlSupport
  Simulated card(state);
  card.selected();
  const auto ci = sim::test_ci(sim::Curve::nist);
  const auto load = [&](base::Bytes list) {
    base::Bytes request;
    list[0] = 0xA0;  // in place of SEQUENCE
    tlv::append(request, 0xBF35, list);
    REQUIRE(request.size() < 256);
    return card.es10(base::to_hex(request));
  };
  const auto list = make_revocation_list({"t", "", ""}, ci.key, {hex("1401")});
  CHECK(load(list) == "BF3502A0009000");
  REQUIRE(card.state().revocations.size() == 1);
  CHECK(card.state().revocations[0] == list);
  CHECK(sim::from_json(sim::to_json(card.state()), "state") == card.state());

  auto damaged = list;
  damaged.back() ^= 1U;
  CHECK(load(damaged) == "BF35038101019000");
  damaged = list;
  damaged[damaged.size() / 2] ^= 1U;  // within the signed part
  CHECK(load(damaged) != "BF3502A0009000");
  const auto stranger = sim::PrivateKey::generate(sim::Curve::nist);
  CHECK(load(make_revocation_list({"t", "", ""}, stranger, {})) == "BF35038101049000");
  CHECK(load(hex("3000")) == "BF35038101029000");
  CHECK(card.es10("BF35023000") == "6A80");
  CHECK(card.state().revocations.size() == 1);
}

TEST_CASE("a card that does not tell of revocation lists takes none") {
  Simulated card;
  CHECK(card.selected().es10("BF35023000") == "6A88");
}
