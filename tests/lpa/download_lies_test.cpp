#include "tests/lpa/download_between.hpp"

// What a server says of a download is compared, and what does not fit ends it.

using namespace download_test;
using namespace std::chrono_literals;
using sim::OrderState;

TEST_CASE("each step of a download is in the journal before it is done") {
  Between between;
  REQUIRE(between.run() == "none");
  Log steps;
  for (const auto& entry : between.log) {
    if (steps.empty() || steps.back() != entry) steps.push_back(entry);
  }
  CHECK(steps == Log{"journal begin",
                     "stage initiateAuthentication",
                     "journal step initiateAuthentication",
                     "card BF2E",
                     "server initiateAuthentication",
                     "stage authenticateServer",
                     "journal step authenticateServer",
                     "card BF38",
                     "stage authenticateClient",
                     "journal step authenticateClient",
                     "server authenticateClient",
                     "stage prepareDownload",
                     "journal step prepareDownload",
                     "card BF21",
                     "stage getBoundProfilePackage",
                     "journal step getBoundProfilePackage",
                     "server getBoundProfilePackage",
                     "stage loadBoundProfilePackage",
                     "journal step loadBoundProfilePackage",
                     "card segment",
                     "journal put",
                     "journal finish installed"});
  CHECK(between.count("card segment") == between.segments);
  CHECK(between.installed());
  CHECK(between.notes.empty());
  CHECK(between.journal().open_sessions().empty());
  const auto kept = between.journal().unsent();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].pending_notification == between.result->raw);
  CHECK(kept[0].pending_notification == between.card().notifications.back().installation);
  CHECK(kept[0].address == "localhost");
  CHECK(kept[0].sequence_number == between.card().notifications.back().sequence);
  CHECK(between.server().handle_notification(kept[0].pending_notification).success);
}

TEST_CASE("the package is in the journal before the card gets any of it") {
  Between between;
  std::size_t kept = 0;
  between.spoil = [&](const std::string& request, base::Bytes&) {
    if (request != "segment" || kept != 0) return;
    const auto open = between.journal().open_sessions();
    REQUIRE(open.size() == 1);
    kept = open[0].last->bound_profile_package.size();
    CHECK(open[0].last->stage == lpa::DownloadStage::load_bound_profile_package);
    CHECK(open[0].last->transaction_id.size() == 16);
    CHECK(open[0].begun.smdp_address == "localhost");
    CHECK(open[0].begun.matching_id == "SMALL-2KB");
  };
  CHECK(between.run() == "none");
  CHECK(kept == between.taken);
  CHECK(kept > 2000);
}

TEST_CASE("nothing is sent to the card when the server signs as another one") {
  Between between;
  between.fault = {.function = "initiateAuthentication",
                   .kind = sim::ServerFault::Kind::wrong_address};
  CHECK(between.run() == "smdp.wrong-address");
  CHECK(between.count("card BF38") == 0);
  check_called_off(between, Ended::before_card);
}

TEST_CASE("a transaction identifier that changes anywhere ends the download") {
  struct Place {
    const char* function;
    const char* member;  ///< nothing: in the JSON itself
    Ended ended;
  };
  for (const auto& place :
       {Place{"initiateAuthentication", nullptr, Ended::before_card},
        {"initiateAuthentication", "serverSigned1", Ended::before_card},
        {"authenticateClient", nullptr, Ended::at_server_too},
        {"authenticateClient", "smdpSigned2", Ended::at_server_too},
        {"getBoundProfilePackage", nullptr, Ended::at_server_too},
        {"getBoundProfilePackage", "boundProfilePackage", Ended::at_server_too}}) {
    CAPTURE(place.function);
    CAPTURE(place.member);
    Between between;
    between.lie = [&](const std::string& function, Json& answer) {
      if (function != place.function) return;
      if (place.member != nullptr) return other_transaction(answer, place.member);
      auto id = hex(answer.at("transactionId").get<std::string>());
      id.back() ^= 1U;
      answer["transactionId"] = hex(id);
    };
    CHECK(between.run() == "smdp.wrong-transaction");
    CHECK(between.count("card segment") == 0);
    check_called_off(between, place.ended, undefined_unless(place.ended));
  }
}

