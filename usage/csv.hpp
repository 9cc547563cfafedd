#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Comma-separated values, as RFC 4180 has them.
namespace usage {

/// A field as it is written: in quotes where it has to be.
std::string csv_field(std::string_view text);

/// A record of such a text, with the line that it begins in, from 1 on.
struct CsvRecord {
  std::size_t line = 1;
  std::vector<std::string> fields;
};

/// Hands over one record after another; lines end with LF or CRLF, empty ones are left out. Throws
/// Error `usage.csv` (usage), which names line and column, for a quote that is out of place or
/// never ends, and for more than 64 fields or 4096 octets in one.
void read_csv(std::string_view text, const std::function<void(const CsvRecord&)>& record);

}  // namespace usage
