#include "app/cards.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/card_memory.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/output.hpp"

namespace cli {
namespace {

std::string human_kind(const Json& kind) {
  if (kind.is_null()) return {};
  const auto name = kind.get<std::string>();
  if (name == "consumer") return "eUICC (SGP.22)";
  if (name == "iot") return "IoT eUICC (SGP.32)";
  if (name == "m2m") return "M2M eUICC (SGP.02)";
  return "no eUICC";
}

std::string human_problem(const Json& error) {
  return error.is_null() ? std::string() : error.at("message").get<std::string>();
}

std::vector<Field> fields() {
  return {{"card", "CARD"},
          {"present", "PRESENT"},
          {"kind", "KIND", human_kind},
          {"eid", "EID"},
          {"secure_element", "SE"},
          {"isdr_aid", "ISD-R"},
          {"atr", "ATR"},
          {"error", "PROBLEM", human_problem}};
}

}  // namespace

namespace {

/// What works with a card, where that is unusual: "blocks of 120 octets, no Le".
std::string spoken(const lpa::Habits& habits) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (habits.isdr) add("ISD-R " + habits.isdr->hex());
  if (habits.block_size != lpa::longest_block)
    add(fmt::format("blocks of {} octets", habits.block_size));
  if (!habits.le) add("no Le");
  if (habits.switch_form != 0) add(fmt::format("form {} of a switch", habits.switch_form + 1));
  return text.empty() ? "nothing unusual" : text;
}

int forget(const Context& context) {
  const auto count = app::CardMemory(context.world.state_directory).forget();
  if (context.options.json != JsonStyle::none) {
    print_json(context, {{"version", 1}, {"changed", count > 0}, {"forgotten", count}});
    return 0;
  }
  say(context, count == 0 ? std::string("there was nothing to forget")
                          : fmt::format("forgot what works with {} kinds of cards", count));
  return 0;
}

}  // namespace

std::vector<std::string> card_columns() { return keys(fields()); }

int cards(const Context& context, const CardsOptions& cards_options) {
  if (cards_options.forget) return forget(context);
  const auto& options = cards_options.table;
  context.card.let_go();  // the survey opens every card itself
  const auto reports = app::survey(context.world, context.observer, context.options.choice);
  for (const auto& report : reports) {
    if (report.habits) context.observer.note(report.card + ": learned: " + spoken(*report.habits));
  }
  auto rows = Json::array();
  for (const auto& report : reports) rows.push_back(card_json(report));
  const auto columns = options.columns.empty() && context.terminal.out_is_tty
                           ? choose(fields(), {"card", "kind", "eid", "error"})
                           : choose(fields(), options.columns);
  if (context.options.json != JsonStyle::none) {
    print_json(context, {{"version", 1}, {"cards", std::move(rows)}});
    return 0;
  }
  if (rows.empty()) {
    suggest(context,
            "there is no smart card reader; plug one in, or try `esimctl --card sim list`");
    return 0;
  }
  print_table(context, rows, columns, [](const Json& row) { return !row.at("eid").is_null(); });
  for (const auto& report : reports) {
    if (!report.problem) continue;
    for (const auto& hint : report.problem->hints()) suggest(context, report.card + ": " + hint);
  }
  return 0;
}

}  // namespace cli
