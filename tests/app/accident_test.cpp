#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "app/session.hpp"
#include "app/switch.hpp"
#include "base/error.hpp"
#include "sim/hostile.hpp"
#include "tests/support/device_card.hpp"
#include "tests/support/manual_clock.hpp"

/// What happens to a card at one command, whichever that is: a switch is told as done when it was
/// done, and otherwise there is an error that says what happened.

namespace {

using base::Error;

const app::Observer nobody;

/// A session on `device`, as the program opens one.
std::unique_ptr<app::Session> open(sim::Device& device, base::Clock& clock) {
  const app::World world{
      .readers = [] { return std::vector<lpa::Reader>{}; },
      .connect = {},
      .schemes = {{"device",
                   [&](const std::string&, const app::Observer&) -> app::CardPointer {
                     return std::make_unique<test::DeviceCard>(device, lpa::Protocol::t1);
                   }}},
      .clock = clock,
      .lock_directories = {}};
  app::CardChoice choice;
  choice.card = "device";
  return app::open_session(world, nobody, choice);
}

sim::State card() {
  auto state = sim::fresh();
  state.protocol = sim::Protocol::t1;
  return state;
}

/// How `enable travel` ended.
struct End {
  std::optional<Error> error;
  bool changed = false;
};

End enable(sim::Device& device) {
  test::ManualClock clock;
  End end;
  try {
    end.changed = app::enable(*open(device, clock), clock, "travel").changed;
  } catch (const Error& error) {
    end.error = error;
  }
  return end;
}

/// Whether the card has it enabled, as the next who asks sees it; when the accident is still to
/// come, the one after.
bool has_enabled(sim::Device& device) {
  test::ManualClock clock;
  for (int i = 0; i < 2; ++i) {
    try {
      device.reset();
      const auto list = open(device, clock)->euicc().profiles(lpa::ProfileFields::state);
      const auto enabled = std::ranges::find_if(list, &lpa::ProfileInfo::enabled);
      return enabled != list.end() && enabled->iccid->digits() == "89012600000000314156";
    } catch (const Error&) {
      CHECK(i == 0);
    }
  }
  return false;
}

/// The codes that come up when it happens at each command of an `enable`, from the first to one
/// that is never sent; "" where it was done.
std::set<std::string> codes(const std::string& kind, bool card_stays) {
  std::set<std::string> all;
  bool harmless = false;
  for (std::size_t at = 1; at < 40; ++at) {
    CAPTURE(kind);
    CAPTURE(at);
    const auto device = sim::hostile(kind + std::to_string(at), card());
    const auto end = enable(*device);
    CHECK(end.changed == !end.error);
    if (end.error) CHECK(end.error->kind() == base::ErrorKind::card);
    if (end.changed && card_stays) CHECK(has_enabled(*device));
    all.insert(end.error ? end.error->code() : "");
    harmless = end.changed;
  }
  CHECK(harmless);  // counter-run: the last came too late
  return all;
}

using Codes = std::set<std::string>;

}  // namespace

TEST_CASE("an answer that is garbage is no success and no crash, whichever command it is for") {
  CHECK(codes("garbage-at=", true) == Codes{"", "card.no-eid", "card.malformed-answer"});
}

TEST_CASE("a reset by somebody else is told or made good, whenever it comes") {
  CHECK(codes("reset-at=", true) == Codes{"", "card.reset", "card.status"});
}

TEST_CASE("a card that falls mute or is taken out is told so, whenever it happens") {
  CHECK(codes("mute-after=", false) == Codes{"", "card.mute"});
  CHECK(codes("remove-after=", false) == Codes{"", "card.removed"});
}
