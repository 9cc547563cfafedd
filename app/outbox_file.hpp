#pragma once

#include <cstddef>
#include <filesystem>
#include <istream>
#include <string>
#include <string_view>

#include "app/world.hpp"

/// The outbox as a text, to be carried to a host that reaches the servers, and back.
namespace app {

struct OutboxText {
  std::string json;  ///< docs/schema/outbox.json
  std::size_t notifications = 0;
};

/// What is unsent, and what was sent and is on its card yet. Throws as journal_file and
/// store::Journal.
OutboxText export_outbox(const World& world, const Observer& observer);

/// Writes it to a file that is not there yet. Throws Error `notification.file` (usage).
void write_outbox(const OutboxText& text, const std::filesystem::path& file);

/// The text of a file, or of `input` for `-`. Throws Error `notification.file` (usage).
std::string read_outbox(const std::string& file, std::istream& input);

/// What an import did.
struct ImportedOutbox {
  std::size_t added = 0;
  std::size_t known = 0;  ///< were there before
  std::size_t sent = 0;   ///< of all of them, those that are known as sent from now on
};

/// Adds what is not there, and learns what was sent elsewhere. All is looked at before anything is
/// changed; again, it changes nothing. Throws Error `notification.file` (usage), which names the
/// place, and as export_outbox.
ImportedOutbox import_outbox(const World& world, const Observer& observer, std::string_view json);

}  // namespace app
