#include "app/store.hpp"

#include <system_error>

#include "base/error.hpp"

namespace app {

std::filesystem::path journal_file(const World& world) {
  if (world.state_directory.empty()) {
    throw base::Error(base::ErrorKind::usage, "store.place",
                      "there is no directory for what is kept between runs")
        .hint("set XDG_STATE_HOME or HOME to an absolute path");
  }
  return store::Journal::file_in(world.state_directory);
}

JournalReport check_journal(const World& world) {
  JournalReport report{.file = journal_file(world), .present = false, .contents = {}};
  std::error_code error;
  if (!std::filesystem::exists(report.file, error)) return report;
  auto journal = store::Journal::open_existing(world.state_directory);
  journal.require_sound();
  report.present = true;
  report.contents = journal.contents();
  return report;
}

std::vector<store::JournalSession> journal_sessions(const World& world) {
  constexpr std::int64_t most = 100;
  std::error_code error;
  if (!std::filesystem::exists(journal_file(world), error)) return {};
  return store::Journal::open_existing(world.state_directory).sessions(most);
}

void back_up_journal(const World& world, const std::filesystem::path& copy) {
  static_cast<void>(journal_file(world));
  store::Journal::open_existing(world.state_directory).back_up(copy);
}

}  // namespace app
