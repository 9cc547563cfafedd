#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/plans.hpp"
#include "cli/context.hpp"

namespace cli {

struct AccountAddOptions {
  std::string carrier;
  std::string name;
  std::vector<std::string> values;  ///< "NAME=VALUE"
  std::string secrets;              ///< file with such lines; `-`: standard input
  std::string code_command;
  std::string keep_in;  ///< "keyring" or "file"; empty: as it is, or is best
  std::string host;
  std::string ca;
};

struct PlanOptions {
  std::vector<std::string> names;  ///< of accounts, for `usage` of lines as well; all when empty
  bool refresh = false;
  std::optional<unsigned> max_age;  ///< seconds
};

int carrier_list(const Context& context);
int carrier_show(const Context& context, const std::string& id);
int carrier_check(const Context& context, const std::string& file);

int account_list(const Context& context);
int account_add(const Context& context, const AccountAddOptions& options);
int account_remove(const Context& context, const std::string& name);

int account_link(const Context& context, const std::string& line, const std::string& profile);
int account_unlink(const Context& context, const std::string& line);

int login(const Context& context, const std::string& account);
int logout(const Context& context, const std::string& account);
/// The code is asked for, or read from standard input where there is no terminal.
int answer(const Context& context, const std::string& account);

/// Says which figures are older than `--refresh` wanted, and why.
void tell_what_is_old(const Context& context, const app::Plans& plans);

int usage(const Context& context, const PlanOptions& options);
int balance(const Context& context, const PlanOptions& options);

}  // namespace cli
