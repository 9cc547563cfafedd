#include <algorithm>
#include <istream>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "app/accounts.hpp"
#include "app/line_links.hpp"
#include "app/session.hpp"
#include "app/sign_in.hpp"
#include "base/error.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "cli/asker.hpp"
#include "cli/output.hpp"
#include "cli/plan_commands.hpp"
#include "cli/plan_documents.hpp"
#include "cli/prompt.hpp"
#include "cli/words.hpp"

namespace cli {
namespace {

constexpr std::size_t largest_secrets = 256UL * 1024;

std::vector<Field> fields() {
  return {{"name", "ACCOUNT", {}},
          {"carrier", "CARRIER", {}},
          {"codes", "CODES", {}},
          {"host", "INSTEAD ASKED", {}},
          {"added_at", "ADDED", {}}};
}

[[noreturn]] void refuse_pair(const char* what) {
  throw base::Error(base::ErrorKind::usage, "account.value",
                    fmt::format("a {} is not of the form NAME=VALUE", what))
      .hint("`esimctl carrier show CARRIER` has the names");
}

/// "NAME=VALUE" in two.
std::pair<std::string, std::string> pair_of(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) refuse_pair("value of --set");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::map<std::string, base::Secret> secrets_of(const Context& context, const std::string& file) {
  std::map<std::string, base::Secret> all;
  if (file.empty()) return all;
  auto text = base::read_named(file, context.terminal.in, largest_secrets);
  if (!text) {
    throw base::Error(base::ErrorKind::usage, "account.secrets",
                      fmt::format("cannot read the secrets from {}",
                                  file == "-" ? "standard input" : base::clean(file)))
        .hint("name a file with a line NAME=VALUE for each, or `-` for standard input");
  }
  const base::Secret whole(*std::move(text));
  std::string_view rest = whole.reveal();
  while (!rest.empty()) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) refuse_pair("line of the secrets");
    all.insert_or_assign(std::string(line.substr(0, equals)),
                         base::Secret(std::string(line.substr(equals + 1))));
  }
  return all;
}

int print_session(const Context& context, const std::string& account,
                  const app::SignedIn& signed_in) {
  if (context.options.json != JsonStyle::none) {
    print_json(context, *signed_in_json(account, signed_in.by_session, signed_in.ends));
  } else if (signed_in.by_session) {
    const auto ends =
        signed_in.ends ? "; the session lasts until " + base::to_rfc3339(*signed_in.ends) : "";
    say(context, fmt::format("signed in to {} as “{}”{}", signed_in.carrier, account, ends));
  } else {
    say(context, fmt::format("{} needs no sign-in: its key goes along with each request",
                             signed_in.carrier));
  }
  return 0;
}

}  // namespace

app::NewAccount given_values(const Context& context, const std::vector<std::string>& values,
                             const std::string& secrets) {
  app::NewAccount given{.provider = {}, .secrets = secrets_of(context, secrets)};
  for (const auto& each : values) given.values.insert(pair_of(each));
  return given;
}

int account_list(const Context& context) {
  const auto all = app::accounts(context.world);
  const auto document = account_list_json(all);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
  } else if (all.empty()) {
    suggest(context, "no account yet: `esimctl account add CARRIER` adds one");
  } else {
    print_table(context, rows_of(document, "accounts"), fields(),
                [](const Json&) { return false; });
  }
  return 0;
}

int account_add(const Context& context, const AccountAddOptions& options) {
  auto wanted = given_values(context, options.values, options.secrets);
  wanted.provider = options.carrier;
  wanted.name = options.name;
  wanted.code_command = split_words(options.code_command);
  wanted.host = options.host;
  wanted.ca = options.ca;
  if (options.keep_in == "file") wanted.keep_in = store::VaultKind::file;
  if (options.keep_in == "keyring") wanted.keep_in = store::VaultKind::secret_service;
  TerminalAsker asker(context);
  const auto account = app::add_account(context.world, context.observer, asker, std::move(wanted));
  if (context.options.json != JsonStyle::none) {
    print_json(context, *account_added_json(account));
  } else {
    say(context, fmt::format("the account “{}” is there now", account.name));
    suggest(context,
            fmt::format("`esimctl usage {}` asks what is left; where a code has to be typed, "
                        "`esimctl login {}` comes first",
                        account.name, account.name));
  }
  return 0;
}

int account_remove(const Context& context, const std::string& name) {
  TerminalAsker asker(context);
  app::remove_account(context.world, asker, name);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *account_removed_json(name));
  } else {
    say(context, fmt::format("the account “{}” and its secrets are forgotten", name));
  }
  return 0;
}

namespace {

int print_link(const Context& context, const app::LineLinked& linked) {
  if (context.options.json != JsonStyle::none) {
    print_json(context, *account_linked_json(linked));
    return 0;
  }
  const auto line = fmt::format("the line {} of “{}”", linked.line, linked.account);
  if (linked.iccid) {
    say(context, fmt::format("{} {} behind the profile {}", line,
                             linked.changed ? "is now" : "is already", *linked.iccid));
  } else {
    say(context, line + (linked.changed ? " is linked no more" : " was not linked"));
  }
  return 0;
}

}  // namespace

int account_link(const Context& context, const std::string& line, const std::string& profile) {
  return print_link(context, app::link_line(context.world, context.observer, line, profile, [&] {
                      return context.session().euicc().profiles(lpa::ProfileFields::list);
                    }));
}

int account_unlink(const Context& context, const std::string& line) {
  return print_link(context, app::unlink_line(context.world, context.observer, line));
}

int login(const Context& context, const std::string& account) {
  TerminalAsker asker(context);
  return print_session(context, account,
                       app::sign_in(context.world, context.observer, asker, account));
}

int answer(const Context& context, const std::string& account) {
  TerminalAsker asker(context);
  const auto code = [&] {
    if (asker.can_ask()) return ask_secret(context, fmt::format("Code for “{}”:", account));
    std::string line;
    std::getline(context.terminal.in, line);
    return base::Secret(std::move(line));
  };
  return print_session(context, account,
                       app::answer(context.world, context.observer, asker, account, code));
}

int logout(const Context& context, const std::string& account) {
  TerminalAsker asker(context);
  const auto signed_out = app::sign_out(context.world, context.observer, asker, account);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *signed_in_json(account, signed_out.by_session, {}));
  } else {
    say(context, fmt::format("signed out of {} as “{}”", signed_out.carrier, account));
  }
  return 0;
}

}  // namespace cli
