#include "app/cards.hpp"

#include <memory>
#include <utility>
#include <variant>

#include "app/card_memory.hpp"

namespace app {
namespace {

lpa::IsdrOptions options(const Observer& observer, std::optional<lpa::Aid> aid,
                         std::optional<unsigned> secure_element) {
  lpa::IsdrOptions options;
  options.aid = std::move(aid);
  options.secure_element = secure_element;
  options.note = observer.note;
  return options;
}

/// The second secure element, when the card has one that is not the first again.
std::optional<CardReport> second_element(OpenCard& open, const Observer& observer,
                                         const CardReport& first) {
  const auto isdr = lpa::Isdr::find(*open.card, options(observer, std::nullopt, 1));
  const auto* found = std::get_if<std::unique_ptr<lpa::Isdr>>(&isdr);
  if (found == nullptr || (*found)->eid() == first.eid) return std::nullopt;
  auto report = first;
  report.eid = (*found)->eid();
  report.isdr_aid = (*found)->aid();
  report.secure_element = 1;
  return report;
}

void fill(CardReport& report, OpenCard& open, const Observer& observer, const CardChoice& choice) {
  report.atr = open.card->atr();
  const auto isdr =
      lpa::Isdr::find(*open.card, options(observer, choice.aid, choice.secure_element));
  if (const auto* none = std::get_if<lpa::NoIsdr>(&isdr)) {
    if (!none->without_eid || none->m2m_eid)
      report.kind = none->m2m_eid ? CardKind::m2m : CardKind::no_euicc;
    report.eid = none->m2m_eid;
    return;
  }
  const auto& found = *std::get<std::unique_ptr<lpa::Isdr>>(isdr);
  report.eid = found.eid();
  report.isdr_aid = found.aid();
  const auto info = lpa::Euicc(*std::get<std::unique_ptr<lpa::Isdr>>(isdr)).info2();
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
        auto open = open_card(world, observer, choice, reader.name);
        fill(report, open, observer, choice);
        const bool may_have_two = report.isdr_aid && !choice.aid && !choice.secure_element;
        if (may_have_two) second = second_element(open, observer, report);
        if (second) report.secure_element = 0;
      } catch (const base::Error& error) {
        report.problem = error;
      }
    }
    if (report.eid)
      report.habits = CardMemory(world.state_directory).habits(report.atr, *report.eid);
    reports.push_back(std::move(report));
    if (second) reports.push_back(*std::move(second));
  }
  return reports;
}

}  // namespace app
