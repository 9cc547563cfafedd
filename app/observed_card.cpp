#include "app/observed_card.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "base/error.hpp"

namespace app {
namespace {

class ObservedCard final : public lpa::Card {
 public:
  ObservedCard(std::unique_ptr<lpa::Card> card, const Observer& observer, base::Clock& clock)
      : card_(std::move(card)), observer_(observer), clock_(clock) {}

  base::Bytes transmit(base::ByteView command) override {
    const auto start = clock_.now();
    try {
      auto answer = card_->transmit(command);
      observer_.exchange({command, answer, {}, clock_.now() - start});
      return answer;
    } catch (const base::Error& error) {
      observer_.exchange({command, {}, error.code(), clock_.now() - start});
      throw;
    }
  }
  void reset() override { card_->reset(); }
  void set_patience(std::optional<std::chrono::milliseconds> at_most) override {
    card_->set_patience(at_most);
  }
  [[nodiscard]] base::Bytes atr() const override { return card_->atr(); }
  [[nodiscard]] lpa::Protocol protocol() const override { return card_->protocol(); }

 private:
  std::unique_ptr<lpa::Card> card_;
  const Observer& observer_;
  base::Clock& clock_;
};

}  // namespace

std::unique_ptr<lpa::Card> observed(std::unique_ptr<lpa::Card> card, const Observer& observer,
                                    base::Clock& clock) {
  return std::make_unique<ObservedCard>(std::move(card), observer, clock);
}

}  // namespace app
