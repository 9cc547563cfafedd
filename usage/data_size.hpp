#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usage {

/// What providers count data in: kb to tb by 1000, kib to tib by 1024.
enum class DataUnit : std::uint8_t { b, kb, mb, gb, tb, kib, mib, gib, tib };

/// The unit of a name: B, KB or kB, MB, GB, TB, KiB, MiB, GiB, TiB, in this spelling (a "Mb" is a
/// megabit). Empty when it is another.
std::optional<DataUnit> data_unit(std::string_view name);

/// An amount of data, 0 to 2^63 - 1 bytes.
class DataSize {
 public:
  constexpr DataSize() = default;

  /// Throws Error `usage.size` (usage) when `count` is negative.
  static DataSize of_bytes(std::int64_t count);

  /// Of "1,657.56" and its unit (read_decimal), to the nearest byte and half a byte up. Throws
  /// Error `usage.size` (usage) when it is no number, negative, or too large.
  static DataSize parse(std::string_view number, DataUnit unit);

  [[nodiscard]] constexpr std::int64_t bytes() const { return bytes_; }

  auto operator<=>(const DataSize&) const = default;

 private:
  constexpr explicit DataSize(std::int64_t bytes) : bytes_(bytes) {}
  std::int64_t bytes_ = 0;
};

/// These throw Error `usage.size` (usage) when the result is none that a DataSize can have.
DataSize operator+(DataSize left, DataSize right);
DataSize operator-(DataSize left, DataSize right);

/// For people: "512 B", "1.9 GB"; by 1000, to the nearest tenth.
std::string to_text(DataSize size);

}  // namespace usage
