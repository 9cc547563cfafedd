#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "base/text.hpp"
#include "sim/state.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/pending_notification.hpp"
#include "tests/support/simulated_card.hpp"
#include "tests/support/temporary_directory.hpp"

/// Commands on a card whose answers are damaged by chance: `mutated_answers COUNT [SEED]`. Whatever
/// a card says, a command ends with a known exit code, and prints nothing but valid UTF-8 without
/// control characters. The same seed gives the same run.
namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t limit) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

/// One damage: a bit, an octet more or less, the end cut off, a length changed, noise for all of
/// it.
void damage(base::Bytes& answer, Random& random) {
  if (answer.empty()) return;
  const auto at = static_cast<std::ptrdiff_t>(below(random, answer.size()));
  const auto octet = static_cast<std::uint8_t>(below(random, 256));
  switch (below(random, 6)) {
    case 0:
      answer[static_cast<std::size_t>(at)] ^= static_cast<std::uint8_t>(1U << below(random, 8));
      break;
    case 1:
      answer.insert(answer.begin() + at, octet);
      break;
    case 2:
      answer.erase(answer.begin() + at);
      break;
    case 3:
      answer.resize(static_cast<std::size_t>(at));
      break;
    case 4:
      answer[static_cast<std::size_t>(at)] = octet;
      break;
    default:
      answer.assign(below(random, 300), octet);
      break;
  }
}

base::Bytes honest(sim::Card& card, base::ByteView command) {
  return test::is_request(command, 0xBF, 0x2B) ? test::pending_notification()
                                               : card.transmit(command);
}

/// The card answers honestly but for one damaged answer in about eight.
cli_test::Setting damaged_card(Random& random, bool tty) {
  auto state = sim::fresh();
  state.protocol = below(random, 2) == 0 ? sim::Protocol::t0 : sim::Protocol::t1;
  state.notifications = {{3, sim::Event::enable, "rsp.example", state.profiles[1].iccid}};
  cli_test::Setting setting{
      .readers = {{"Reader", [state, &random] {
                     return std::make_unique<test::SimulatedCard>(
                         state, [&random](sim::Card& card, base::ByteView command) {
                           auto answer = honest(card, command);
                           for (auto times = below(random, 8) == 0 ? 1 + below(random, 3) : 0;
                                times > 0; --times) {
                             damage(answer, random);
                           }
                           return answer;
                         });
                   }}}};
  setting.tty = tty;
  return setting;
}

bool fit_to_show(const std::string& text) {
  if (!base::valid_utf8(text)) return false;
  for (const char c : text) {
    const bool layout = c == '\n' || c == '\t';
    if (!layout && static_cast<unsigned char>(c) < 0x20) return false;
  }
  return true;
}

bool known_exit(int code) { return code == 0 || code == 3 || code == 5 || code == 7; }

}  // namespace

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): then the test has failed
  const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  const std::vector<std::string> commands{"info",
                                          "list",
                                          "show travel",
                                          "cards",
                                          "notification list",
                                          "info --json",
                                          "list --json",
                                          "enable travel",
                                          "disable home",
                                          "notification show 2",
                                          "rename travel x",
                                          "delete travel --yes",
                                          "show travel --json",
                                          "smdp"};
  Random random(seed);
  const test::TemporaryDirectory locks;
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto& command = commands[below(random, commands.size())];
    auto setting = damaged_card(random, below(random, 2) == 0);
    setting.lock_directory = locks.path().string();
    const auto result = cli_test::run(command, setting);
    if (!known_exit(result.code) || !fit_to_show(result.out) || !fit_to_show(result.err)) {
      std::cerr << "seed " << seed << ", run " << i << ": `" << command << "` ended with "
                << result.code << "\n"
                << result.out << result.err;
      return 1;
    }
    refused += result.code == 0 ? 0 : 1;
  }
  std::cout << count << " commands on damaged answers: 0 crashes, 0 hangs, " << refused
            << " ended with an error\n";
  return refused == 0 || refused == count ? 1 : 0;  // then nothing was damaged, or everything
}
