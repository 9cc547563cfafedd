#include "cli/run.hpp"

#include <cstdint>
#include <exception>
#include <optional>
#include <ostream>
#include <utility>

#include <fmt/format.h>

#include "app/recorder.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/each.hpp"
#include "cli/errors.hpp"
#include "cli/grammar.hpp"

namespace cli {
namespace {

/// Counts what goes to cards and tells of it as loudly as the user asked.
class Narrator {
 public:
  Narrator(const Terminal& terminal, const GlobalOptions& options)
      : terminal_(terminal), verbosity_(options.verbosity) {
    observer_.note = [this](const std::string& sentence) {
      if (verbosity_ >= 1) terminal_.err << "esimctl: " << base::clean(sentence, 1000) << '\n';
    };
    const bool for_people = options.for_people();
    observer_.news = [this, for_people](const std::string& sentence) {
      if (!for_people) return;
      terminal_.err << "esimctl: " << base::clean(sentence, 1000) << '\n';
    };
    observer_.exchange = [this](const app::Exchange& exchange) {
      ++commands_;
      sent_ += exchange.command.size();
      received_ += exchange.answer.size();
      if (verbosity_ >= 2) tell(exchange);
      if (recorder_ != nullptr) recorder_->add(exchange);
    };
  }
  ~Narrator() = default;
  Narrator(const Narrator&) = delete;
  Narrator& operator=(const Narrator&) = delete;

  [[nodiscard]] const app::Observer& observer() const { return observer_; }

  void record_with(app::Recorder& recorder) {
    recorder_ = &recorder;
    observer_.opened = [&recorder](const std::string& name, const lpa::Card& card) {
      recorder.begin(name, card);
    };
  }

  void summarise() const {
    if (verbosity_ < 1 || commands_ == 0) return;
    terminal_.err << fmt::format("esimctl: {} APDUs, {} octets sent, {} received\n", commands_,
                                 sent_, received_);
  }

 private:
  /// The header of a command and the status word; what is between them may be nobody's business.
  void tell(const app::Exchange& exchange) const {
    const auto& [command, answer, error, took] = exchange;
    const auto status =
        answer.size() >= 2 ? base::to_hex(answer.last(2)) : std::string("no answer");
    terminal_.err << fmt::format(
        "esimctl: > {} ({} octets)  < {} ({} octets)  {} ms\n",
        base::to_hex(command.first(std::min<std::size_t>(4, command.size()))), command.size(),
        status, answer.size(), took.count());
  }

  const Terminal& terminal_;
  int verbosity_;
  app::Observer observer_;
  app::Recorder* recorder_ = nullptr;
  std::size_t commands_ = 0;
  std::size_t sent_ = 0;
  std::size_t received_ = 0;
};

int run_parsed(const Invocation& invocation, const app::World& world, const Terminal& terminal) {
  if (!invocation.text.empty()) {
    terminal.out << invocation.text;
    return 0;
  }
  const auto& options = invocation.options;
  Narrator narrator(terminal, options);
  std::optional<app::Recorder> recorder;
  if (!options.record.empty()) {
    recorder.emplace(options.record, world.clock,
                     options.log_secrets ? lpa::Secrets::shown : lpa::Secrets::masked);
    narrator.record_with(*recorder);
  }
  if (options.for_people()) {
    if (options.test_mode) terminal.err << "esimctl: test mode: test profiles are allowed\n";
    if (const auto trust = options.trust()) {
      terminal.err << fmt::format("esimctl: servers are trusted by {}, because of --smdp-ca\n",
                                  lpa::to_string(*trust));
    }
  }
  CardInUse card(world, narrator.observer(), options.choice);
  const Context context{world, narrator.observer(), terminal, options, card};
  const auto finish = [&] {
    card.let_go();  // so that what it says in parting is counted
    narrator.summarise();
  };
  const bool uses_one = invocation.use == CardUse::reads || invocation.use == CardUse::changes;
  const bool on_all = options.choice.all_cards() && uses_one;
  try {
    const int code = on_all ? on_all_cards(context, invocation) : invocation.command(context);
    finish();
    if (recorder) recorder->finish();
    return code;
  } catch (...) {
    finish();
    throw;
  }
}

/// A full disk must not look like success; a reader that went away has what it wanted.
void flush(const Terminal& terminal) {
  terminal.out.flush();
  if (terminal.out.good() || terminal.reader_left()) return;
  throw base::Error(base::ErrorKind::failure, "output.failed",
                    "cannot write the result to standard output")
      .hint("is the disk full?");
}

}  // namespace

int run(const std::vector<std::string>& words, const app::World& world, const Terminal& terminal) {
  bool json = wants_json(words);
  int verbosity = 0;
  const auto fail = [&](const base::Error& error) {
    json ? print_error_json(error, terminal) : print_error(error, terminal, verbosity > 0);
    return base::exit_code(error.kind()).number;
  };
  try {
    const auto invocation = parse(words);
    json = invocation.options.json != JsonStyle::none;
    verbosity = invocation.options.verbosity;
    const int code = run_parsed(invocation, world, terminal);
    flush(terminal);
    return code;
  } catch (const base::Error& error) {
    return fail(error);
  } catch (const std::exception& bug) {
    return fail(base::Error(base::ErrorKind::internal, "internal.bug",
                            fmt::format("this is a bug in esimctl: {}", bug.what()))
                    .hint("please report it with the output of -vv"));
  }
}

}  // namespace cli
