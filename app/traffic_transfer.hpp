#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "app/traffic_file.hpp"
#include "app/world.hpp"
#include "base/utc.hpp"

namespace app {

/// What is kept of the lines and counters that `names` call, or of all, from `since` on; nobody is
/// asked. Throws as lines_called, choose_lines and store::History, and Error `account.no-line`
/// (not_found).
std::vector<FiledSeries> export_traffic(const World& world, const Observer& observer,
                                        const std::vector<std::string>& names, base::UtcTime since);

/// All of a file that a user names, `-` being `input`, of 64 MiB at most. Throws Error
/// `usage.import` (usage) when it cannot be read.
std::string read_traffic_file(const std::string& file, std::istream& input);

/// What became of one line or interface of a file.
struct ImportedSeries {
  std::string counter;  ///< or the line
  std::size_t days_added = 0;
  std::size_t days_known = 0;  ///< and so left as they were
};

/// The same of one line of an account, for the time before it was read here for the first time.
/// Throws Error `usage.import` (usage) when the text has more than one line, or the line has a
/// history of its own, as the other, and as lines_called.
ImportedSeries import_before(const World& world, const Observer& observer, std::string_view text,
                             const std::string& line);

/// Keeps what is in the text, CSV or the JSON of vnStat, as counters of this machine: by the name
/// of the interface or line, with its account before it, or by `name`, when that is not empty.
/// Throws Error `usage.import` (usage) when it is not clear which name, or a counter is kept by
/// days of another zone; as read_traffic_csv, read_vnstat and store::History. Then nothing was
/// imported.
std::vector<ImportedSeries> import_traffic(const World& world, const Observer& observer,
                                           std::string_view text, const std::string& name);

}  // namespace app
