#include "app/switch.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/manageable.hpp"
#include "app/profiles.hpp"
#include "base/error.hpp"
#include "lpa/status.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr auto comeback_limit = std::chrono::seconds(10);

/// What differs between enabling and disabling.
struct Direction {
  std::string_view verb;
  std::string_view function;
  lpa::ProfileState target;
  lpa::SwitchOutcome (lpa::Euicc::*ask)(const lpa::ProfileId&, bool);
};

constexpr Direction enabling{"enable", "EnableProfile", lpa::ProfileState::enabled,
                             &lpa::Euicc::enable};
constexpr Direction disabling{"disable", "DisableProfile", lpa::ProfileState::disabled,
                              &lpa::Euicc::disable};

/// One form of the request.
struct Rung {
  unsigned form;
  lpa::ProfileId profile;
  bool refresh;
};

/// All forms that the profile can be named in, `first` before the others.
std::vector<Rung> ladder(const lpa::ProfileInfo& profile, unsigned first) {
  std::vector<Rung> rungs;
  if (profile.iccid)
    rungs.insert(rungs.end(), {{0, *profile.iccid, true}, {1, *profile.iccid, false}});
  if (profile.isdp_aid)
    rungs.insert(rungs.end(), {{2, *profile.isdp_aid, true}, {3, *profile.isdp_aid, false}});
  const auto found = std::ranges::find(rungs, first, &Rung::form);
  if (found != rungs.end()) std::rotate(rungs.begin(), found, found + 1);
  return rungs;
}

bool same(const lpa::ProfileInfo& a, const lpa::ProfileInfo& b) {
  return a.iccid ? a.iccid == b.iccid : a.isdp_aid && a.isdp_aid == b.isdp_aid;
}

bool has_target_state(const std::vector<lpa::ProfileInfo>& profiles,
                      const lpa::ProfileInfo& profile, const Direction& direction) {
  const auto found =
      std::ranges::find_if(profiles, [&](const auto& each) { return same(each, profile); });
  return found != profiles.end() &&
         found->enabled() == (direction.target == lpa::ProfileState::enabled);
}

/// A reason after which no other form of the request can do better.
std::optional<Error> final_refusal(const Direction& direction, lpa::SwitchResult result,
                                   const lpa::ProfileInfo& profile,
                                   const std::vector<lpa::ProfileInfo>& all) {
  const auto name = spoken_name(profile);
  if (result == lpa::SwitchResult::disallowed_by_policy) {
    const auto locked = std::ranges::find_if(all, [](const auto& each) {
      return each.enabled() && each.has_rule(lpa::policy_rule::no_disable);
    });
    const auto why = locked == all.end() ? std::string("a policy rule forbids it")
                     : same(*locked, profile)
                         ? std::string("its operator forbids that (PPR1)")
                         : spoken_name(*locked) + " must not be disabled (PPR1)";
    return Error(ErrorKind::refused, "card.policy-forbids",
                 fmt::format("cannot {} {}: {}", direction.verb, name, why))
        .hint("only the operator can lift this rule; `esimctl show PROFILE` lists the rules");
  }
  if (result == lpa::SwitchResult::wrong_profile_reenabling) {
    const auto meaning =
        lpa::result_meaning(direction.function, static_cast<std::uint32_t>(result));
    return Error(ErrorKind::refused, "card.wrong-reenabling",
                 fmt::format("cannot {} {}: {}", direction.verb, name, meaning->cause))
        .hint(std::string(meaning->advice));
  }
  return std::nullopt;
}

/// The card's own words for why a rung failed: "catBusy (5): …".
std::string reason(const Direction& direction, const lpa::SwitchOutcome& outcome) {
  if (!outcome.result) {
    const auto meaning = lpa::status_word_meaning(outcome.sw);
    return fmt::format("{} ({:04X})", meaning ? meaning->name : "unknown status word", outcome.sw);
  }
  const auto number = static_cast<std::uint32_t>(*outcome.result);
  const auto meaning = lpa::result_meaning(direction.function, number);
  return meaning ? fmt::format("{} ({}: {})", meaning->cause, meaning->name, number)
                 : fmt::format("unknown result {}", number);
}

/// Walks the ladder until the card shows the wanted state.
class Switch {
 public:
  Switch(Session& session, base::Clock& clock, const Direction& direction,
         const lpa::ProfileInfo& profile, const std::vector<lpa::ProfileInfo>& before)
      : session_(session),
        clock_(clock),
        direction_(direction),
        profile_(profile),
        before_(before) {}

