#include "cli/help.hpp"

#include <string>
#include <utility>

#include <CLI/CLI.hpp>

namespace cli {
namespace {

class ExamplesFirst final : public CLI::Formatter {
 public:
  ExamplesFirst() {
    label("SUBCOMMAND", "COMMAND");
    label("Positionals", "Arguments");
    label("REQUIRED", "");
    label("TEXT", "");
  }
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
    const bool command = app->get_parent() != nullptr;
    return app->get_description() + "\n\n" + app->get_footer() + "\n" +
           make_usage(app, std::move(name)) + make_positionals(app) + make_groups(app, mode) +
           make_subcommands(app, mode) +
           (command ? "\nOptions of every command: `esimctl --help`\n" : "");
  }
  std::string make_usage(const CLI::App* app, std::string name) const override {
    auto usage = CLI::Formatter::make_usage(app, std::move(name));
    return usage.empty() || usage.back() == '\n' ? usage : usage + "\n";
  }
  /// Without the value that a bare flag stands for.
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    auto name = CLI::Formatter::make_option_name(option, is_positional);
    for (auto open = name.find('{'); open != std::string::npos; open = name.find('{')) {
      name.erase(open, name.find('}') - open + 1);
    }
    return name;
  }
  /// Without what a check says of itself; the description says it better.
  std::string make_option_opts(const CLI::Option* option) const override {
    auto text = CLI::Formatter::make_option_opts(option);
    const auto colon = text.find(':');
    return colon == std::string::npos ? text : text.substr(0, colon);
  }
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_formatter() { return std::make_shared<ExamplesFirst>(); }

}  // namespace cli
