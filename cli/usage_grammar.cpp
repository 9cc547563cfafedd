#include <map>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/alarm_commands.hpp"
#include "cli/grammar_parts.hpp"
#include "cli/plan_commands.hpp"

namespace cli {
namespace {

/// A command that reads accounts, with the options that all of them have.
template <class Options>
CLI::App* add_reading(CLI::App& root, Invocation& invocation, const std::string& name,
                      const std::string& description, const std::shared_ptr<Options>& options,
                      int (*run)(const Context&, const Options&)) {
  auto* command =
      add_command(root, invocation, CardUse::none, name, description,
                  examples({"esimctl " + name, "esimctl " + name + " work --refresh"}),
                  [options, run](const Context& context) { return run(context, *options); });
  command->add_flag("--refresh", options->refresh, "Ask the carriers, as often as they allow");
  constexpr unsigned most = 31U * 86400;
  command
      ->add_option("--max-age", options->max_age,
                   "Ask those whose figures are older (900); exit code 12 when some stay so")
      ->check(number_up_to(most))
      ->type_name("SECONDS");
  return command;
}

/// What this machine counts itself.
void add_counting(CLI::App& command, UsageOptions& options) {
  const auto names = [&](const char* name, std::vector<std::string>& values, const char* type,
                         const char* help) {
    command.add_option(name, values, help)
        ->type_name(type)
        ->expected(1)
        ->delimiter(',')
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  };
  names("--local", options.counted, "INTERFACE",
        "Count what goes through these network interfaces of this machine, from now on");
  names("--forget", options.forgotten, "COUNTER",
        "Forget these interfaces, or what was imported, and all that was counted");
}

void add_usage(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<UsageOptions>();
  auto* const command = add_reading(root, invocation, "usage",
                                    "Show what lines have used, and what is left", options, usage);
  command->add_option(
      "LINE", options->names,
      "Only these, or all of an account: a number, an ICCID or the end of it, an account");
  auto* const history =
      command->add_flag("--history", options->history, "Show day by day what went through them");
  command
      ->add_option("--since", options->traffic.since,
                   "From a day on (2026-11-25), or for so long: 36h, 30d, 8w, 1y (30d; an export "
                   "has all)")
      ->type_name("WHEN");
  static const std::map<std::string, app::TrafficStep> steps{{"hour", app::TrafficStep::hour},
                                                             {"day", app::TrafficStep::day},
                                                             {"cycle", app::TrafficStep::cycle}};
  command->add_option("--by", options->traffic.by, "By `hour`, `day` or `cycle`")
      ->transform(CLI::CheckedTransformer(steps))
      ->type_name("STEP")
      ->needs(history);
  command->add_flag("--csv", options->traffic.csv, "As comma-separated values (RFC 4180)");
  auto* const out =
      command
          ->add_flag("--export", options->transfer.out,
                     "Write all that is kept of them, as CSV or with --json; nobody is asked")
          ->excludes(history);
  auto* const in =
      command
          ->add_option("--import", options->transfer.in,
                       "Keep what FILE (`-`: standard input) has, as a counter of this machine, or "
                       "of LINE before it was read here: CSV, or what `vnstat --json` prints")
          ->type_name("FILE")
          ->excludes(history)
          ->excludes(out);
  command->add_option("--as", options->transfer.as, "What to call it; as the file does")
      ->type_name("COUNTER")
      ->needs(in);
  add_counting(*command, *options);
  auto* const picture =
      command
          ->add_flag("--plot{-}", options->picture,
                     "Draw the cycle of each, on the terminal, or with --plot=FILE in a file .svg "
                     "or .html")
          ->excludes(history)
          ->excludes(out)
          ->excludes(in);
  command->add_flag("--live", options->live, "Show them on one screen, always anew, until Ctrl-C")
      ->excludes(history)
      ->excludes(picture)
      ->excludes(out)
      ->excludes(in);
}

void add_balance(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<PlanOptions>();
  add_reading(root, invocation, "balance", "Show what accounts have left", options, balance)
      ->add_option("ACCOUNT", options->names, "Only these; all when none is named");
}

void add_check(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<CheckOptions>();
  auto* const command =
      add_reading(root, invocation, "check",
                  "Look whether a plan runs out, or something is unusual; for cron, by exit code",
                  options, check);
  command->add_option("LINE", options->names, "Only these, or all of an account, as for `usage`");
  command->add_option("--warn", options->terms.warn, "Exit code 11 from this share on (80%)")
      ->transform(a_percentage())
      ->type_name("SHARE");
  command->add_option("--cap", options->terms.cap, "Exit code 8 from this share on (95%)")
      ->transform(a_percentage())
      ->type_name("SHARE");
}

}  // namespace

CLI::Validator a_percentage() {
  return {[](std::string& text) {
            if (text.ends_with('%')) text.pop_back();
            const bool digits = !text.empty() && text.size() <= 3 &&
                                text.find_first_not_of("0123456789") == std::string::npos;
            const bool fits = digits && text != "0" && std::stoi(text) <= 100;
            return fits ? std::string()
                        : fmt::format("“{}” is no share from 1% to 100%", base::clean(text, 80));
          },
          ""};
}

void add_usage_commands(CLI::App& root, Invocation& invocation) {
  add_usage(root, invocation);
  add_balance(root, invocation);
  add_watch(root, invocation);
  add_check(root, invocation);
  add_alarm(root, invocation);
}

}  // namespace cli
