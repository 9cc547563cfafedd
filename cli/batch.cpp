#include <algorithm>
#include <istream>
#include <iterator>
#include <ostream>
#include <sstream>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/grammar.hpp"
#include "cli/outcome.hpp"
#include "cli/words.hpp"

namespace cli {
namespace {

constexpr std::size_t largest_file = 1024UL * 1024;

/// One line that asks for something.
struct Line {
  std::size_t number;  ///< from 1
  std::vector<std::string> words;
  Invocation invocation;
};

std::string read_batch(const Context& context, const std::string& file) {
  auto text = base::read_named(file, context.terminal.in, largest_file);
  if (!text) {
    throw base::Error(base::ErrorKind::usage, "batch.file",
                      fmt::format("cannot read {}: it is not there, no file, or larger than 1 MiB",
                                  file == "-" ? "standard input" : base::clean(file)))
        .hint("name a text with one command a line, or `-` for standard input");
  }
  return *std::move(text);
}

/// The same error, with the line that it is about.
base::Error at_line(std::size_t number, const base::Error& error, std::string_view consequence) {
  return reworded(error, fmt::format("line {}: {}{}", number, error.what(), consequence));
}

/// The line as an invocation; its errors name the line.
Line read_line(std::size_t number, const std::string& text) {
  try {
    Line line{number, split_words(text), {}};
    if (line.words.empty()) return line;
    line.invocation = parse(line.words);
    const auto& options = line.invocation.options;
    if (!options.choice.card.empty() || options.choice.aid || options.choice.secure_element ||
        !options.record.empty()) {
      throw base::Error(base::ErrorKind::usage, "batch.card", "one card is used for all lines")
          .hint("give --card, --aid, --se and --record to batch itself");
    }
    if (line.words.front() == "batch" || line.words.front() == "each") {
      throw base::Error(base::ErrorKind::usage, "batch.nested",
                        fmt::format("{} cannot be a line of a batch", line.words.front()));
    }
    return line;
  } catch (const base::Error& error) {
    throw at_line(number, error, "; nothing was run");
  }
}

std::vector<Line> read_lines(const std::string& text) {
  std::vector<Line> lines;
  std::istringstream stream(text);
  std::size_t number = 0;
  for (std::string each; std::getline(stream, each);) {
    if (!each.empty() && each.back() == '\r') each.pop_back();
    auto line = read_line(++number, each);
    if (!line.words.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

Outcome run_text(const Context& context, const Line& line) {
  auto options = context.options.around(line.invocation.options);
  options.json = line.invocation.options.json;
  const Context inner{context.world, context.observer, context.terminal, options, context.card};
  auto outcome = run_one(line.invocation, inner);
  if (outcome.error) {
    print_error(at_line(line.number, *outcome.error, ""), context.terminal,
                context.options.verbosity > 0);
  }
  return outcome;
}

Outcome run_json(const Context& context, const Line& line) {
  auto options = context.options.around(line.invocation.options);
  options.json = JsonStyle::compact;
  const Context inner{context.world, context.observer, context.terminal, options, context.card};
  auto outcome = run_kept(line.invocation, inner);
  context.terminal.err << outcome.err;
  print_json_line(context, line.number, line.words, outcome);
  return outcome;
}

}  // namespace

int batch(const Context& context, const BatchOptions& options) {
  const auto lines = read_lines(read_batch(context, options.file));
  const bool json = context.options.json != JsonStyle::none;
  int code = 0;
  for (const auto& line : lines) {
    const auto outcome = json ? run_json(context, line) : run_text(context, line);
    context.terminal.out.flush();
    if (code == 0) code = outcome.exit;
    if (code != 0 && !options.keep_going) break;
  }
  return code;
}

}  // namespace cli
