#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The words of one line as a POSIX shell parts them (2.2 Quoting): blanks part, '…' keeps
/// everything, "…" and \ keep what follows; `#` at the start of a word begins a comment. Nothing is
/// expanded. Throws Error `usage.quoting` (usage) with the column where a quote that never ends
/// begins.
std::vector<std::string> split_words(std::string_view line);

/// A line that is still being typed.
struct UnfinishedLine {
  std::vector<std::string> words;  ///< the last is the one at its end, empty after a blank
  char quote = '\0';               ///< that is open at its end: ' or "
};

/// The same of a line whose end, also that of a quote, may be yet to come. Throws nothing.
UnfinishedLine split_unfinished(std::string_view line);

/// `text` as it has to be written where `quote` is open, so that a shell takes it for that and runs
/// nothing. readline closes the quote itself, unless the text ends with one.
std::string shell_quoted(std::string_view text, char quote);

}  // namespace cli
