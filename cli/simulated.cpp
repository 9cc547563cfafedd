#include "cli/simulated.hpp"

#include <utility>

#include "base/clock.hpp"
#include "sim/card.hpp"
#include "sim/pace.hpp"
#include "sim/state.hpp"

namespace cli {
namespace {

class SimulatedCard final : public lpa::Card {
 public:
  SimulatedCard(sim::State state, sim::Card::OnChange on_change)
      : card_(std::move(state), std::move(on_change)), pace_(card_.state().options.line, clock_) {}

  base::Bytes transmit(base::ByteView command) override {
    auto answer = card_.transmit(command);
    pace_.wait(command.size() + answer.size());
    return answer;
  }
  void reset() override { card_.reset(); }
  [[nodiscard]] base::Bytes atr() const override { return card_.atr(); }
  [[nodiscard]] lpa::Protocol protocol() const override {
    return card_.state().protocol == sim::Protocol::t0 ? lpa::Protocol::t0 : lpa::Protocol::t1;
  }

 private:
  sim::Card card_;
  base::SystemClock clock_;
  sim::Pace pace_;
};

}  // namespace

std::unique_ptr<lpa::Card> simulated_card(const std::string& file,
                                          const app::Observer& /*observer*/) {
  if (file.empty()) return std::make_unique<SimulatedCard>(sim::fresh(), sim::Card::OnChange());
  return std::make_unique<SimulatedCard>(
      sim::load_or_create(file), [file](const sim::State& state) { sim::save(state, file); });
}

}  // namespace cli
