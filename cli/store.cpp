#include "app/store.hpp"

#include <ostream>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/output.hpp"

namespace cli {
namespace {

std::vector<Field> check_fields() {
  return {{"path", "File", {}},
          {"present", "There", {}},
          {"format", "Format", {}},
          {"sessions", "Downloads", {}},
          {"open_sessions", "Downloads not finished", {}},
          {"notifications", "Notifications", {}},
          {"unsent_notifications", "Not sent yet", {}},
          {"unremoved_notifications", "Sent, and on a card yet", {}}};
}

std::vector<Field> download_fields() {
  return {{"begun_at", "BEGUN", {}},
          {"outcome", "OUTCOME", {}},
          {"smdp_address", "SERVER", {}},
          {"matching_id", "MATCHING ID", {}},
          {"last_step", "LAST STEP", {}},
          {"finished_at", "FINISHED", {}},
          {"transaction_id", "TRANSACTION", {}},
          {"eid", "EID", {}}};
}

}  // namespace

int store_path(const Context& context) {
  const auto file = app::journal_file(context.world);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *store_path_json(file));
  } else {
    context.terminal.out << file.string() << "\n";  // for $(…), and so as it is
  }
  return 0;
}

int store_backup(const Context& context, const std::string& copy) {
  app::back_up_journal(context.world, copy);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *store_backup_json(app::journal_file(context.world), copy));
  } else {
    say(context, fmt::format("a copy of the journal is in “{}” now, for you alone to read",
                             base::clean(copy)));
  }
  return 0;
}

int store_journal(const Context& context) {
  const auto sessions = app::journal_sessions(context.world);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *store_journal_json(sessions));
  } else if (sessions.empty()) {
    suggest(context, "no download was begun yet");
  } else {
    print_table(context, *store_journal_rows(sessions), download_fields(),
                [](const Json&) { return false; });
  }
  return 0;
}

int store_check(const Context& context) {
  const auto report = app::check_journal(context.world);
  const auto document = store_check_json(report);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
    return 0;
  }
  print_record(context, *document, check_fields());
  if (!report.present) {
    suggest(context, "there is no journal yet: the first download begins it");
    return 0;
  }
  if (report.contents.open_sessions > 0)
    suggest(context, "a download that is not finished may have left its profile with the server");
  if (report.contents.unsent > 0)
    suggest(context, "until a notification is sent, its operator does not know of the change");
  return 0;
}

}  // namespace cli
