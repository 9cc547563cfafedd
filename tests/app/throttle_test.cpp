#include "app/throttle.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

constexpr base::UtcTime noon(std::chrono::hours(12));

}  // namespace

TEST_CASE("an account is asked again so long after the last attempt, whatever came of that") {
  CHECK_FALSE(app::next_asking({}, 300s, noon));
  const app::AskingState in_vain{.asked = {.at = noon}};
  CHECK(app::next_asking(in_vain, 300s, noon) == noon + 300s);
  CHECK(app::next_asking(in_vain, 300s, noon + 299s) == noon + 300s);
  CHECK_FALSE(app::next_asking(in_vain, 300s, noon + 300s));
  const app::AskingState earlier_figures{.asked = {.at = noon, .whole = noon - 600s},
                                         .figures = noon - 600s};
  CHECK(app::next_asking(earlier_figures, 300s, noon) == noon + 300s);
  // Figures of an esimctl that did not write attempts down.
  CHECK(app::next_asking({.figures = noon}, 300s, noon) == noon + 300s);
}

TEST_CASE("an account is not asked while its carrier wants no more requests") {
  const app::AskingState closed{.asked = {.at = noon}, .closed_until = noon + 3600s};
  CHECK(app::next_asking(closed, 300s, noon + 301s) == noon + 3600s);
  CHECK_FALSE(app::next_asking(closed, 300s, noon + 3600s));
  CHECK(app::next_asking({.asked = {.at = noon}, .closed_until = noon + 10s}, 300s, noon) ==
        noon + 300s);
  CHECK(app::next_asking({.closed_until = noon + 10s}, 300s, noon) == noon + 10s);
}

TEST_CASE("what a clock has written that was wrong keeps nobody from asking") {
  const app::AskingState future{.asked = {.at = noon + 1s}, .closed_until = noon + 3600s};
  CHECK_FALSE(app::next_asking(future, 300s, noon));
  CHECK(app::next_asking(future, 300s, noon + 1s));  // counter-run
  CHECK_FALSE(app::next_asking({.closed_until = noon + std::chrono::days(367)}, 300s, noon));
  CHECK_FALSE(app::younger({.figures = noon + 1s}, 900s, noon));
}

TEST_CASE("figures are young while they are younger, and nothing was left out") {
  CHECK(app::younger({.figures = noon}, 900s, noon + 899s));
  CHECK_FALSE(app::younger({.figures = noon}, 900s, noon + 900s));
  CHECK_FALSE(app::younger({.figures = noon}, 0s, noon));
  CHECK_FALSE(app::younger({}, 900s, noon));
  CHECK(app::younger({.asked = {.at = noon, .whole = noon}}, 900s, noon));  // it has no lines
  CHECK_FALSE(app::younger({.asked = {.at = noon, .whole = noon - 60s}, .figures = noon - 60s},
                           900s, noon));
}
