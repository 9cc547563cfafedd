#pragma once

#include <string>
#include <string_view>

#include "store/database.hpp"
#include "usage/snapshot.hpp"

/// How a snapshot is written in the history.
namespace store {

/// In the order in which snapshot_of reads them.
inline constexpr std::string_view snapshot_columns =
    "iccid, eid, msisdn, imsi, provider_id, plan, expires_at, cycle_rule, cycle_start, cycle_end, "
    "cycle_zone, limit_kind, limit_bytes, at_limit, used_bytes, remaining_bytes, as_of, "
    "fetched_at, source, confidence";

/// Of the columns from `first` on. Throws Error `store.corrupt` (failure).
usage::Snapshot snapshot_of(const Row& row, int first);

/// Adds a row. Throws as Database.
void insert(Database& database, const std::string& account, const usage::Snapshot& snapshot);

/// Throws Error `store.corrupt` (failure): `text` stands where `what` should be.
[[noreturn]] void refuse(std::string_view what, const std::string& text);

/// Throw Error `store.corrupt` (failure) when the column has something else.
base::UtcTime time_at(const Row& row, int column);
usage::DataSize size_at(const Row& row, int column);

}  // namespace store
