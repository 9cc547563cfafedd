#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/utc.hpp"
#include "store/database.hpp"
#include "usage/data_size.hpp"

/// Times and sizes that a table has as numbers: seconds of UTC and bytes.
namespace store {

inline std::int64_t number_of(base::UtcTime time) { return time.time_since_epoch().count(); }
inline Value number_or_null(const std::optional<base::UtcTime>& time) {
  return time ? Value(number_of(*time)) : Value();
}
inline Value number_or_null(const std::optional<usage::DataSize>& size) {
  return size ? Value(size->bytes()) : Value();
}

inline base::UtcTime time_of(std::int64_t number) {
  return base::UtcTime(std::chrono::seconds(number));
}
inline std::optional<base::UtcTime> time_of(const Row& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(time_of(row.number(column)));
}

}  // namespace store
