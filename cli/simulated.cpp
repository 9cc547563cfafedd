#include "cli/simulated.hpp"

#include <utility>

#include "sim/card.hpp"
#include "sim/state.hpp"

namespace cli {
namespace {

class SimulatedCard final : public lpa::Card {
 public:
  SimulatedCard(sim::State state, sim::Card::OnChange on_change)
      : card_(std::move(state), std::move(on_change)) {}

  base::Bytes transmit(base::ByteView command) override { return card_.transmit(command); }
  void reset() override { card_.reset(); }
  [[nodiscard]] base::Bytes atr() const override { return card_.atr(); }
  [[nodiscard]] lpa::Protocol protocol() const override {
    return card_.state().protocol == sim::Protocol::t0 ? lpa::Protocol::t0 : lpa::Protocol::t1;
  }

 private:
  sim::Card card_;
};

}  // namespace

std::unique_ptr<lpa::Card> simulated_card(const std::string& file,
                                          const app::Observer& /*observer*/) {
  if (file.empty()) return std::make_unique<SimulatedCard>(sim::fresh(), sim::Card::OnChange());
  return std::make_unique<SimulatedCard>(
      sim::load_or_create(file), [file](const sim::State& state) { sim::save(state, file); });
}

}  // namespace cli
