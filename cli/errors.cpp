#include "cli/errors.hpp"

#include <ostream>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/documents.hpp"

namespace cli {
namespace {

constexpr std::size_t longest = 1000;

}  // namespace

void print_error(const base::Error& error, const Terminal& terminal, bool steps) {
  terminal.err << "esimctl: " << base::clean(error.what(), longest) << '\n';
  if (steps) {
    for (const auto& step : error.steps()) {
      terminal.err << "while " << base::clean(step, longest) << '\n';
    }
  }
  for (const auto& hint : error.hints()) {
    terminal.err << "hint: " << base::clean(hint, longest) << '\n';
  }
}

void print_error_json(const base::Error& error, const Terminal& terminal) {
  const Json document{{"version", 1}, {"error", error_json(error)}};
  terminal.err << document.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace cli