  void run() {
    const auto rungs = ladder(profile_, session_.switch_form());
    for (std::size_t i = 0; i < rungs.size(); ++i) {
      if (i > 0 && done()) return;
      if (climb(rungs[i])) {
        session_.set_switch_form(rungs[i].form);
        return;
      }
    }
    if (done()) return;
    throw Error(
        last_.result ? ErrorKind::refused : ErrorKind::card, "card.not-switched",
        fmt::format("cannot {} {}: {}", direction_.verb, spoken_name(profile_), last_reason_))
        .hint(
            "`esimctl list` shows what is enabled now; take the card out, put it in and try again");
  }

 private:
  /// True when the card has the wanted state after this form of the request.
  bool climb(const Rung& rung) {
    ask(rung);
    if (last_.result == lpa::SwitchResult::cat_busy) {
      restart();  // a cold reset ends the dialogue that keeps it busy
      ask(rung);
    }
    if (!last_.result || *last_.result == lpa::SwitchResult::ok) {
      // Done, or the answer was lost when the card reset itself: only the card can tell.
      if (last_.result) last_reason_ = "the card said that it did, but its list does not show it";
      restart();
      return done();
    }
    if (auto refusal = final_refusal(direction_, *last_.result, profile_, before_)) throw *refusal;
    return false;
  }

  void ask(const Rung& rung) {
    last_ = {};
    try {
      last_ = (session_.euicc().*direction_.ask)(rung.profile, rung.refresh);
      last_reason_ = reason(direction_, last_);
    } catch (Error& error) {
      const bool lost = error.code() == "card.transmit" || error.code() == "card.reset" ||
                        error.code() == "card.malformed-answer" || error.code() == "pcsc.failed";
      if (!lost) throw unknown_state(error);
      last_reason_ = error.what();
    }
  }

  void restart() {
    try {
      session_.isdr().restart(clock_, comeback_limit);
    } catch (Error& error) {
      throw unknown_state(error);
    }
  }

  bool done() {
    try {
      return has_target_state(list_again(), profile_, direction_);
    } catch (Error& error) {
      throw unknown_state(error);
    }
  }

  /// A card that wants to be reset first is reset.
  std::vector<lpa::ProfileInfo> list_again() {
    try {
      return session_.euicc().profiles(lpa::ProfileFields::state);
    } catch (const Error& error) {
      if (error.code() != "card.status") throw;
      restart();
      return session_.euicc().profiles(lpa::ProfileFields::state);
    }
  }

  Error unknown_state(const Error& error) const {
    Error told = error;
    told.during(fmt::format("asking the card to {} {}", direction_.verb, spoken_name(profile_)));
    return told.hint(
        fmt::format("the card was asked to {} the profile and may have done so; `esimctl list` "
                    "shows it once the card answers again",
                    direction_.verb));
  }

  Session& session_;
  base::Clock& clock_;
  const Direction& direction_;
  const lpa::ProfileInfo& profile_;
  const std::vector<lpa::ProfileInfo>& before_;
  lpa::SwitchOutcome last_;
  std::string last_reason_ = "the card lists it without ICCID and AID";
};

/// What comes before the card is asked to switch: when the card fails there, that is told.
template <class Work>
auto unchanged(Work work) {
  try {
    return work();
  } catch (Error& error) {
    if (error.kind() == ErrorKind::card) {
      error.hint("nothing was changed: the card was not asked to switch yet");
    }
    throw;
  }
}

SwitchReport run(Session& session, base::Clock& clock, std::string_view wanted,
                 const Direction& direction, TestProfiles test_profiles) {
  const auto before = unchanged([&] { return session.euicc().profiles(lpa::ProfileFields::list); });
  SwitchReport report{false, find_profile(before, wanted), std::nullopt};
  const bool enable_it = direction.target == lpa::ProfileState::enabled;
  if (report.profile.enabled() == enable_it) return report;
  if (enable_it) require_allowed(test_profiles, report.profile, direction.verb);
  unchanged([&] { require_manageable(session); });
  if (enable_it) {
    const auto now = std::ranges::find_if(before, &lpa::ProfileInfo::enabled);
    if (now != before.end()) report.disabled_before = *now;
  }
  Switch(session, clock, direction, report.profile, before).run();
  report.changed = true;
  report.profile.state = direction.target;
  if (report.disabled_before) report.disabled_before->state = lpa::ProfileState::disabled;
  return report;
}

}  // namespace

SwitchReport enable(Session& session, base::Clock& clock, std::string_view wanted,
                    TestProfiles test_profiles) {
  return run(session, clock, wanted, enabling, test_profiles);
}

SwitchReport disable(Session& session, base::Clock& clock, std::string_view wanted) {
  return run(session, clock, wanted, disabling, {});
}

}  // namespace app
