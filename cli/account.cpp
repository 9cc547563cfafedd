#include <functional>
#include <istream>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "app/accounts.hpp"
#include "app/line_links.hpp"
#include "app/named_secrets.hpp"
#include "app/session.hpp"
#include "app/sign_in.hpp"
#include "app/standing.hpp"
#include "app/unlock.hpp"
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
  return {{"name", "ACCOUNT", {}},       {"carrier", "CARRIER", {}},        {"codes", "CODES", {}},
          {"host", "INSTEAD ASKED", {}}, {"added_at", "ADDED", {}},         {"state", "STATE", {}},
          {"state_until", "UNTIL", {}},  {"code_sources", "CODES FROM", {}}};
}

/// "NAME=VALUE" in two.
std::pair<std::string, std::string> pair_of(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw base::Error(base::ErrorKind::usage, "account.value",
                      "a value of --set is not of the form NAME=VALUE")
        .hint("`esimctl carrier show CARRIER` has the names");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

/// All of a file, or of standard input; `what` it is, for the error.
base::Secret read_secret_file(const Context& context, const std::string& file,
                              std::string_view what) {
  auto text = base::read_named(file, context.terminal.in, largest_secrets);
  if (text) return base::Secret(*std::move(text));
  throw base::Error(base::ErrorKind::usage, "account.secrets",
                    fmt::format("cannot read {} from {}", what,
                                file == "-" ? "standard input" : base::clean(file)))
      .hint("name a file with a line NAME=VALUE for each, or `-` for standard input");
}

app::NamedSecrets secrets_of(const Context& context, const std::string& file) {
  if (file.empty()) return {};
  return app::read_named_secrets(read_secret_file(context, file, "the secrets"), "the secrets");
}

std::vector<store::CodeSource> codes_of(const std::string& text) {
  if (text.empty()) return {};
  if (auto codes = store::code_sources(text)) return *std::move(codes);
  throw base::Error(base::ErrorKind::usage, "account.codes",
                    fmt::format("“{}” names no sources of one-time codes", base::clean(text, 80)))
      .hint("there are totp, command and prompt; a comma stands between them");
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

/// A sign-in; one that ends with a code being waited for prints that too, for programs.
int print_signing_in(const Context& context, const std::string& account,
                     const std::function<app::SignedIn()>& work) {
  try {
    return print_session(context, account, work());
  } catch (const base::Error&) {
    const auto pending = context.options.json == JsonStyle::none
                             ? std::nullopt
                             : app::pending_code(context.world, account);
    if (pending) print_json(context, *signed_in_json(account, false, {}, pending));
    throw;
  }
}

/// What to do about accounts that do not go on by themselves.
void suggest_next(const Context& context, const std::vector<app::ListedAccount>& all) {
  using Kind = app::AccountStanding::Kind;
  for (const auto& [account, standing] : all) {
    const auto& name = account.name;
    const auto until =
        standing.until ? " until " + base::to_rfc3339(*standing.until) : std::string();
    if (standing.kind == Kind::code_pending) {
      const auto target = standing.pending ? standing.pending->target : std::string();
      suggest(context, fmt::format("`esimctl answer {}` takes the code that is waited for{}{}",
                                   name, until, target.empty() ? "" : ", sent to " + target));
    } else if (standing.kind == Kind::code_expired) {
      suggest(context, fmt::format("the code for “{}” did not come in time; `esimctl login {}` "
                                   "begins anew",
                                   name, name));
    } else if (standing.kind == Kind::stopped) {
      suggest(context, fmt::format("the credentials of “{}” were refused, and nothing is tried; "
                                   "`esimctl login {}` on a terminal asks for them",
                                   name, name));
    } else if (standing.kind == Kind::locked) {
      suggest(context, fmt::format("“{}” is locked, and nothing is tried{}", name, until));
    }
  }
}

}  // namespace

app::NewAccount given_values(const Context& context, const std::vector<std::string>& values,
                             const std::string& secrets) {
  app::NewAccount given{.provider = {}, .secrets = secrets_of(context, secrets)};
  for (const auto& each : values) given.values.insert(pair_of(each));
  return given;
}

int account_list(const Context& context) {
  const auto all = app::listed_accounts(context.world);
  const auto document = account_list_json(all);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
  } else if (all.empty()) {
    suggest(context, "no account yet: `esimctl account add CARRIER` adds one");
  } else {
    print_table(context, *joined(rows_of(document, "accounts")), fields(),
                [](const Json&) { return false; });
    suggest_next(context, all);
  }
  return 0;
}

