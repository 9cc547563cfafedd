#include <utility>

#include "sim/state.hpp"

namespace sim {
namespace {

base::Bytes hex(std::string_view text) { return base::from_hex(text).value_or(base::Bytes{}); }

/// A globe in two colours, 64 by 64 (the size of SGP.22 annex H, StoreMetadataRequest).
constexpr std::string_view globe =
    "89504E470D0A1A0A0000000D494844520000004000000040010300000090A7E39D00000006504C5445FFFFFF0066"
    "B3340DFD69000000B04944415478DA8DD2B109C3301005D03B5CA88B1708D61A290C5929A5BB5C97B5348AB2814B"
    "1521CADD09BE0221C2C2E0879125EB7F130D472CEDCEB58A63AE75775C9F8F97E3CD72F7298525DAA429B384A408"
    "C2C2D9562116B29516C3A6580DAB62332C8ADD30EB32D91084381926BD1A9299FD7968C814C8405F3835DC4638375"
    "C4688D547E938F2D691DD7FBF19C7C101716484805810548F0E61225E048E0A500A6A4271BD4A948BBAF103FC1B1FC"
    "2"
    "AA64697EC0FAD50000000049454E44AE426082";

const std::vector<Event> all_events{Event::install, Event::enable, Event::disable, Event::remove};

/// A 19-digit ICCID, an owner with a group identifier, two addresses that are told of a change.
Profile home() {
  Profile profile;
  profile.iccid = hex("984401000000002471F6");
  profile.isdp_aid = hex("A0000005591010FFFFFFFF8900001100");
  profile.state = ProfileState::enabled;
  profile.nickname = "Home";
  profile.provider = "Meadow Mobile";
  profile.name = "Meadow Unlimited";
  profile.notifications = {{all_events, "smdp.meadow.example"},
                           {{Event::enable, Event::disable}, "events.meadow.example"}};
  profile.owner = Owner{hex("99F907"), hex("4D01"), std::nullopt};
  profile.size = 61'440;
  return profile;
}

/// A 20-digit ICCID and an icon.
Profile travel() {
  Profile profile;
  profile.iccid = hex("98106200000000131465");
  profile.isdp_aid = hex("A0000005591010FFFFFFFF8900001200");
  profile.nickname = "Travel";
  profile.provider = "Roamwell";
  profile.name = "Europe 10 GB";
  profile.icon_type = IconType::png;
  profile.icon = hex(globe);
  profile.notifications = {{all_events, "rsp.roamwell.example"}};
  profile.owner = Owner{hex("09F199"), std::nullopt, std::nullopt};
  profile.size = 58'368;
  return profile;
}

/// Hexadecimal letters in the ICCID, text that is not ASCII, class test.
Profile test() {
  Profile profile;
  profile.iccid = hex("9868005B100032547698");
  profile.isdp_aid = hex("A0000005591010FFFFFFFF8900001300");
  profile.nickname = "测试卡";
  profile.provider = "华星移动";
  profile.name = "Huaxing Test";
  profile.profile_class = ProfileClass::test;
  profile.owner = Owner{hex("64F099"), hex("01"), hex("02")};
  profile.size = 40'960;
  return profile;
}

/// An 18-digit ICCID, no nickname, class provisioning, must not be deleted.
Profile bootstrap() {
  Profile profile;
  profile.iccid = hex("980001214365870971FF");
  profile.isdp_aid = hex("A0000005591010FFFFFFFF8900001400");
  profile.provider = "Cardworks";
  profile.name = "Bootstrap";
  profile.profile_class = ProfileClass::provisioning;
  profile.notifications = {{{Event::enable, Event::remove}, "smdp.cardworks.example"}};
  profile.owner = Owner{hex("00F110"), std::nullopt, std::nullopt};
  profile.rules.ppr2 = true;
  profile.size = 36'864;
  return profile;
}

/// Capabilities as test cards have them; the keys are those of the two issuers of sim/pki.cpp.
Info info() {
  Info info;
  info.installed_applications = 4;
  info.free_memory = 412'876;
  info.free_volatile_memory = 9'241;
  info.uicc_capability = hex("067F36F3C0");
  info.ts102241_version = Version{15, 1, 0};
  info.globalplatform_version = Version{2, 3, 0};
  info.rsp_capability = hex("0398");
  info.verification_keys = {hex("1C7C5E2E3C5456BCD06AFDB7AB187CFB409C04A0"),
                            hex("ACD6368018DB28A51C88FCEE35A8DD2461B04B62")};
  info.signing_keys = info.verification_keys;
  info.category = 2;
  info.forbidden_rules = PolicyRules{true, false, false};
  info.sas_number = "ES-IM-UP-0001";
  info.certification = Certification{"1.3.6.1.4.1.99999.1/simulated", "https://dloa.example"};
  return info;
}

}  // namespace

State fresh() {
  State state;
  state.eid = hex("89049032000000000000000000042164");
  state.profiles = {home(), travel(), test(), bootstrap()};
  state.default_smdp = "smdp.cardworks.example";
  state.factory_smdp = state.default_smdp;
  state.root_smds = "lpa.ds.example";
  state.authorisation_rules = {
      {{false, true, true}, {{hex("EEEEEE"), base::Bytes{}, base::Bytes{}}}, true}};
  state.info = info();
  return state;
}

}  // namespace sim