TEST_CASE("the spelling of a transaction identifier changes nothing") {
  Between between;
  between.lie = [](const std::string&, Json& answer) {
    if (!answer.contains("transactionId")) return;
    std::string id = answer["transactionId"];
    std::ranges::transform(id, id.begin(), [](char c) {
      return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    answer["transactionId"] = id;
  };
  CHECK(between.run() == "none");
}

TEST_CASE("a server that signs another challenge than the card's is refused") {
  Between between;
  between.lie = [](const std::string& function, Json& answer) {
    if (function != "initiateAuthentication") return;
    change(answer, "serverSigned1",
           [](base::Bytes& octets) { octets.at(find(octets, hex("8110")) + 2) ^= 0x80U; });
  };
  CHECK(between.run() == "smdp.wrong-challenge");
  CHECK(between.count("card BF38") == 0);
  check_called_off(between, Ended::before_card);
}

TEST_CASE("an issuer that the card does not list is refused") {
  for (const auto& [octets, code] : {std::pair{"0414"
                                               "F54172BDF98A95D65CBEB88A38A1C11D800A85C3",
                                               "smdp.unlisted-issuer"},
                                     {"0400", "smdp.unlisted-issuer"},
                                     {"04", "smdp.malformed-answer"},
                                     {"0401", "smdp.malformed-answer"},
                                     {"", "smdp.malformed-answer"}}) {
    CAPTURE(octets);
    Between between;
    between.lie = [&](const std::string& function, Json& answer) {
      if (function != "initiateAuthentication") return;
      answer["euiccCiPKIdToBeUsed"] = base::to_base64(hex(octets));
    };
    CHECK(between.run() == code);
    CHECK(between.count("card BF38") == 0);
    check_called_off(between, Ended::before_card);
  }
}

TEST_CASE("a server that is another one than the activation code names is refused") {
  Between between;
  between.request.smdp_oid = "2.999.11";
  CHECK(between.run() == "smdp.certificate");
  CHECK(between.count("card BF38") == 0);
  check_called_off(between, Ended::before_card);

  Between right;
  right.request.smdp_oid = "2.999.10";
  CHECK(right.run() == "none");
}

TEST_CASE("when the issuer's key is not known here the card alone checks the server") {
  Between between;
  between.trust = lpa::CardTrust{{}, false};
  CHECK(between.run() == "none");
  CHECK(between.noted("the card alone checks who localhost is"));
}

TEST_CASE("the card notices what was changed under the server's signature") {
  Between between;
  between.lie = [](const std::string& function, Json& answer) {
    if (function != "initiateAuthentication") return;
    change(answer, "serverSigned1", [](base::Bytes& octets) { octets.back() ^= 1U; });
  };
  CHECK(between.run() == "card.refused-server");
  CHECK(between.count("card BF38") == 1);
  check_called_off(between, Ended::before_card);
}

TEST_CASE("a package that is not the profile of the offer is never given to the card") {
  const std::vector<std::function<void(sim::Profile&)>> changes{
      [](sim::Profile& of) { of.iccid.at(5) ^= 0x10U; },
      [](sim::Profile& of) { of.provider = "Other"; },
      [](sim::Profile& of) { of.name = "Other"; },
      [](sim::Profile& of) { of.profile_class = sim::ProfileClass::provisioning; },
      [](sim::Profile& of) { of.rules.ppr1 = true; },
      [](sim::Profile& of) { of.owner = sim::Owner{hex("62F210"), {}, {}}; },
      [](sim::Profile& of) { of.notifications.clear(); },
      [](sim::Profile& of) { of.notifications.at(0).address = "other.example"; },
      [](sim::Profile& of) { of.notifications.at(0).events.pop_back(); },
      [](sim::Profile& of) {
        of.icon_type = sim::IconType::png;
        of.icon = hex("89504E47");
      }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(i);
    Between between;
    auto offered = between.order().profile;
    changes[i](offered);
    between.lie = [&](const std::string& function, Json& answer) {
      if (function != "authenticateClient") return;
      answer["profileMetadata"] = base::to_base64(sim::pack_metadata(offered));
    };
    CHECK(between.run() == "smdp.metadata-differs");
    CHECK(between.count("card segment") == 0);
    check_called_off(between, Ended::at_server_too, 4);
  }
  Between other_name(fresh_t1(),
                     orders_with([](sim::Order& order) { order.preview_name = "Before"; }));
  CHECK(other_name.run() == "smdp.metadata-differs");
}

TEST_CASE("an offer in other octets that means the same is taken, and noted") {
  Between between;
  between.lie = [](const std::string& function, Json& answer) {
    if (function != "authenticateClient") return;
    change(answer, "profileMetadata", [](base::Bytes& octets) {
      REQUIRE(octets.at(2) < 0x70);
      octets.at(2) = static_cast<std::uint8_t>(octets.at(2) + 3);
      octets.insert(octets.end(), {0x9E, 0x01, 0x00});  // something that nobody knows
    });
  };
  CHECK(between.run() == "none");
  CHECK(between.noted("means the same"));
}

TEST_CASE("metadata that cannot be read ends the download") {
  Between between;
  between.lie = [](const std::string& function, Json& answer) {
    if (function == "authenticateClient") answer["profileMetadata"] = "vyUA";
  };
  CHECK(between.run() == "smdp.malformed-answer");
  check_called_off(between, Ended::at_server_too, 127);
}

TEST_CASE("a malformed package is never given to the card") {
  const std::vector<std::function<void(base::Bytes&)>> changes{
      [](base::Bytes& package) { package.clear(); },
      [](base::Bytes& package) { package.pop_back(); },
      [](base::Bytes& package) { package.push_back(0); },
      [](base::Bytes& package) { package.at(1) = 0x37; },
      [](base::Bytes& package) { package.resize(4); },
      [](base::Bytes& package) { package.at(find(package, hex("BF23"))) = 0xBE; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(i);
    Between between;
    between.lie = [&](const std::string& function, Json& answer) {
      if (function == "getBoundProfilePackage") change(answer, "boundProfilePackage", changes[i]);
    };
    CHECK(between.run() == "package.malformed");
    CHECK(between.count("card segment") == 0);
    check_called_off(between, Ended::at_server_too, 5);
  }
}

TEST_CASE("a package that was changed is refused by the card, which says so at once") {
  Between between;
  between.lie = [&](const std::string& function, Json& answer) {
    if (function != "getBoundProfilePackage") return;
    change(answer, "boundProfilePackage",
           [](base::Bytes& package) { package.at(package.size() / 2) ^= 1U; });
  };
  CHECK(between.run() == "none");
  REQUIRE(between.result);
  const auto& error = std::get<lpa::InstallationError>(between.result->value.data.outcome);
  CHECK(lpa::not_installed(error).code() == "card.not-installed");
  CHECK_FALSE(between.installed());
  CHECK(between.count("journal finish failed") == 1);
  CHECK(between.journal().unsent().size() == 1);
  CHECK(between.count("card BF41") == 0);
  CHECK(between.count("server cancelSession") == 0);
}
