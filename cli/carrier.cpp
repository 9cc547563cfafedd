#include <array>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/accounts.hpp"
#include "app/provider_files.hpp"
#include "app/trial.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/asker.hpp"
#include "cli/errors.hpp"
#include "cli/output.hpp"
#include "cli/plan_commands.hpp"
#include "cli/plan_documents.hpp"
#include "cli/prompt.hpp"

namespace cli {
namespace {

std::vector<Field> list_fields() {
  return {{"id", "CARRIER", {}},        {"title", "NAME", {}},
          {"reads", "TELLS", {}},       {"second_factors", "SECOND FACTORS", {}},
          {"evidence", "EVIDENCE", {}}, {"poll_floor_seconds", "SECONDS BETWEEN", {}},
          {"origin", "ORIGIN", {}},     {"trusted", "TRUSTED", {}}};
}

std::vector<Field> show_fields() {
  return {{"id", "Carrier", {}},
          {"title", "Name", {}},
          {"reads", "Tells", {}},
          {"second_factors", "Second factors", {}},
          {"evidence", "Evidence", {}},
          {"checked", "Checked", {}},
          {"poll_floor_seconds", "Seconds between two looks", {}},
          {"hosts", "Hosts", {}},
          {"values", "Needs", {}},
          {"unavailable", "Cannot be asked", {}},
          {"alternatives", "What works", {}},
          {"notes", "Notes", {}},
          {"documentation", "Documentation", {}},
          {"origin", "Origin", {}},
          {"trusted", "Trusted", {}}};
}

std::vector<Field> request_fields() {
  return {{"method", "METHOD", {}},
          {"status", "STATUS", {}},
          {"address", "ADDRESS", {}},
          {"taken", "TAKEN FROM THE ANSWER", {}}};
}

bool plain(const Json& /*row*/) { return false; }

int print(const Context& context, const app::KnownProvider& known) {
  const auto document = carrier_json(known);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
  } else {
    print_record(context, *joined(rows_of(document, "carrier")), show_fields());
  }
  return 0;
}

/// What a user has to know of a file before it may ask for passwords.
std::string account_of(const app::Candidate& candidate) {
  const auto& provider = candidate.provider;
  std::vector<std::string> values;
  for (const auto& each : provider.variables) {
    values.push_back(
        fmt::format("{} ({}{})", each.name, each.title, each.secret ? ", secret" : ""));
  }
  return fmt::format("{} ({})\n  talks to: {}\n  asks for: {}\n  its file: {}{}", provider.title,
                     provider.id, fmt::join(provider.hosts, ", "),
                     values.empty() ? "nothing" : fmt::format("{}", fmt::join(values, ", ")),
                     base::clean(candidate.target.string(), 1000),
                     candidate.replaces ? ", in place of the one that is there" : "");
}

void require_yes(const Context& context, const std::string& about) {
  if (context.options.yes) {
    say(context, about);
    return;
  }
  require_answers(context);
  context.terminal.err << about << '\n';
  constexpr std::array<std::string_view, 2> answers{"yes", "no"};
  if (choose_answer(context, "Send what it asks for to these hosts, for your accounts?", answers) ==
      0) {
    return;
  }
  throw base::Error(base::ErrorKind::declined, "prompt.declined",
                    "the file is not trusted; nothing was changed");
}

/// With where it happened, which is what somebody mends a file by.
base::Error explained(const app::TrialFault& fault) {
  const auto& steps = fault.error.steps();
  return reworded(fault.error, fmt::format("{}: {}{}{}", fault.part, fault.error.what(),
                                           steps.empty() ? "" : "; ", fmt::join(steps, "; ")));
}

void print_trial(const Context& context, const app::Trial& trial, const Document& document) {
  auto& out = context.terminal.out;
  print_table(context, *joined(rows_of(document, "requests")), request_fields(), plain);
  if (!trial.lines.empty()) {
    out << '\n';
    print_lines(context, document);
  }
  if (trial.balance || !trial.missing.empty()) out << '\n';
  if (trial.balance)
    out << fmt::format("balance: {} {}\n", trial.balance->amount(), trial.balance->currency());
  for (const auto& each : trial.missing) {
    out << fmt::format("not found: {}, looked for at {}\n", each.name,
                       fmt::join(each.places, ", "));
  }
}

}  // namespace

int carrier_list(const Context& context) {
  const auto all = app::providers(context.world);
  const auto document = carrier_list_json(all);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
    return 0;
  }
  print_table(context, *joined(rows_of(document, "carriers")), list_fields(), plain);
  for (const auto& each : all.broken)
    suggest(context, fmt::format("a file of yours is left out: {}", each.error.what()));
  suggest(context, "`esimctl carrier show CARRIER` tells what works with one that tells nothing");
  return 0;
}

int carrier_show(const Context& context, const std::string& id) {
  return print(context, app::known_provider(context.world, id));
}

int carrier_check(const Context& context, const std::string& file) {
  return print(context, app::provider_in(context.world, file));
}

int carrier_trust(const Context& context, const std::string& file) {
  const auto candidate = app::candidate(context.world, file);
  const auto& id = candidate.provider.id;
  if (!candidate.trusted) {
    require_yes(context, account_of(candidate));
    app::trust(context.world, candidate);
  }
  if (context.options.json != JsonStyle::none) {
    print_json(context, *carrier_trusted_json(candidate, !candidate.trusted));
    return 0;
  }
  say(context, candidate.trusted ? fmt::format("“{}” is trusted as it is; nothing was changed", id)
                                 : fmt::format("“{}” is trusted as it is now", id));
  suggest(context, fmt::format("`esimctl account add {}` adds an account", id));
  return 0;
}

int carrier_untrust(const Context& context, const std::string& id) {
  const bool changed = app::untrust(context.world, id);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *carrier_untrusted_json(id, changed));
  } else if (changed) {
    say(context, fmt::format("“{}” is not trusted any more; its file and your accounts stay", id));
  } else {
    say(context, fmt::format("“{}” was not trusted; nothing was changed", id));
  }
  return 0;
}

int carrier_try(const Context& context, const CarrierTryOptions& options) {
  auto given = given_values(context, options.values, options.secrets);
  given.ca = options.ca;
  TerminalAsker asker(context);
  const auto trial =
      app::try_provider(context.world, asker, options.file, options.url, std::move(given));
  const auto document = trial_json(trial, context.world.clock.utc());
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
  } else {
    print_trial(context, trial, document);
  }
  for (std::size_t i = 1; i < trial.faults.size(); ++i)
    suggest(context, explained(trial.faults[i]).what());
  if (!trial.faults.empty()) throw explained(trial.faults.front());
  suggest(context, fmt::format("only {} was asked, and nothing is kept", trial.host));
  return 0;
}

}  // namespace cli
