#include "app/cards.hpp"

#include <memory>
#include <utility>
#include <variant>

namespace app {
namespace {

/// A card that is open, and what it is asked by.
struct Asked {
  OpenCard open;
  CardMemory memory;
  const Observer& observer;

  [[nodiscard]] std::variant<std::unique_ptr<lpa::Isdr>, lpa::NoIsdr> find(
      const CardChoice& choice) const {
    return lpa::Isdr::find(*open.card, isdr_options(memory, observer, choice, *open.card));
  }
};

/// What an ISD-R that was found tells of itself.
void fill(CardReport& report, const Asked& card, const lpa::Isdr& isdr) {
  report.eid = isdr.eid();
  report.isdr_aid = isdr.aid();
  report.habits = card.memory.habits(report.atr, isdr.eid());
}

/// The second secure element, when the card has one that is not the first again.
std::optional<CardReport> second_element(const Asked& card, CardChoice choice,
                                         const CardReport& first) {
  choice.secure_element = 1;
  const auto isdr = card.find(choice);
  const auto* found = std::get_if<std::unique_ptr<lpa::Isdr>>(&isdr);
  if (found == nullptr || (*found)->eid() == first.eid) return std::nullopt;
  auto report = first;
  fill(report, card, **found);
  report.secure_element = 1;
  return report;
}

void ask(CardReport& report, const Asked& card, const CardChoice& choice) {
  report.atr = card.open.card->atr();
  const auto isdr = card.find(choice);
  if (const auto* none = std::get_if<lpa::NoIsdr>(&isdr)) {
    if (!none->without_eid || none->m2m_eid)
      report.kind = none->m2m_eid ? CardKind::m2m : CardKind::no_euicc;
    report.eid = none->m2m_eid;
    return;
  }
  auto& found = *std::get<std::unique_ptr<lpa::Isdr>>(isdr);
  fill(report, card, found);
  const auto info = lpa::Euicc(found).info2();
  report.kind = info.iot_specific_info ? CardKind::iot : CardKind::consumer;
}

}  // namespace

std::vector<CardReport> survey(const World& world, const Observer& observer,
                               const CardChoice& choice) {
  std::vector<CardReport> reports;
  for (const auto& reader : matching_readers(world, choice)) {
    CardReport report;
    report.card = reader.name;
    report.present = reader.card_present;
    report.atr = reader.atr;
    std::optional<CardReport> second;
    if (reader.card_present) {
      try {
        const Asked card{open_card(world, observer, choice, reader.name),
                         card_memory(world, choice, reader.name), observer};
        ask(report, card, choice);
        const bool may_have_two = report.isdr_aid && !choice.aid && !choice.secure_element;
        if (may_have_two) second = second_element(card, choice, report);
        if (second) report.secure_element = 0;
      } catch (const base::Error& error) {
        report.problem = error;
      }
    }
    reports.push_back(std::move(report));
    if (second) reports.push_back(*std::move(second));
  }
  return reports;
}

}  // namespace app
