#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/grammar_parts.hpp"
#include "cli/plan_commands.hpp"

namespace cli {
namespace {

constexpr auto line_help =
    "As `usage` shows it: a number, an ICCID or the end of it, or its account when there is one "
    "line";

/// Values for what a carrier needs; the same wherever they are given.
void add_values(CLI::App& command, std::vector<std::string>& values, std::string& secrets) {
  command.add_option("--set", values, "A value that is no secret; may be given again")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      .add_option("--secrets", secrets,
                  "Read secrets from FILE (`-`: standard input), a line NAME=VALUE for each; "
                  "`totp` is the secret for one-time codes")
      ->type_name("FILE");
}

void add_try(CLI::App& noun, Invocation& invocation) {
  const auto options = std::make_shared<CarrierTryOptions>();
  auto* command = add_command(
      noun, invocation, CardUse::none, "try",
      "Do all that a file says with another server, and show what was found; nothing is kept",
      examples({"esimctl carrier try my-carrier.json --against https://localhost:8443",
                "esimctl carrier try my-carrier.json --against https://localhost:8443 --host-ca "
                "ca.pem --secrets -"}),
      [options](const Context& context) { return carrier_try(context, *options); });
  command->add_option("FILE", options->file, "In JSON (docs/adding-a-carrier.md)")->required();
  command->add_option("--against", options->url, "The server; no other one is asked")
      ->type_name("https://HOST:PORT")
      ->required();
  command->add_option("--host-ca", options->ca, "Certificates that the server is known by")
      ->type_name("FILE");
  add_values(*command, options->values, options->secrets);
}

void add_carrier(CLI::App& root, Invocation& invocation) {
  auto* noun =
      add_noun(root, invocation, "carrier", "Carriers that can be asked for usage and balance",
               examples({"esimctl carrier list", "esimctl carrier show soracom"}), carrier_list);
  add_command(*noun, invocation, CardUse::none, "list", "List them (also without `list`)",
              examples({"esimctl carrier list --json"}), carrier_list);
  const auto id = std::make_shared<std::string>();
  add_command(*noun, invocation, CardUse::none, "show", "Show what one can tell, and what it needs",
              examples({"esimctl carrier show emnify"}),
              [id](const Context& context) { return carrier_show(context, *id); })
      ->add_option("CARRIER", *id, "As `carrier list` shows it")
      ->required();
  const auto file = std::make_shared<std::string>();
  add_command(*noun, invocation, CardUse::none, "check",
              "Look whether a file describes a carrier as it should",
              examples({"esimctl carrier check my-carrier.json"}),
              [file](const Context& context) { return carrier_check(context, *file); })
      ->add_option("FILE", *file, "In JSON (docs/adding-a-carrier.md)")
      ->required();
  add_try(*noun, invocation);
  const auto trusted = std::make_shared<std::string>();
  add_command(*noun, invocation, CardUse::none, "trust",
              "Use a file of your own, once you have seen where it sends what",
              examples({"esimctl carrier trust my-carrier.json"}),
              [trusted](const Context& context) { return carrier_trust(context, *trusted); })
      ->add_option("FILE", *trusted, "It is copied to ~/.config/esimctl/carriers")
      ->required();
  const auto former = std::make_shared<std::string>();
  add_command(*noun, invocation, CardUse::none, "untrust", "Use a file of your own no longer",
              examples({"esimctl carrier untrust my-carrier"}),
              [former](const Context& context) { return carrier_untrust(context, *former); })
      ->add_option("CARRIER", *former, "As `carrier list` shows it")
      ->required();
}

void add_unlock(CLI::App& noun, Invocation& invocation) {
  const auto wanted = std::make_shared<UnlockOptions>();
  auto* const unlock =
      add_command(noun, invocation, CardUse::none, "unlock",
                  "Show or set how the secrets are opened when nobody is there",
                  examples({"esimctl account unlock --command \"pass show esimctl\"",
                            "esimctl account unlock --test"}),
                  [wanted](const Context& context) { return account_unlock(context, *wanted); });
  auto* const command =
      unlock
          ->add_option("--command", wanted->command,
                       "A program that prints the passphrase of the file of secrets, with its "
                       "arguments; it is tried first, and no shell sees it")
          ->check(a_program())
          ->type_name("PROGRAM");
  unlock->add_flag("--none", wanted->none, "Have the passphrase typed again")->excludes(command);
  unlock->add_flag("--test", wanted->test, "Open the secrets without asking anybody");
}

void add_account(CLI::App& root, Invocation& invocation) {
  auto* noun =
      add_noun(root, invocation, "account", "Your accounts at carriers",
               examples({"esimctl account add soracom", "esimctl account list"}), account_list);
  add_command(*noun, invocation, CardUse::none, "list", "List them (also without `list`)",
              examples({"esimctl account list --json"}), account_list);
  const auto added = std::make_shared<AccountAddOptions>();
  auto* add = add_command(
      *noun, invocation, CardUse::none, "add", "Add one; you are asked for what its carrier needs",
      examples({"esimctl account add soracom work", "esimctl account add telnyx --secrets -"}),
      [added](const Context& context) { return account_add(context, *added); });
  add->add_option("CARRIER", added->carrier, "As `carrier list` shows it")->required();
  add->add_option("NAME", added->name, "What you call it; the carrier's name when left out");
  add_values(*add, added->values, added->secrets);
  add->add_option("--code-command", added->code_command,
                  "A program that prints one-time codes, with its arguments")
      ->check(a_program())
      ->type_name("COMMAND");
  add->add_option("--codes", added->codes,
                  "Where one-time codes come from, in this order: `totp`, `command`, `prompt`")
      ->type_name("SOURCES");
  add->add_option("--keep-in", added->keep_in,
                  "Where secrets are kept, for all accounts: `keyring` or `file`")
      ->check({[](const std::string& text) {
                 const bool known = text == "keyring" || text == "file";
                 return known ? std::string()
                              : fmt::format(
                                    "“{}” is no place for secrets; there are keyring and file",
                                    base::clean(text, 80));
               },
               "keyring|file"})
      ->type_name("PLACE");
  add->add_option("--host", added->host, "Ask HOST:PORT in place of the carrier, to try it out")
      ->type_name("HOST");
  add->add_option("--host-ca", added->ca, "Certificates that HOST is known by")->type_name("FILE");
  add_unlock(*noun, invocation);
  const auto name = std::make_shared<std::string>();
  add_command(*noun, invocation, CardUse::none, "remove",
              "Forget one, its secrets and what is known of its lines",
              examples({"esimctl account remove work"}),
              [name](const Context& context) { return account_remove(context, *name); })
      ->add_option("ACCOUNT", *name, "As `account list` shows it")
      ->required();
  const auto link = std::make_shared<LinkOptions>();
  auto* linking =
      add_command(*noun, invocation, CardUse::changes, "link",
                  "Say which profile a line belongs to, where its carrier does not, or which "
                  "interface it is on",
                  examples({"esimctl account link work travel",
                            "esimctl account link 12065550142 89012600000000314156",
                            "esimctl account link work --interface wwan0"}),
                  [link](const Context& context) { return account_link(context, *link); });
  linking->add_option("LINE", link->line, line_help)->required();
  auto* const profile = linking->add_option("PROFILE", link->profile,
                                            "As `list` shows it; a whole ICCID needs no card");
  linking
      ->add_option("--interface", link->interface,
                   "A network interface of this machine, whose bytes are counted from now on and "
                   "compared with the carrier's")
      ->type_name("INTERFACE")
      ->excludes(profile);
  const auto line = std::make_shared<std::string>();
  add_command(*noun, invocation, CardUse::none, "unlink", "Take that back",
              examples({"esimctl account unlink work"}),
              [line](const Context& context) { return account_unlink(context, *line); })
      ->add_option("LINE", *line, line_help)
      ->required();
}

void add_sign_in(CLI::App& root, Invocation& invocation) {
  const auto wanted = std::make_shared<LoginOptions>();
  auto* const into =
      add_command(root, invocation, CardUse::none, "login",
                  "Sign in to a carrier, with the second factor it wants",
                  examples({"esimctl login work", "esimctl login work --import"}),
                  [wanted](const Context& context) { return login(context, *wanted); });
  into->add_option("ACCOUNT", wanted->account, "As `account list` shows it")->required();
  into->add_flag("--import", wanted->import,
                 "Take a session that was begun in a browser: its token, or a line NAME=VALUE for "
                 "each of its values, from standard input or as you are asked");
  const auto account = std::make_shared<std::string>();
  add_command(root, invocation, CardUse::none, "answer", "Give the code that a carrier waits for",
              examples({"esimctl answer", "esimctl answer work"}),
              [account](const Context& context) { return answer(context, *account); })
      ->add_option("ACCOUNT", *account, "As `account list` shows it; the one that waits");
  const auto ended = std::make_shared<LogoutOptions>();
  auto* const out =
      add_command(root, invocation, CardUse::none, "logout", "End the session of an account",
                  examples({"esimctl logout work", "esimctl logout work --forget-device"}),
                  [ended](const Context& context) { return logout(context, *ended); });
  out->add_option("ACCOUNT", ended->account, "As `account list` shows it")->required();
  out->add_flag("--forget-device", ended->forget_device,
                "Forget also what the carrier knows this device by: it will want a code again");
}

}  // namespace

CLI::Validator a_program() {
  return {[](const std::string& text) {
            const bool blank = text.find_first_not_of(' ') == std::string::npos;
            return blank ? std::string("it names no program") : std::string();
          },
          ""};
}

CLI::App* add_noun(CLI::App& root, Invocation& invocation, const std::string& name,
                   const std::string& description, const std::string& example_text,
                   int (*first)(const Context&)) {
  auto* noun = root.add_subcommand(name, description);
  noun->group("Commands");
  noun->footer(example_text);
  noun->fallthrough();
  noun->callback([&invocation, noun, first] {
    if (noun->get_subcommands().empty()) invocation.command = first;
  });
  return noun;
}

void add_plan_commands(CLI::App& root, Invocation& invocation) {
  add_carrier(root, invocation);
  add_account(root, invocation);
  add_sign_in(root, invocation);
  add_usage_commands(root, invocation);
}

}  // namespace cli
