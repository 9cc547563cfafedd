#include <algorithm>
#include <charconv>
#include <memory>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/adaptors.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/grammar_parts.hpp"
#include "cli/help.hpp"

namespace cli {
namespace {

constexpr std::string_view profile_help =
    "ICCID or its last digits, AID, nickname, name or provider of a profile";

/// The description of a check by which completion finds the values that there are.
std::string listed(const std::vector<std::string>& values) {
  return fmt::format("{}", fmt::join(values, "|"));
}

CLI::Validator json_style() {
  return {[](const std::string& text) {
            const bool known = text == "compact" || text == "pretty";
            return known ? std::string()
                         : fmt::format("“{}” is no style; there is only pretty", text);
          },
          listed({"compact", "pretty"})};
}

void add_global_options(CLI::App& app, Words& words) {
  auto& options = words.invocation.options;
  app.add_option("--card", options.choice.card,
                 "Reader, by its name or a part of it; `all` of them; `sim` or `sim:FILE`: a "
                 "simulated card; `replay:FILE` or `lookup:FILE`: a recording")
      ->check(known({"all", "sim"}))
      ->type_name("NAME");
  app.add_option("--aid", words.aid,
                 "Identifier of the card's ISD-R, when esimctl does not know it")
      ->type_name("HEX");
  app.add_option("--se", words.secure_element, "Secure element 0 or 1, of a card that has two")
      ->check(number_up_to(1))
      ->type_name("N");
  app.add_option("--wait", words.wait, "How long to wait for a card that another program uses (10)")
      ->check(number_up_to(3600))
      ->type_name("SECONDS");
  app.add_flag("-j{compact},--json{compact}", words.json, "Print JSON; --json=pretty is indented")
      ->check(json_style());
  app.add_flag("-q,--quiet", options.quiet, "Print results and errors, nothing else");
  app.add_flag("-v,--verbose", options.verbosity,
               "Tell more; -vv every command that goes to the card");
  app.add_option("--record", options.record,
                 "Write what goes to the card and back to this file, for a bug report")
      ->type_name("FILE");
  app.add_flag("--log-secrets", options.log_secrets,
               "Do not mask numbers, nicknames and keys in it");
  app.add_option(
         "--smdp-ca", options.smdp_ca,
         "Trust servers by the certificates in FILE, or by those of this `system`, in place "
         "of the issuers of the card")
      ->type_name("FILE");
  app.add_flag("--no-send", options.no_send,
               "Leave what operators are to hear for `notification send`");
  app.add_flag("--test-mode", options.test_mode, "Allow what is for tests only: test profiles");
  app.add_flag("--no-input", options.no_input, "Never ask");
  app.add_flag("--yes", options.yes, "Take every question as answered with yes");
  app.add_flag("--no-color", options.no_colour, "No colours");
  app.add_flag("--version", words.version, "Print the version");
}

void add_columns(CLI::App& command, const std::vector<std::string>& columns,
                 TableOptions& options) {
  command
      .add_option_function<std::string>(
          "--columns",
          [&options](const std::string& text) { options.columns = split_at_commas(text); },
          "Only these columns, in this order")
      ->check(known(columns))
      ->type_name("A,B");
}

void add_cards(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<CardsOptions>();
  auto* command = add_command(
      root, invocation, CardUse::several, "cards", "Show the readers and the cards in them",
      examples({"esimctl cards", "esimctl cards --json", "esimctl cards --forget"}),
      [options](const Context& context) { return cards(context, *options); });
  add_columns(*command, card_columns(), options->table);
  command->add_flag("--forget", options->forget,
                    "Forget what was found to work with which kind of card");
}

void add_list(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<ListOptions>();
  auto* command =
      add_command(root, invocation, CardUse::reads, "list", "List the profiles on an eUICC",
                  examples({"esimctl list", "esimctl list --columns iccid,state",
                            "esimctl list --refresh", "esimctl --card sim list"}),
                  [options](const Context& context) { return list(context, *options); });
  add_columns(*command, list_columns(), options->table);
  command->add_flag("--refresh", options->refresh,
                    "Ask the carriers for the plans, as often as they allow");
}

void add_profile_command(CLI::App& root, Invocation& invocation, CardUse use,
                         const std::string& name, const std::string& description,
                         const std::string& example_text,
                         int (*run)(const Context&, const std::string&)) {
  const auto profile = std::make_shared<std::string>();
  auto* command =
      add_command(root, invocation, use, name, description, example_text,
                  [profile, run](const Context& context) { return run(context, *profile); });
  command->add_option("PROFILE", *profile, std::string(profile_help))->required();
}

void add_rename(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<RenameOptions>();
  auto* command =
      add_command(root, invocation, CardUse::changes, "rename",
                  "Give a profile a nickname; an empty one takes it away",
                  examples({"esimctl rename 4321 travel", "esimctl rename travel ''"}),
                  [options](const Context& context) { return rename(context, *options); });
  command->add_option("PROFILE", options->profile, std::string(profile_help))->required();
  command->add_option("NICKNAME", options->nickname, "At most 64 octets of UTF-8")->required();
}

void add_reset(CLI::App& root, Invocation& invocation) {
  const auto choice = std::make_shared<app::ResetChoice>();
  auto* command = add_command(root, invocation, CardUse::changes, "reset",
                              "Erase all profiles of a kind, or the default SM-DP+",
                              examples({"esimctl reset --operational-profiles",
                                        "esimctl reset --test-profiles --default-smdp"}),
                              [choice](const Context& context) { return reset(context, *choice); });
  command->add_flag("--operational-profiles", choice->operational_profiles,
                    "All operational profiles");
  command->add_flag("--test-profiles", choice->test_profiles,
                    "The test profiles that were loaded later");
  command->add_flag("--default-smdp", choice->default_smdp, "The default SM-DP+ address");
}

void add_smdp(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<SmdpOptions>();
  auto* command = add_command(
      root, invocation, CardUse::reads, "smdp", "Show or set the default SM-DP+ of the eUICC",
      examples({"esimctl smdp", "esimctl smdp smdp.example.com", "esimctl smdp --clear"}),
      [options](const Context& context) { return smdp(context, *options); });
  const auto changes = [&invocation] { invocation.use = CardUse::changes; };
  command->add_option_function<std::string>(
      "ADDRESS",
      [options, changes](const std::string& text) {
        options->address = text;
        changes();
      },
      "Host name of the server, perhaps with :PORT");
  command->add_flag_callback(
      "--clear",
      [options, changes] {
        options->clear = true;
        changes();
      },
      "No default SM-DP+ any more");
}

void add_notification(CLI::App& root, Invocation& invocation) {
  auto* noun = root.add_subcommand("notification",
                                   "Notifications that wait to be sent to an operator's server");
  noun->group("Commands");
  noun->footer(examples({"esimctl notification list", "esimctl notification show 3",
                         "esimctl notification remove 3 --force"}));
  noun->fallthrough();
  noun->callback([&invocation, noun] {
    if (!noun->get_subcommands().empty()) return;
    invocation.command = [](const Context& context) { return notification_list(context, {}); };
    invocation.use = CardUse::reads;
  });
  const auto listed = std::make_shared<NotificationListOptions>();
  auto* list = add_command(
      *noun, invocation, CardUse::reads, "list", "List the notifications (also without `list`)",
      examples({"esimctl notification list --json", "esimctl notification list --event delete"}),
      [listed](const Context& context) { return notification_list(context, *listed); });
  const auto events = event_names_by_bit();
  list->add_option_function<std::string>(
          "--event", [listed](const std::string& text) { listed->events = split_at_commas(text); },
          "Only of these events: install, enable, disable, delete")
      ->check(known({events.begin(), events.end()}))
      ->type_name("A,B");

  const auto number = std::make_shared<std::uint64_t>(0);
  auto* show = add_command(
      *noun, invocation, CardUse::reads, "show", "Show everything about one notification",
      examples({"esimctl notification show 3"}),
      [number](const Context& context) { return notification_show(context, *number); });
  show->add_option("NUMBER", *number, "As `notification list` shows it")
      ->check(whole_number())
      ->required();

  const auto sent = std::make_shared<SendNotificationOptions>();
  auto* send = add_command(
      *noun, invocation, CardUse::changes, "send",
      "Send what waits to the operators' servers, and take what they have off the eUICC",
      examples({"esimctl notification send", "esimctl notification send 3 --json"}),
      [sent](const Context& context) { return notification_send(context, *sent); });
  auto* one =
      send->add_option("NUMBER", sent->number, "This one alone, as `notification list` shows it")
          ->check(whole_number());
  send->add_flag_callback("--all", [] {}, "All that wait (also without it)")->excludes(one);
  const auto no_card = [&invocation](bool& outbox) {
    return [&invocation, &outbox] {
      outbox = true;
      invocation.use = CardUse::none;
    };
  };
  send->add_flag_callback("--outbox", no_card(sent->outbox),
                          "What is kept on this host alone, for whichever card: none is needed");

  const auto carried = std::make_shared<OutboxFileOptions>();
  auto* out = add_command(
      *noun, invocation, CardUse::reads, "export",
      "Write what waits, here and on the eUICC, to a file for a host that is online",
      examples({"esimctl notification export waiting.json",
                "esimctl notification export - --outbox | ssh HOST esimctl notification import -"}),
      [carried](const Context& context) { return notification_export(context, *carried); });
  out->add_option("FILE", carried->file, "That is not there yet; `-` for standard output")
      ->required();
  out->add_flag_callback("--outbox", no_card(carried->outbox),
                         "What is kept on this host alone: no card is needed");
  auto* in = add_command(
      *noun, invocation, CardUse::none, "import",
      "Add what another host exported, and learn what it has sent",
      examples({"esimctl notification import waiting.json"}),
      [carried](const Context& context) { return notification_import(context, *carried); });
  in->add_option("FILE", carried->file, "As it was exported; `-` for standard input")->required();

  const auto options = std::make_shared<RemoveNotificationOptions>();
  auto* remove = add_command(
      *noun, invocation, CardUse::changes, "remove",
      "Take a notification off the eUICC without sending it",
      examples({"esimctl notification remove 3 --force"}),
      [options](const Context& context) { return notification_remove(context, *options); });
  remove->add_option("NUMBER", options->number, "As `notification list` shows it")
      ->check(whole_number())
      ->required();
  remove->add_flag("--force", options->force, "Although its operator then never hears of it");
}

void add_store(CLI::App& root, Invocation& invocation) {
  auto* noun = root.add_subcommand("store", "What is kept of downloads: where, a copy, a check");
  noun->group("Commands");
  noun->footer(examples(
      {"esimctl store path", "esimctl store backup journal-backup.db", "esimctl store check"}));
  noun->fallthrough();
  noun->callback([&invocation, noun] {
    if (!noun->get_subcommands().empty()) return;
    invocation.command = store_path;
    invocation.use = CardUse::none;
  });
  add_command(*noun, invocation, CardUse::none, "path",
              "Print where the journal of downloads is (also without `path`)",
              examples({"esimctl store path", "esimctl store path --json"}), store_path);
  const auto copy = std::make_shared<std::string>();
  auto* backup =
      add_command(*noun, invocation, CardUse::none, "backup", "Write a copy of the journal",
                  examples({"esimctl store backup journal-backup.db"}),
                  [copy](const Context& context) { return store_backup(context, *copy); });
  backup->add_option("FILE", *copy, "A file that is not there yet")->required();
  add_command(*noun, invocation, CardUse::none, "journal",
              "Show the downloads that were begun, step by step with --json",
              examples({"esimctl store journal", "esimctl store journal --json=pretty"}),
              store_journal);
  add_command(*noun, invocation, CardUse::none, "check",
              "Look through the journal, and tell how much is in it",
              examples({"esimctl store check", "esimctl store check --json"}), store_check);
}

void add_batch(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<BatchOptions>();
  auto* command =
      add_command(root, invocation, CardUse::several, "batch",
                  "Run commands from a file, one a line, on one card",
                  examples({"esimctl batch commands.txt",
                            "printf 'enable travel\\nlist\\n' | esimctl batch --json"}),
                  [options](const Context& context) { return batch(context, *options); });
  command->add_option("FILE", options->file, "`-` or nothing: standard input");
  command->add_flag("--keep-going", options->keep_going, "Go on after a command that failed");
}

void add_each(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<EachOptions>();
  auto* command = add_command(
      root, invocation, CardUse::several, "each",
      "Run a command on every card at once; one line of JSON each",
      examples({"esimctl each -- list", "esimctl --card OMNIKEY each -- enable travel"}),
      [options](const Context& context) { return each(context, *options); });
  command->add_option("COMMAND", options->words, "What to run, with its options, after a --")
      ->required();
}

/// Where an activation code comes from.
void add_code_source(CLI::App& command, app::CodeSource& source, const std::string& description) {
  command.add_option("CODE", source.codes, description);
  command.add_option("--code-file", source.file, "A text file with the code")->type_name("FILE");
  command
      .add_option("--qr", source.picture,
                  "A PNG or JPEG picture with its QR code; `-`: from standard input")
      ->type_name("FILE");
}

void add_code(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<CodeOptions>();
  auto* command = add_command(
      root, invocation, CardUse::none, "code", "Explain an activation code, or draw its QR code",
      examples({"esimctl code 'LPA:1$smdp.example.com$MATCHING-ID'",
                "esimctl code --qr letter.png --json", "esimctl code --code-file code.txt --draw",
                "esimctl code - --png code.png <code.txt"}),
      [options](const Context& context) { return code(context, *options); });
  add_code_source(*command, options->source,
                  "From LPA: or 1$ on, or the link with it; `-`: from standard input");
  command->add_flag("--draw", options->draw, "Draw the QR code on the terminal");
  command->add_option("--png", options->png, "Write the QR code to this file, which must be new")
      ->type_name("FILE");
}

void add_install_options(CLI::App& command, InstallOptions& options) {
  command
      .add_option("--confirmation-code-file", options.confirmation_code_file,
                  "A text file with the confirmation code; otherwise it is asked for when needed")
      ->type_name("FILE");
  command.add_option("--imei", options.imei, "The IMEI of the device, for plans bound to one")
      ->type_name("IMEI");
  command.add_flag("--preview", options.preview,
                   "Show what the server has, install nothing and leave it there");
}

void add_download(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<DownloadOptions>();
  auto* command = add_command(
      root, invocation, CardUse::changes, "download",
      "Download a profile from its operator's server, and install it",
      examples(
          {"esimctl download --qr voucher.png", "esimctl download - --preview <code.txt",
           "esimctl download --code-file code.txt --yes --json",
           "esimctl download --smdp smdp.example.com --matching-id MATCHING-ID",
           "esimctl download                       (what the card's default SM-DP+ has for it)"}),
      [options](const Context& context) { return download(context, *options); });
  add_code_source(*command, options->source,
                  "The activation code, from LPA: or 1$ on; `-`: from standard input");
  command
      ->add_option("--smdp", options->smdp, "In place of a code: the server, perhaps with a port")
      ->type_name("ADDRESS");
  command->add_option("--matching-id", options->matching_id, "With --smdp: what to ask it for")
      ->type_name("ID");
  add_install_options(*command, options->install);
}

void add_discover(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<DiscoverOptions>();
  auto* command =
      add_command(root, invocation, CardUse::reads, "discover",
                  "Ask discovery servers (SM-DS) what waits for the eUICC",
                  examples({"esimctl discover", "esimctl discover --install 1",
                            "esimctl discover --smds lpa.ds.gsma.com --json"}),
                  [options](const Context& context) { return discover(context, *options); });
  command
      ->add_option("--smds", options->smds,
                   "Ask this server, perhaps with a port, in place of the card's and the known "
                   "ones; also several times")
      ->allow_extra_args(false)
      ->type_name("ADDRESS");
  command
      ->add_option_function<std::uint64_t>(
          "--install",
          [options, &invocation](const std::uint64_t& number) {
            options->number = number;
            invocation.use = CardUse::changes;
          },
          "Download this event's profile and install it, as `download` does")
      ->check(whole_number())
      ->type_name("NUMBER");
  add_install_options(*command, options->install);
}

void add_completion(CLI::App& root, Invocation& invocation) {
  std::vector<std::string> shells;
  for (const auto& each : adaptors()) shells.emplace_back(each.shell);
  const auto shell = std::make_shared<std::string>();
  auto* command = add_command(
      root, invocation, CardUse::none, "completion",
      "Print a script that completes commands in a shell",
      examples({"source <(esimctl completion bash)      (in ~/.bashrc)",
                "source <(esimctl completion zsh)       (in ~/.zshrc, after compinit)",
                "esimctl completion fish | source       (in ~/.config/fish/config.fish)"}),
      [shell](const Context& context) { return completion(context, *shell); });
  command->add_option("SHELL", *shell, fmt::format("One of {}", fmt::join(shells, ", ")))
      ->check({[shells](const std::string& text) {
                 return std::ranges::find(shells, text) != shells.end()
                            ? std::string()
                            : fmt::format("“{}” is no shell that is known; there are {}",
                                          base::clean(text, 80), fmt::join(shells, ", "));
               },
               listed(shells)})
      ->type_name("")
      ->required();
}

void add_commands(CLI::App& root, Invocation& invocation) {
  add_cards(root, invocation);
  add_command(root, invocation, CardUse::reads, "info", "Show what an eUICC tells of itself",
              examples({"esimctl info", "esimctl info --card 'OMNIKEY' --json=pretty"}), info);
  add_list(root, invocation);
  add_profile_command(root, invocation, CardUse::reads, "show", "Show everything about one profile",
                      examples({"esimctl show travel", "esimctl show 4321 --json=pretty"}), show);
  add_profile_command(root, invocation, CardUse::changes, "enable",
                      "Enable a profile; the one enabled until now is disabled",
                      examples({"esimctl enable travel", "esimctl enable 8949000000001234321"}),
                      enable);
  add_profile_command(root, invocation, CardUse::changes, "disable",
                      "Disable a profile; then no profile is enabled",
                      examples({"esimctl disable travel"}), disable);
  add_rename(root, invocation);
  add_profile_command(root, invocation, CardUse::changes, "delete", "Delete a profile for good",
                      examples({"esimctl delete travel", "esimctl delete 4321 --yes"}), remove);
  add_reset(root, invocation);
  add_smdp(root, invocation);
  add_download(root, invocation);
  add_discover(root, invocation);
  add_code(root, invocation);
  add_notification(root, invocation);
  add_store(root, invocation);
  add_plan_commands(root, invocation);
  add_batch(root, invocation);
  add_each(root, invocation);
  const auto code = std::make_shared<std::vector<std::string>>();
  auto* explanation = add_command(
      root, invocation, CardUse::none, "explain",
      "Explain a code of a card, a reader, a server or a connection, or an exit code",
      examples({"esimctl explain 6A82", "esimctl explain 8010001D", "esimctl explain enable 5",
                "esimctl explain install 5 10", "esimctl explain 8.2.6/3.8",
                "esimctl explain http.tls-expired", "esimctl explain curl 28"}),
      [code](const Context& context) {
        std::string joined;
        for (const auto& word : *code) joined += (joined.empty() ? "" : " ") + word;
        return explain(context, joined);
      });
  explanation->add_option("CODE", *code, "Hex digits, numbers or a name; a word before it narrows")
      ->required();
  add_completion(root, invocation);
}

}  // namespace

std::string examples(std::initializer_list<std::string_view> lines) {
  std::string text = "Examples:\n";
  for (const auto line : lines) text += fmt::format("  {}\n", line);
  return text;
}

CLI::Validator whole_number() {
  return {[](const std::string& text) {
            const bool digits = !text.empty() && text.size() <= 18 &&
                                text.find_first_not_of("0123456789") == std::string::npos;
            return digits ? std::string() : fmt::format("“{}” is no number", base::clean(text, 80));
          },
          ""};
}

CLI::Validator known(const std::vector<std::string>& values) {
  return {[](const std::string&) { return std::string(); }, listed(values)};
}

CLI::Validator number_up_to(unsigned most) {
  return {[most](const std::string& text) {
            unsigned number = 0;
            const auto* end = text.data() + text.size();
            const auto [stop, failed] = std::from_chars(text.data(), end, number);
            const bool fits = failed == std::errc() && stop == end && number <= most;
            return fits ? std::string() : fmt::format("“{}” is no number from 0 to {}", text, most);
          },
          ""};
}

CLI::App* add_command(CLI::App& root, Invocation& invocation, CardUse use, const std::string& name,
                      const std::string& description, const std::string& example_text,
                      std::function<int(const Context&)> run) {
  auto* command = root.add_subcommand(name, description);
  command->group("Commands");
  command->footer(example_text);
  command->fallthrough();
  command->callback([&invocation, use, run = std::move(run)] {
    invocation.command = run;
    invocation.use = std::max(invocation.use, use);  // an option may have asked for more
  });
  return command;
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(std::move(part));
  return parts;
}

void build_grammar(CLI::App& root, Words& words) {
  root.name("esimctl");
  root.description("esimctl: eSIM profiles from the command line");
  root.formatter(help_formatter());
  root.set_help_flag("-h,--help", "Print this help");
  root.footer(examples({"esimctl --card sim list      (a simulated card: nothing needed)",
                        "esimctl cards", "esimctl list", "esimctl enable travel"}));
  root.allow_extras();
  add_global_options(root, words);
  add_commands(root, words.invocation);
}

}  // namespace cli
