#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cli::plot {

/// `text` (clean UTF-8) in lines that `fit`: parted at blanks and, where a word alone is too long,
/// between graphemes. At least one line.
std::vector<std::string> wrapped(std::string_view text,
                                 const std::function<bool(std::string_view)>& fit);

}  // namespace cli::plot
