#include "app/explain.hpp"

#include <ostream>

#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/output.hpp"

namespace cli {

int explain(const Context& context, const std::string& code) {
  const auto found = app::explain(code);
  auto rows = Json::array();
  for (const auto& each : found) {
    rows.push_back({{"kind", each.kind},
                    {"code", each.code},
                    {"name", each.name},
                    {"cause", each.cause},
                    {"advice", each.advice.empty() ? Json() : Json(each.advice)}});
  }
  if (context.options.json != JsonStyle::none) {
    print_json(context,
               {{"version", 1}, {"code", text_value(code)}, {"meanings", std::move(rows)}});
    return 0;
  }
  if (!context.terminal.out_is_tty) {
    print_table(context, rows,
                {{"kind", ""}, {"code", ""}, {"name", ""}, {"cause", ""}, {"advice", ""}},
                [](const Json&) { return false; });
    return 0;
  }
  for (const auto& each : found) {
    auto& out = context.terminal.out;
    out << each.kind << ' ' << each.code << ": " << each.name << '\n' << "  " << each.cause << '\n';
    if (!each.advice.empty()) out << "  what to do: " << each.advice << '\n';
  }
  return 0;
}

}  // namespace cli
