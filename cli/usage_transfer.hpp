#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"

namespace cli {

struct TransferOptions {
  bool out = false;  ///< `--export`
  std::string in;    ///< `--import`: a file, or `-` for standard input; empty: nothing is imported
  std::string as;    ///< what to call it; empty: as the file says
};

/// What is kept of the lines and counters that `names` call, or of all, from `since` on, as CSV or
/// JSON.
void print_export(const Context& context, const std::vector<std::string>& names,
                  const std::string& since);

/// Counts interfaces of this machine from now on, and forgets counters.
void change_counters(const Context& context, const std::vector<std::string>& counted,
                     const std::vector<std::string>& forgotten);

/// Imports a file, to the line that `names` has or else to counters, and says what came of it.
void import_file(const Context& context, const TransferOptions& options,
                 const std::vector<std::string>& names);

}  // namespace cli
