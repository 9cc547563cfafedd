#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/accounts.hpp"
#include "app/plans.hpp"
#include "base/error.hpp"
#include "cli/context.hpp"
#include "cli/plan_documents.hpp"
#include "cli/usage_history.hpp"
#include "cli/usage_transfer.hpp"

namespace cli {

struct AccountAddOptions {
  std::string carrier;
  std::string name;
  std::vector<std::string> values;  ///< "NAME=VALUE"
  std::string secrets;              ///< file with such lines; `-`: standard input
  std::string code_command;
  std::string codes;    ///< "totp,prompt"; empty: by what is given
  std::string keep_in;  ///< "keyring" or "file"; empty: as it is, or is best
  std::string host;
  std::string ca;
};

struct CarrierTryOptions {
  std::string file;
  std::string url;
  std::vector<std::string> values;
  std::string secrets;
  std::string ca;
};

struct UnlockOptions {
  std::string command;  ///< empty: it stays as it is
  bool none = false;
  bool test = false;
};

struct LoginOptions {
  std::string account;
  bool import = false;
};

struct LogoutOptions {
  std::string account;
  bool forget_device = false;
};

struct PlanOptions {
  std::vector<std::string> names;  ///< of accounts, for `usage` of lines as well; all when empty
  bool refresh = false;
  std::optional<unsigned> max_age;  ///< seconds
};

/// What `usage` shows besides, or instead.
struct UsageOptions : PlanOptions {
  bool history = false;
  bool live = false;
  HistoryOptions traffic;
  std::string picture;  ///< "-": on the terminal; else a file; empty: none
  TransferOptions transfer;
  std::vector<std::string> counted;    ///< interfaces of this machine, from now on
  std::vector<std::string> forgotten;  ///< counters
};

struct WatchOptions {
  std::vector<std::string> names;                ///< as PlanOptions
  std::optional<std::chrono::seconds> interval;  ///< empty: by itself
  int warn = 80;                                 ///< per cent of the limit
  int cap = 95;
  std::vector<std::string> command;  ///< that hears of alarms; empty: none
  bool notify = false;               ///< show alarms on the desktop
  std::string metrics;               ///< file; empty: none
};

int carrier_list(const Context& context);
int carrier_show(const Context& context, const std::string& id);
int carrier_check(const Context& context, const std::string& file);
/// Shows where a file sends what, and asks before anything of it is used.
int carrier_trust(const Context& context, const std::string& file);
int carrier_untrust(const Context& context, const std::string& id);
int carrier_try(const Context& context, const CarrierTryOptions& options);

/// Values and secrets as options have them.
app::NewAccount given_values(const Context& context, const std::vector<std::string>& values,
                             const std::string& secrets);

/// The lines of `usage`, as text; with the profiles that they are linked to if there are any.
void print_lines(const Context& context, const Document& document, bool links = false);

int account_list(const Context& context);
int account_add(const Context& context, const AccountAddOptions& options);
int account_remove(const Context& context, const std::string& name);

struct LinkOptions {
  std::string line;
  std::string profile;  ///< one of these two is empty
  std::string interface;
};

int account_link(const Context& context, const LinkOptions& options);
int account_unlink(const Context& context, const std::string& line);

int account_unlock(const Context& context, const UnlockOptions& options);

int login(const Context& context, const LoginOptions& options);
int logout(const Context& context, const LogoutOptions& options);
/// The code is asked for, or read from standard input where there is no terminal. `named` may be
/// empty: the account that waits.
int answer(const Context& context, const std::string& named);

/// What is known of the accounts or lines that are named, read as the options have it.
app::Plans read_for(const Context& context, const PlanOptions& options, app::PlanPart part);

/// Error of an account, in a sentence with its name.
base::Error not_asked(const app::PlanFault& fault);
/// Error `usage.stale` (stale), where figures are older than `--max-age`.
std::optional<base::Error> too_old(const Context& context, const app::Plans& plans);

/// Says that nothing is known, where nothing is.
void tell_what_is_missing(const Context& context, const app::Plans& plans);
/// Says which figures are older than `--refresh` wanted, and why.
void tell_what_is_old(const Context& context, const app::Plans& plans);

/// One screen that is redrawn until Ctrl-C. Throws Error `usage.live` (usage) without a terminal.
int usage_live(const Context& context, const UsageOptions& options);
int usage(const Context& context, const UsageOptions& options);
int watch(const Context& context, const WatchOptions& options);
int balance(const Context& context, const PlanOptions& options);

}  // namespace cli
