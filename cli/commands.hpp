#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/code.hpp"
#include "app/reset.hpp"
#include "cli/context.hpp"

/// One function a command; each prints what it found or did and returns the exit code. What goes
/// wrong is thrown as base::Error.
namespace cli {

struct TableOptions {
  std::vector<std::string> columns;
};

struct ListOptions {
  TableOptions table;
  bool refresh = false;  ///< carriers are asked for plans
};

struct CardsOptions {
  TableOptions table;
  bool forget = false;
};

struct RenameOptions {
  std::string profile;
  std::string nickname;
};

struct SmdpOptions {
  std::optional<std::string> address;  ///< empty text takes it away, like `clear`
  bool clear = false;
};

struct BatchOptions {
  std::string file = "-";  ///< standard input
  bool keep_going = false;
};

struct EachOptions {
  std::vector<std::string> words;  ///< of the command
};

struct CodeOptions {
  app::CodeSource source;
  bool draw = false;
  std::optional<std::string> png;  ///< a picture of it to write
};

/// How a profile is installed, wherever it comes from.
struct InstallOptions {
  std::optional<std::string> imei;
  std::optional<std::string> confirmation_code_file;
  bool preview = false;
};

struct DownloadOptions {
  app::CodeSource source;
  std::optional<std::string> smdp;  ///< in place of a code, with `matching_id`
  std::optional<std::string> matching_id;
  InstallOptions install;
};

struct DiscoverOptions {
  std::vector<std::string> smds;        ///< in place of the card's and the known ones
  std::optional<std::uint64_t> number;  ///< of the event to install
  InstallOptions install;
};

struct NotificationListOptions {
  std::vector<std::string> events;  ///< names of kinds; all when empty
};

struct SendNotificationOptions {
  std::optional<std::uint64_t> number;  ///< all that wait when empty
  bool outbox = false;                  ///< without a card
};

struct OutboxFileOptions {
  std::string file;     ///< `-`: standard output or input
  bool outbox = false;  ///< without a card
};

struct RemoveNotificationOptions {
  std::uint64_t number = 0;
  bool force = false;
};

int cards(const Context& context, const CardsOptions& options);
int info(const Context& context);
int list(const Context& context, const ListOptions& options);
int show(const Context& context, const std::string& profile);
int enable(const Context& context, const std::string& profile);
int disable(const Context& context, const std::string& profile);
int rename(const Context& context, const RenameOptions& options);
int remove(const Context& context, const std::string& profile);
int reset(const Context& context, const app::ResetChoice& choice);
int smdp(const Context& context, const SmdpOptions& options);
int notification_list(const Context& context, const NotificationListOptions& options);
int notification_show(const Context& context, std::uint64_t number);
int notification_send(const Context& context, const SendNotificationOptions& options);
int notification_export(const Context& context, const OutboxFileOptions& options);
int notification_import(const Context& context, const OutboxFileOptions& options);
int notification_remove(const Context& context, const RemoveNotificationOptions& options);
int download(const Context& context, const DownloadOptions& options);
int discover(const Context& context, const DiscoverOptions& options);
int code(const Context& context, const CodeOptions& options);
int store_path(const Context& context);
int store_backup(const Context& context, const std::string& copy);
int store_journal(const Context& context);
int store_check(const Context& context);
/// Runs the commands in a file, one a line, on one card. Its own file knows the grammar.
int batch(const Context& context, const BatchOptions& options);
/// Runs a command on every card at once; one JSON line each.
int each(const Context& context, const EachOptions& options);
int explain(const Context& context, const std::string& code);
/// Prints the adaptor of one of the shells in cli/adaptors.hpp.
int completion(const Context& context, const std::string& shell);

/// What --columns may name.
std::vector<std::string> card_columns();
std::vector<std::string> list_columns();

}  // namespace cli
