#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "lpa/habits.hpp"
#include "lpa/identifiers.hpp"

namespace app {

/// What works with which kind of card, kept between runs so that nothing is tried in vain twice. A
/// kind is an answer to reset and the first eight digits of the EID, which name the maker; a card
/// with the usual habits is not kept.
///
/// `cards` in `directory`, a text; what cannot be read in it is passed over. Without a directory
/// nothing is kept.
class CardMemory {
 public:
  /// Reads it, once.
  explicit CardMemory(std::filesystem::path directory)
      : directory_(std::move(directory)), entries_(read()) {}

  /// The habits of all kinds that have this answer to reset.
  [[nodiscard]] std::vector<lpa::Habits> habits(base::ByteView atr) const;
  [[nodiscard]] std::optional<lpa::Habits> habits(base::ByteView atr, const lpa::Eid& eid) const;

  /// Keeps them beside what others have kept meanwhile, if they are not the usual ones and not
  /// known. Throws std::system_error.
  void keep(base::ByteView atr, const lpa::Eid& eid, const lpa::Habits& habits) const;

  /// Forgets all; gives how many kinds that were. Throws std::system_error.
  [[nodiscard]] std::size_t forget() const;

 private:
  struct Entry {
    std::string kind;
    lpa::Habits habits;
  };
  [[nodiscard]] std::filesystem::path file() const { return directory_ / "cards"; }
  [[nodiscard]] std::vector<Entry> read() const;
  static std::string kind(base::ByteView atr, const lpa::Eid& eid);
  static std::optional<Entry> entry(const std::string& text);

  std::filesystem::path directory_;
  std::vector<Entry> entries_;
};

}  // namespace app
