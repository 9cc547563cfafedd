#pragma once

#include <filesystem>
#include <vector>

#include "app/world.hpp"
#include "store/journal.hpp"

namespace app {

/// What is in the journal of downloads.
struct JournalReport {
  std::filesystem::path file;
  bool present = false;
  store::JournalContents contents;  ///< all zero when it is not there
};

/// Where the journal is, or will be. Throws Error `store.place` (usage) without a directory for
/// what is kept between runs.
std::filesystem::path journal_file(const World& world);

/// Looks through the whole journal and changes nothing that is in it. Throws as journal_file and
/// store::Database; a corrupt one stays in its place.
JournalReport check_journal(const World& world);

/// The newest downloads, at most a hundred, oldest first; none when there is no journal. Throws as
/// check_journal.
std::vector<store::JournalSession> journal_sessions(const World& world);

/// Throws as check_journal, and Error `store.none` (not_found) and `store.backup-file` (usage).
void back_up_journal(const World& world, const std::filesystem::path& copy);

}  // namespace app
