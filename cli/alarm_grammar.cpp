#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/alarm_commands.hpp"
#include "cli/grammar_parts.hpp"

namespace cli {
namespace {

constexpr auto id_help = "Number of an alarm, as `alarm list` shows it";

void add_list(CLI::App& noun, Invocation& invocation) {
  const auto all = std::make_shared<bool>(false);
  auto* const command =
      add_command(noun, invocation, CardUse::none, "list", "List them (also without `list`)",
                  examples({"esimctl alarm list", "esimctl alarm list --all --json"}),
                  [all](const Context& context) { return alarm_list(context, *all); });
  command->add_flag("--all", *all, "Also those that are over");
}

void add_ack(CLI::App& noun, Invocation& invocation) {
  const auto which = std::make_shared<std::string>();
  const auto id = [](const std::string& text) {
    return text == "all" ? std::nullopt : std::optional<std::int64_t>(std::stoll(text));
  };
  add_command(noun, invocation, CardUse::none, "ack",
              "Take note of one, or of all: nobody is told again",
              examples({"esimctl alarm ack 3", "esimctl alarm ack all"}),
              [which, id](const Context& context) { return alarm_ack(context, id(*which)); })
      ->add_option("ID", *which, "Number of an alarm, as `alarm list` shows it, or `all`")
      ->check({[](const std::string& text) {
                 return text == "all" ? std::string() : whole_number()(text);
               },
               "all"})
      ->required();
}

void add_mute(CLI::App& noun, Invocation& invocation) {
  const auto options = std::make_shared<MuteOptions>();
  auto* const command =
      add_command(noun, invocation, CardUse::none, "mute",
                  "Have nobody told of one for a while, nor of one like it on that line",
                  examples({"esimctl alarm mute 3 --for 7d", "esimctl alarm mute 3 --off"}),
                  [options](const Context& context) { return alarm_mute(context, *options); });
  command->add_option("ID", options->id, id_help)->check(whole_number())->required();
  auto* const length =
      command->add_option("--for", options->length, "For so long: 36h, 7d, 8w, 1y (7d)")
          ->type_name("LENGTH");
  command->add_flag("--off", options->off, "Tell of it again")->excludes(length);
}

}  // namespace

void add_alarm(CLI::App& root, Invocation& invocation) {
  auto* const noun =
      add_noun(root, invocation, "alarm", "What is wrong with plans, as `check` found it",
               examples({"esimctl alarm list", "esimctl alarm show 3"}),
               [](const Context& context) { return alarm_list(context, false); });
  add_list(*noun, invocation);
  const auto id = std::make_shared<std::int64_t>(0);
  add_command(*noun, invocation, CardUse::none, "show",
              "Show which detector found it, since when, how sure it is, and what to do",
              examples({"esimctl alarm show 3"}),
              [id](const Context& context) { return alarm_show(context, *id); })
      ->add_option("ID", *id, id_help)
      ->check(whole_number())
      ->required();
  add_ack(*noun, invocation);
  add_mute(*noun, invocation);
}

}  // namespace cli
