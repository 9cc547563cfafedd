#include "sim/state.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "tests/sim/simulated.hpp"

namespace {

/// A directory that goes away with the test.
class Directory {
 public:
  Directory() : path_(std::filesystem::temp_directory_path() / "esimctl-sim-test-XXXXXX") {
    auto name = path_.string();
    path_ = ::mkdtemp(name.data());
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  [[nodiscard]] std::string file(std::string_view name) const { return path_ / name; }
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

/// What is said of `text` as a state file; empty when it is taken.
std::string complaint(std::string_view text) {
  try {
    sim::from_json(text, "card.json");
    return {};
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::usage);
    CHECK(error.code() == "sim.state");
    return error.what();
  }
}

/// The JSON of a fresh card with one piece of it exchanged.
std::string damaged(const std::string& from, const std::string& to) {
  auto text = sim::to_json(sim::fresh());
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// A state in which every optional thing is there.
sim::State full() {
  auto state = sim::fresh();
  state.protocol = sim::Protocol::t1;
  state.atr = {0x3B, 0x00};
  state.channels = 20;
  state.profiles[0].icon_type = sim::IconType::jpg;
  state.profiles[0].icon = {0xFF, 0xD8};
  state.profiles[0].preloaded = true;
  state.notifications = {{0xFFFFFFFFFFFFFFFF, sim::Event::remove, "a.example", {}}};
  state.info.extra = {0x90, 0x01, 0x01};
  state.options.enable_result = 5;
  state.options.busy_until_reset = true;
  state.options.refresh_refused = true;
  state.options.change_at_reset = true;
  state.options.cat_busy = sim::CatBusy::until_reset;
  state.options.memory_full = true;
  state.options.extra_tags = true;
  state.options.defaults_left_out = true;
  state.profiles[1].isdp_aid.clear();
  state.profiles[2].isdp_aid.clear();
  state.options.line = {.le = sim::Le::needed,
                        .exact_le = true,
                        .answer_piece = 1,
                        .get_response_class = sim::GetResponseClass::proprietary,
                        .longest_block = 1,
                        .too_long_status = {0x66, 0x01},
                        .terminal_capability_status = {0x6E, 0x00},
                        .always_proactive = true,
                        .leaked_channels = 19,
                        .ms_per_apdu = 1,
                        .us_per_byte = 4'294'967'295};
  return state;
}

/// A state in which nothing is there that can be left out.
sim::State blank() {
  sim::State state;
  state.eid = sim::fresh().eid;
  return state;
}

}  // namespace

TEST_CASE("a fresh card is one that a specification allows") {
  const auto state = sim::fresh();
  unsigned rest = 0;  // SGP.29: the EID as a number leaves 1 when divided by 97
  for (const char digit : base::to_hex(state.eid))
    rest = (rest * 10 + static_cast<unsigned>(digit - '0')) % 97;
  CHECK(rest == 1);
  REQUIRE(state.profiles.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK((state.profiles[i].state == sim::ProfileState::enabled) == (i == 0));
  }
}

TEST_CASE("a state comes back from JSON as it was") {
  for (const auto& state : {sim::fresh(), full(), blank()}) {
    CHECK(sim::from_json(sim::to_json(state), "test") == state);
  }
}

TEST_CASE("a damaged state names the file and the key") {
  CHECK(complaint("") == "card.json: not JSON, at octet 1");
  CHECK(complaint("[]") == "card.json: an object is expected");
  CHECK(complaint("{}") == "card.json: eid: 16 octets are expected, not 0");
  CHECK(complaint(damaged("\"eid\"", "\"eidd\"")) == "card.json: eidd: no such key");
  CHECK(complaint(damaged("\"nickname\"", "\"nick\"")) ==
        "card.json: profiles[0].nick: no such key");
  CHECK(complaint(damaged("\"984401000000002471F6\"", "\"98440100000000\"")) ==
        "card.json: profiles[0].iccid: 10 octets are expected, not 7");
  CHECK(complaint(damaged("\"984401000000002471F6\"", "\"98x\"")) ==
        "card.json: profiles[0].iccid: octets in hexadecimal are expected");
  CHECK(complaint(damaged("\"98106200000000131465\"", "\"984401000000002471F6\"")) ==
        "card.json: profiles[1].iccid: it is there twice");
  CHECK(complaint(damaged("\"disabled\"", "\"enabled\"")) ==
        "card.json: profiles[1].state: another profile is enabled already");
  CHECK(complaint(damaged("\"disabled\"", "\"asleep\"")) ==
        "card.json: profiles[1].state: disabled or enabled is expected");
  CHECK(complaint(damaged("\"Home\"", "7")) ==
        "card.json: profiles[0].nickname: a text is expected");
  CHECK(complaint(damaged("\"ppr1\": false", "\"ppr1\": 0")) ==
        "card.json: profiles[0].rules.ppr1: true or false is expected");
  CHECK(complaint(damaged("\"channels\": 4", "\"channels\": 21")) ==
        "card.json: channels: 1 to 20 is expected");
  CHECK(complaint(damaged("\"channels\": 4", "\"channels\": -1")).find("channels: a number") !=
        std::string::npos);
  CHECK(complaint(damaged("\"answer_piece\": 256", "\"answer_piece\": 0")) ==
        "card.json: options.line.answer_piece: 1 to 256 is expected");
  CHECK(complaint(damaged("\"longest_block\": 255", "\"longest_block\": 0")) ==
        "card.json: options.line.longest_block: 1 to 255 is expected");
  CHECK(complaint(damaged("\"6700\"", "\"67\"")) ==
        "card.json: options.line.too_long_status: 2 octets are expected, not 1");
  CHECK(complaint(damaged("\"terminal_capability_status\": \"\"",
                          "\"terminal_capability_status\": \"6E\"")) ==
        "card.json: options.line.terminal_capability_status: 2 octets are expected, not 1");
  CHECK(complaint(damaged("\"leaked_channels\": 0", "\"leaked_channels\": 4")) ==
        "card.json: options.line.leaked_channels: 0 to 3 is expected");
  CHECK(complaint(damaged("\"free\"", "\"none\"")) ==
        "card.json: options.line.le: free or refused or needed is expected");
  CHECK(complaint(damaged("\"2.3.1\"", "\"2.3\"")) ==
        "card.json: info.profile_version: a version such as 2.3.0 is expected");
  CHECK(complaint(damaged("\"2.3.1\"", "\"2.3.256\"")) ==
        "card.json: info.profile_version: a version such as 2.3.0 is expected");
  CHECK(complaint(damaged("\"category\": 2", "\"category\": 256")) ==
        "card.json: info.category: a number up to 255 is expected");
}

TEST_CASE("a state is saved as a whole, and only its owner may read it") {
  const Directory directory;
  const auto path = directory.file("card.json");
  sim::save(sim::fresh(), path);
  auto changed = sim::fresh();
  changed.profiles[0].nickname = "A";
  sim::save(changed, path);
  CHECK(sim::load(path) == changed);
  CHECK(directory.count() == 1);
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
}

TEST_CASE("a state that cannot be saved leaves nothing behind") {
  const Directory directory;
  CHECK_THROWS_AS(sim::save(sim::fresh(), directory.file("none/card.json")), base::Error);
  std::filesystem::create_directory(directory.file("card.json"));
  CHECK_THROWS_AS(sim::save(sim::fresh(), directory.file("card.json")), base::Error);
  CHECK(directory.count() == 1);
}

TEST_CASE("a missing state file is an error to load and a fresh card to load_or_create") {
  const Directory directory;
  const auto path = directory.file("card.json");
  CHECK_THROWS_AS(sim::load(path), base::Error);
  CHECK(sim::load_or_create(path) == sim::fresh());
  CHECK(sim::load(path) == sim::fresh());
  std::ofstream(path) << "{";
  CHECK_THROWS_AS(sim::load_or_create(path), base::Error);
}

TEST_CASE("what a card changes is in its file before it answers") {
  const Directory directory;
  const auto path = directory.file("card.json");
  sim::test::Simulated card(sim::load_or_create(path),
                            [&](const sim::State& state) { sim::save(state, path); });
  card.selected().es10("BF3111A00C5A0A98106200000000131465810100");
  CHECK(sim::load(path).profiles[1].state == sim::ProfileState::enabled);
}
