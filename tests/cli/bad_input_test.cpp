#include <filesystem>
#include <utility>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file_lock.hpp"
#include "lpa/atr.hpp"
#include "sim/hostile.hpp"
#include "sim/state.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/simulated_card.hpp"
#include "tests/support/temporary_directory.hpp"

/// Whatever the user types and whatever the card answers: a clear error, the right exit code, no
/// change on the card.
namespace {

using cli_test::Setting;
using test::TemporaryDirectory;

/// A simulated device in a reader, as PC/SC would present it.
class DeviceCard final : public lpa::Card {
 public:
  explicit DeviceCard(std::unique_ptr<sim::Device> device) : device_(std::move(device)) {
    device_->power_on();
  }
  base::Bytes transmit(base::ByteView command) override {
    auto answer = device_->transmit(command);
    if (!device_->present()) fail("card.removed", "the card was taken out");
    if (!answer) fail("card.mute", "no answer");
    return *std::move(answer);
  }
  void reset() override {
    if (!device_->present()) fail("card.removed", "the card was taken out");
    device_->reset();
  }
  [[nodiscard]] base::Bytes atr() const override { return device_->atr(); }
  [[nodiscard]] lpa::Protocol protocol() const override {
    return lpa::offered_protocols(atr()).front();
  }

 private:
  [[noreturn]] static void fail(const char* code, const char* message) {
    throw base::Error(base::ErrorKind::card, code, message).hint("put it back in");
  }
  std::unique_ptr<sim::Device> device_;
};

Setting::Opener device(std::string kind, sim::State state = sim::fresh()) {
  return [kind = std::move(kind), state = std::move(state)] {
    return std::make_unique<DeviceCard>(sim::hostile(kind, state));
  };
}

Setting reader_with(const std::string& kind) { return {.readers = {{"Reader", device(kind)}}}; }

std::vector<std::string> enabled(const std::string& file) {
  const auto result = cli_test::run("--card sim:" + file + " list --json");
  std::vector<std::string> iccids;
  const auto document = nlohmann::json::parse(result.out);
  for (const auto& profile : document.at("profiles")) {
    if (profile.at("state") == "enabled") iccids.push_back(profile.at("iccid"));
  }
  return iccids;
}

std::string file_in(const TemporaryDirectory& directory, const std::string& name) {
  return (directory.path() / name).string();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a profile that is not there is exit 3, lists the candidates and changes nothing") {
  const TemporaryDirectory directory;
  const auto file = file_in(directory, "card.json");
  const auto before = enabled(file);
  const auto result = cli_test::run("--card sim:" + file + " enable nobody");
  CHECK(result.code == 3);
  CHECK(contains(result.err, "“Travel” (89012600000000314156)"));
  CHECK(enabled(file) == before);

  // Counter-run: a profile that is there does change the card.
  CHECK(cli_test::run("--card sim:" + file + " enable travel").code == 0);
  CHECK(enabled(file) != before);
}

TEST_CASE("a name that fits two profiles is exit 3 and lists both") {
  const TemporaryDirectory directory;
  const auto file = file_in(directory, "card.json");
  auto state = sim::fresh();
  state.profiles[1].nickname = "Home";
  sim::save(state, file);
  const auto result = cli_test::run("--card sim:" + file + " enable home");
  CHECK(result.code == 3);
  CHECK(contains(result.err, "fits 2 profiles"));
  CHECK(contains(result.err, "8944100000000042176"));
  CHECK(contains(result.err, "89012600000000314156"));
  CHECK(enabled(file) == std::vector<std::string>{"8944100000000042176"});
}

TEST_CASE("enabling the enabled and disabling the disabled succeed and say that nothing changed") {
  const auto enable = cli_test::run("--card sim enable home --json");
  CHECK(enable.code == 0);
  CHECK(nlohmann::json::parse(enable.out).at("changed") == false);
  const auto disable = cli_test::run("--card sim disable travel --json");
  CHECK(disable.code == 0);
  CHECK(nlohmann::json::parse(disable.out).at("changed") == false);
  const auto real = cli_test::run("--card sim disable home --json");
  CHECK(nlohmann::json::parse(real.out).at("changed") == true);
}

TEST_CASE("a second command waits for the first, then says who has the card and exits with 5") {
  Setting setting;
  const TemporaryDirectory locks;
  setting.lock_directory = locks.path().string();
  cli_test::Result inner;
  setting.readers = {{"Reader", [&] {
                        // While the first command has the reader, the second asks for it.
                        auto second = setting;
                        second.readers = {{"Reader", device("mute-after=1000")}};
                        inner = cli_test::run("list --wait 3", second);
                        return device("mute-after=1000")();
                      }}};
  const auto outer = cli_test::run("list", setting);
  CHECK(outer.code == 0);
  CHECK(inner.code == 5);
  CHECK(contains(inner.err, "another esimctl has it (process "));
  CHECK(contains(inner.err, "--wait SECONDS"));
  // Counter-run: afterwards the card is free again.
  setting.readers = {{"Reader", device("mute-after=1000")}};
  CHECK(cli_test::run("list --wait 0", setting).code == 0);
}

TEST_CASE("no lock is made behind a symbolic link in the place of the lock directory") {
  const TemporaryDirectory directory;
  const auto target = directory.path() / "target";
  std::filesystem::create_directory(target);
  std::filesystem::create_directory_symlink(target, directory.path() / "link");
  Setting setting{.readers = {{"Reader", device("mute-after=100000")}}};
  setting.lock_directory = file_in(directory, "link");
  const auto result = cli_test::run("list -v", setting);
  CHECK(result.code == 0);
  CHECK(contains(result.err, "symbolic link"));
  CHECK(std::filesystem::is_empty(target));
  setting.lock_directory = target.string();  // counter-run
  CHECK(cli_test::run("list", setting).code == 0);
  CHECK(!std::filesystem::is_empty(target));
}

TEST_CASE(
    "a card that answers nothing, garbage, truncated or over-long elements or without end is exit "
    "5") {
  for (const std::string kind : {"mute-after=0", "mute-after=4", "mute-after=7", "garbage",
                                 "endless-61", "empty", "truncated", "overlong"}) {
    for (const std::string command :
         {"list", "info", "show travel", "enable travel", "disable home"}) {
      CAPTURE(kind);
      CAPTURE(command);
      const auto result = cli_test::run(command, reader_with(kind));
      CHECK(result.code == 5);
      CHECK(result.out.empty());
      CHECK(contains(result.err, "esimctl: "));
      CHECK(contains(result.err, "hint: "));
    }
  }
  // Counter-run: the same card without the fault.
  CHECK(cli_test::run("list", reader_with("mute-after=100000")).code == 0);
}

TEST_CASE("an answer that cannot be read names the field, and list prints nothing of it") {
  const auto malformed = [](const std::string& answer) {
    return Setting{
        .readers = {{"Reader", [answer] {
                       return std::make_unique<test::SimulatedCard>(
                           sim::fresh(), [answer](sim::Card& card, base::ByteView command) {
                             return test::is_request(command, 0xBF, 0x2D) ? *base::from_hex(answer)
                                                                          : card.transmit(command);
                           });
                     }}}};
  };
  const auto nine =
      cli_test::run("list", malformed("BF2D0F A00D E30B 5A09 989401000000001032 9000"));
  CHECK(nine.code == 5);
  CHECK(contains(nine.err, "ProfileInfoListResponse.[0].iccid: 9 octets, not 10"));
  CHECK(nine.out.empty());
  for (const std::string answer :
       {"BF2D02A001 9000", "BF2D02A000FF 9000", "9000", "BF2D80A000 9000", "BF2D 9000"}) {
    CAPTURE(answer);
    CHECK(cli_test::run("list", malformed(answer)).code == 5);
  }
  // Counter-run: the same answer with ten octets.
  CHECK(cli_test::run("list", malformed("BF2D10 A00E E30C 5A0A 989401000000001032F4 9000")).code ==
        0);
}

TEST_CASE(
    "a card that is pulled in the middle of a switch is exit 5 and says what is known of its "
    "state") {
  bool told = false;
  for (int after = 0; after < 14; ++after) {
    CAPTURE(after);
    const auto result =
        cli_test::run("enable travel", reader_with("remove-after=" + std::to_string(after)));
    CHECK(result.code == 5);
    CHECK(contains(result.err, "taken out"));
    told = told || contains(result.err, "may have done so");
  }
  CHECK(told);
}

TEST_CASE("a SIM, an M2M card and an IoT card are told apart") {
  const auto sim = cli_test::run("list", reader_with("plain-sim"));
  CHECK(sim.code == 5);
  CHECK(contains(sim.err, "no eUICC"));
  const auto m2m = cli_test::run("list", reader_with("m2m"));
  CHECK(m2m.code == 5);
  CHECK(contains(m2m.err, "SGP.02 (M2M)"));
  const auto iot = cli_test::run("info --json", reader_with("iot"));
  CHECK(iot.code == 0);
  CHECK(nlohmann::json::parse(iot.out).at("kind") == "iot");
  CHECK(cli_test::run("list", reader_with("iot")).code == 0);
  for (const std::string line :
       {"enable travel", "disable home", "rename travel x", "delete travel --yes",
        "reset --test-profiles --yes", "smdp x.example"}) {
    CAPTURE(line);
    const auto refused = cli_test::run(line, reader_with("iot"));
    CHECK(refused.code == 7);
    CHECK(contains(refused.err, "SGP.32 (IoT)"));
    CHECK(cli_test::run(line, reader_with("mute-after=100000")).code == 0);  // counter-run
  }
  const auto all = cli_test::run("cards --json", {.readers = {{"A", device("plain-sim")},
                                                              {"B", device("m2m")},
                                                              {"C", device("iot")},
                                                              {"D", device("mute-after=100000")},
                                                              {"E", nullptr}}});
  CHECK(all.code == 0);
  std::vector<nlohmann::json> kinds;
  const auto document = nlohmann::json::parse(all.out);
  for (const auto& card : document.at("cards")) kinds.push_back(card.at("kind"));
  CHECK(kinds == std::vector<nlohmann::json>{"none", "m2m", "iot", "consumer", nullptr});
}

namespace {

const std::string right_to_left_override{'\xE2', '\x80', '\xAE'};

}  // namespace

TEST_CASE("text with control characters and bad UTF-8 is shown clean, and JSON stays valid") {
  const TemporaryDirectory directory;
  auto state = sim::fresh();
  state.profiles[0].nickname = "a\x1b[31mred\x07\tb";
  state.profiles[1].provider = "x\xFF\xC0y";
  state.profiles[2].name = "l" + right_to_left_override + "r";
  const Setting setting{.readers = {{"Reader", device("mute-after=100000", state)}}};
  for (const std::string command :
       {"list", "list --json", "show 2176", "enable home", "enable nobody"}) {
    for (const bool tty : {false, true}) {
      CAPTURE(command);
      auto with = setting;
      with.tty = tty;
      const auto result = cli_test::run(command, with);
      for (const auto& text : {result.out, result.err}) {
        CHECK(!contains(text, "\x1b"));
        CHECK(!contains(text, "\x07"));
        CHECK(!contains(text, "\xFF"));
        CHECK(!contains(text, right_to_left_override));
      }
    }
  }
  const auto document = nlohmann::json::parse(cli_test::run("list --json", setting).out);
  CHECK(document.at("profiles")[0].at("nickname") == "a[31mredb");
  CHECK(document.at("profiles")[1].at("provider") == "x\xEF\xBF\xBD\xEF\xBF\xBDy");
}

TEST_CASE("several eUICCs and no --card are listed, exit 2, and none is touched") {
  Setting setting{
      .readers = {{"Left", device("mute-after=100000")}, {"Right", device("mute-after=100000")}}};
  const auto result = cli_test::run("list", setting);
  CHECK(result.code == 2);
  CHECK(contains(result.err, "--card 'Left' (EID 89049032000000000000000000042164)"));
  CHECK(contains(result.err, "--card 'Right' (EID "));
  CHECK(cli_test::run("list --card left", setting).code == 0);

  // A card that could not be asked may be one as well: no guessing.
  setting.readers["Right"] = device("mute-after=0");
  CHECK(cli_test::run("list", setting).code == 2);
  // A card that certainly is none leaves one, and an empty reader does not count.
  setting.readers["Right"] = device("plain-sim");
  setting.readers["Third"] = nullptr;
  CHECK(cli_test::run("list", setting).code == 0);
}

TEST_CASE(
    "without reader, card or service the next step is told, and it names the simulated card") {
  Setting failing;
  failing.list_readers = []() -> std::vector<lpa::Reader> {
    throw base::Error(base::ErrorKind::card, "pcsc.no-service", "the PC/SC service is not running");
  };
  for (const auto& setting : {Setting{}, Setting{.readers = {{"Empty", nullptr}}}, failing}) {
    const auto result = cli_test::run("list", setting);
    CHECK(result.code == 5);
    CHECK(contains(result.err, "--card sim"));
  }
  const auto unknown =
      cli_test::run("list --card omni", {.readers = {{"Other", device("plain-sim")}}});
  CHECK(unknown.code == 3);
  CHECK(contains(unknown.err, "“Other”"));
  const auto ambiguous = cli_test::run(
      "list --card read",
      {.readers = {{"Reader 1", device("plain-sim")}, {"Reader 2", device("plain-sim")}}});
  CHECK(ambiguous.code == 3);
  CHECK(contains(ambiguous.err, "“Reader 1”, “Reader 2”"));
}

TEST_CASE("a command line that cannot be read is exit 2 and no card is asked") {
  bool asked = false;
  Setting setting;
  setting.list_readers = [&]() -> std::vector<lpa::Reader> {
    asked = true;
    return {};
  };
  for (const std::string line : {"lsit", "list --nosuch", "list surplus", "show", "enable a b",
                                 "list --wait x", "list --wait -1", "list --se 7", "list --aid 12",
                                 "list --json=xml", "list --columns nosuch", "explain", "--card"}) {
    CAPTURE(line);
    const auto result = cli_test::run(line, setting);
    CHECK(result.code == 2);
    CHECK(contains(result.err, "hint"));
  }
  CHECK(!asked);
  cli_test::run("list", setting);
  CHECK(asked);
}

TEST_CASE("a code that nobody knows is exit 3 with what codes look like, and nothing is printed") {
  for (const std::string line : {"8.2.6/3.8/9", "5/12",       "99.9/99.9",   "4.1",
                                 "8.02.6",      ".",          "..",          "/",
                                 "subject 7",   "reason 3.2", "status 3.10", "http.nosuch",
                                 "http.",       "http 399",   "http 4040",   "http 99999999999",
                                 "404",         "curl 0",     "curl 9999",   "curl",
                                 "tls 0",       "tls x"}) {
    CAPTURE(line);
    const auto result = cli_test::run("explain " + line);
    CHECK(result.code == 3);
    CHECK(result.out.empty());
    CHECK(contains(result.err, "8.2.6/3.8"));
  }
  CHECK(cli_test::run("explain server 8.2.6 3.8").code == 0);
  CHECK(cli_test::run("explain HTTP/1.1 404").code == 0);
}

TEST_CASE("what deletes is exit 9 without a terminal and without --yes, and no card is asked") {
  bool asked = false;
  Setting setting;
  setting.list_readers = [&]() -> std::vector<lpa::Reader> {
    asked = true;
    return {};
  };
  for (const std::string line : {"delete travel", "reset --test-profiles"}) {
    CAPTURE(line);
    const auto result = cli_test::run(line, setting);
    CHECK(result.code == 9);
    CHECK(contains(result.err, "hint: --force") != contains(result.err, "--yes"));
    setting.tty = true;
    CHECK(cli_test::run(line + " --no-input", setting).code == 9);
    setting.tty = false;
  }
  CHECK(!asked);
  cli_test::run("delete travel --yes", setting);  // counter-run
  CHECK(asked);
}

TEST_CASE("values that the new commands cannot use are exit 2 and nothing is sent") {
  const TemporaryDirectory directory;
  const auto card = "--card sim:" + file_in(directory, "card.json") + " ";
  const auto long_name = std::string(65, 'a');
  for (const auto& line :
       {"rename travel " + long_name, std::string("rename travel \x01"),
        std::string("rename travel \xFF"), std::string("smdp http://x.example"),
        std::string("smdp x.example:99999"), std::string("smdp x.example --clear"),
        std::string("reset"), std::string("notification show x"),
        std::string("notification remove -- -1 --force"), std::string("notification frobnicate")}) {
    CAPTURE(line);
    CHECK(cli_test::run(card + line).code == 2);
  }
  const auto listed = nlohmann::json::parse(cli_test::run(card + "list --json").out);
  CHECK(listed.at("profiles")[1].at("nickname") == "Travel");
  const auto empty = cli_test::run(cli_test::Words{"--card", "sim", "smdp", "", "--json"});
  CHECK(nlohmann::json::parse(empty.out).at("changed") == true);
}

TEST_CASE("a directory as state file of the simulated card is exit 2") {
  const TemporaryDirectory directory;
  const auto result = cli_test::run("--card sim:" + directory.path().string() + " list");
  CHECK(result.code == 2);
  CHECK(contains(result.err, "is a directory"));
}

TEST_CASE("a damaged state file of the simulated card is exit 2 and stays as it is") {
  const TemporaryDirectory directory;
  const auto file = file_in(directory, "card.json");
  auto state = sim::fresh();
  sim::save(state, file);
  CHECK(cli_test::run("--card sim:" + file + " list").code == 0);
  std::filesystem::resize_file(file, 100);
  const auto result = cli_test::run("--card sim:" + file + " enable travel");
  CHECK(result.code == 2);
  CHECK(contains(result.err, "card.json"));
}
