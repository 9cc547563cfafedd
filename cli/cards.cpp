#include "app/cards.hpp"

#include <nlohmann/json.hpp>

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

std::vector<std::string> card_columns() { return keys(fields()); }

int cards(const Context& context, const TableOptions& options) {
  context.card.let_go();  // the survey opens every card itself
  const auto reports = app::survey(context.world, context.observer, context.options.choice);
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