int account_add(const Context& context, const AccountAddOptions& options) {
  auto wanted = given_values(context, options.values, options.secrets);
  wanted.provider = options.carrier;
  wanted.name = options.name;
  wanted.code_command = split_words(options.code_command);
  wanted.codes = codes_of(options.codes);
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

int print_link(const Context& context, const app::LineLinked& linked, bool of_interface = false) {
  if (context.options.json != JsonStyle::none) {
    print_json(context, *account_linked_json(linked));
    return 0;
  }
  const auto line = fmt::format("the line {} of “{}”", linked.line, linked.account);
  if (of_interface) {
    say(context,
        fmt::format("{} {} on the interface {}", line, linked.changed ? "is now" : "is already",
                    linked.interface.value_or(std::string())));
  } else if (linked.iccid) {
    say(context, fmt::format("{} {} behind the profile {}", line,
                             linked.changed ? "is now" : "is already", *linked.iccid));
  } else {
    say(context, line + (linked.changed ? " is linked no more" : " was not linked"));
  }
  return 0;
}

}  // namespace

int account_link(const Context& context, const LinkOptions& options) {
  const auto& [line, profile, interface] = options;
  if (profile.empty() == interface.empty()) {
    throw base::Error(base::ErrorKind::usage, "usage.argument",
                      "a line is linked to a PROFILE, or to an interface")
        .hint(
            "`esimctl account link LINE PROFILE`, or `esimctl account link LINE --interface "
            "wwan0`");
  }
  if (!interface.empty()) {
    return print_link(context,
                      app::link_interface(context.world, context.observer, line, interface), true);
  }
  return print_link(context, app::link_line(context.world, context.observer, line, profile, [&] {
                      return context.session_or("the whole ICCID of the profile needs no card")
                          .euicc()
                          .profiles(lpa::ProfileFields::list);
                    }));
}

int account_unlink(const Context& context, const std::string& line) {
  return print_link(context, app::unlink_line(context.world, context.observer, line));
}

int account_unlock(const Context& context, const UnlockOptions& options) {
  const auto before = app::unlocking(context.world).command;
  if (!options.command.empty()) app::unlock_by(context.world, split_words(options.command));
  if (options.none) app::unlock_by_nothing(context.world);
  if (options.test) app::try_unlocking(context.world);
  const auto now = app::unlocking(context.world);
  const bool tested = options.test || !options.command.empty();
  const auto document = unlocking_json(now, now.command != before, tested);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
  } else {
    print_record(context, *joined(*document),
                 {{"kept_in", "Secrets kept in", {}},
                  {"opened_by", "Opened unattended by", {}},
                  {"command", "Program", {}}});
    if (!now.unattended()) {
      suggest(
          context,
          "somebody has to type the passphrase; `esimctl account unlock --command PROGRAM` names "
          "a program that prints it");
    }
  }
  return 0;
}

int login(const Context& context, const LoginOptions& options) {
  TerminalAsker asker(context);
  const auto& account = options.account;
  const auto piped = [&] { return read_secret_file(context, "-", "the session"); };
  return print_signing_in(context, account, [&] {
    return options.import
               ? app::import_session(context.world, context.observer, asker, account, piped)
               : app::sign_in(context.world, context.observer, asker, account);
  });
}

int answer(const Context& context, const std::string& named) {
  TerminalAsker asker(context);
  const auto account = named.empty() ? app::account_that_waits(context.world) : named;
  const auto code = [&] {
    if (asker.can_ask()) return ask_secret(context, fmt::format("Code for “{}”:", account));
    std::string line;
    constexpr std::size_t longest_code = 256;
    line.reserve(longest_code);  // so that none of it stays behind where it grew
    std::getline(context.terminal.in, line);
    return base::Secret(std::move(line));
  };
  return print_signing_in(context, account, [&] {
    return app::answer(context.world, context.observer, asker, account, code);
  });
}

int logout(const Context& context, const LogoutOptions& options) {
  TerminalAsker asker(context);
  const auto& account = options.account;
  const auto signed_out =
      app::sign_out(context.world, context.observer, asker, account, options.forget_device);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *signed_in_json(account, signed_out.by_session, {}));
  } else {
    say(context, fmt::format("signed out of {} as “{}”{}", signed_out.carrier, account,
                             options.forget_device ? "; this device is forgotten" : ""));
  }
  return 0;
}

}  // namespace cli
