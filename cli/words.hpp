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

}  // namespace cli
