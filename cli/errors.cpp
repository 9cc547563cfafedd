#include "cli/errors.hpp"

#include <ostream>

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
  terminal.err << error_document(error) << '\n';
}

base::Error reworded(const base::Error& error, const std::string& message) {
  base::Error told(error.kind(), error.code(), message);
  for (const auto& hint : error.hints()) told.hint(hint);
  for (const auto& step : error.steps()) told.during(step);
  return told;
}

}  // namespace cli
