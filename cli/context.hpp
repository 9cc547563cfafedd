#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/session.hpp"
#include "app/test_profiles.hpp"
#include "app/world.hpp"
#include "cli/terminal.hpp"
#include "lpa/trust.hpp"

namespace cli {

enum class JsonStyle { none, compact, pretty };

/// The options that every command takes.
struct GlobalOptions {
  app::CardChoice choice;
  std::string smdp_ca;   ///< whom servers have to be vouched for by; empty: the card's issuers
  bool no_send = false;  ///< operators are not told what changes
  JsonStyle json = JsonStyle::none;
  bool quiet = false;
  int verbosity = 0;
  bool no_input = false;
  bool yes = false;
  bool no_colour = false;
  bool test_mode = false;
  std::string record;  ///< where to, empty: nowhere
  bool log_secrets = false;

  /// Sentences are wanted, and not only results and errors.
  [[nodiscard]] bool for_people() const { return !quiet && json == JsonStyle::none; }

  /// Those of a command that one with these runs: each of the two may ask for what holds for both.
  /// JSON, and what was said about the card, stay with the outer one. Nobody is asked.
  [[nodiscard]] GlobalOptions around(const GlobalOptions& inner) const;

  [[nodiscard]] std::optional<lpa::Trust> trust() const {
    return smdp_ca.empty() ? std::nullopt : std::optional(lpa::chosen_trust(smdp_ca));
  }
  [[nodiscard]] app::TestProfiles test_profiles() const {
    return test_mode ? app::TestProfiles::allowed : app::TestProfiles::refused;
  }
};

/// The eUICC that commands work on: opened when the first one asks for it, and kept until it is let
/// go.
class CardInUse {
 public:
  CardInUse(const app::World& world, const app::Observer& observer, app::CardChoice choice)
      : world_(world), observer_(observer), choice_(std::move(choice)) {}

  /// Throws as app::open_session.
  app::Session& session();

  /// The next one who asks has it opened anew.
  void let_go() { session_.reset(); }

 private:
  const app::World& world_;
  const app::Observer& observer_;
  app::CardChoice choice_;
  std::unique_ptr<app::Session> session_;
};

/// What a command works with: the world, the terminal, and what the user asked of every command.
struct Context {
  const app::World& world;
  const app::Observer& observer;
  const Terminal& terminal;
  const GlobalOptions& options;
  CardInUse& card;

  [[nodiscard]] app::Session& session() const { return card.session(); }
  /// The same for a command that has a way without a card: an error of the card says it.
  [[nodiscard]] app::Session& session_or(std::string_view without) const;
  [[nodiscard]] bool colour() const { return terminal.colour && !options.no_colour; }
};

}  // namespace cli
