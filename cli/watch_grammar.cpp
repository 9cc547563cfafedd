#include <array>
#include <charconv>
#include <memory>
#include <string>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/grammar_parts.hpp"
#include "cli/plan_commands.hpp"
#include "cli/typed_time.hpp"
#include "cli/words.hpp"

namespace cli {
CLI::Validator an_interval(std::optional<std::chrono::seconds>& interval) {
  return {[&interval](const std::string& text) {
            interval = typed_length(text);
            if (text == "auto" || (interval && *interval >= std::chrono::minutes(1)))
              return std::string();
            return fmt::format("“{}” is neither auto nor a time such as 15m or 2h, from 1m on",
                               base::clean(text, 80));
          },
          "auto"};
}

void add_watch(CLI::App& root, Invocation& invocation) {
  const auto options = std::make_shared<WatchOptions>();
  const auto texts = std::make_shared<std::array<std::string, 2>>();
  auto& [interval, command] = *texts;
  auto* const watching =
      add_command(root, invocation, CardUse::none, "watch",
                  "Look at the lines over and over until Ctrl-C, and tell of what is wrong",
                  examples({"esimctl watch", "esimctl watch work --run \"notify-me --urgent\"",
                            "esimctl watch --json --metrics /var/lib/node-exporter/esimctl.prom"}),
                  [options, texts](const Context& context) {
                    options->command = split_words(std::get<1>(*texts));
                    return watch(context, *options);
                  });
  watching->add_option(
      "LINE", options->names,
      "Only these, or all of an account: a number, an ICCID or the end of it, an account");
  watching
      ->add_option("--interval", interval,
                   "How often to look: 15m, 2h, …; or `auto`: the oftener the nearer the limit is; "
                   "never more often than a carrier allows (auto)")
      ->check(an_interval(options->interval))
      ->type_name("TIME");
  watching->add_option("--warn", options->warn, "Tell from this share of the limit on (80%)")
      ->transform(a_percentage())
      ->type_name("SHARE");
  watching->add_option("--cap", options->cap, "And again from this one on (95%)")
      ->transform(a_percentage())
      ->type_name("SHARE");
  watching
      ->add_option("--run", command,
                   "A program that is run for each alarm, with its arguments; it gets the alarm as "
                   "JSON on its standard input, and no shell sees it")
      ->check(a_program())
      ->type_name("COMMAND");
  watching->add_flag("--notify", options->notify, "Show each alarm on the desktop");
  watching
      ->add_option("--metrics", options->metrics,
                   "Write what is known into FILE.prom after each look, as OpenMetrics has it")
      ->type_name("FILE");
}

}  // namespace cli
