#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

using base::ErrorKind;

namespace {

constexpr auto kinds =
    std::to_array({ErrorKind::failure, ErrorKind::usage, ErrorKind::not_found, ErrorKind::sign_in,
                   ErrorKind::card, ErrorKind::network, ErrorKind::refused, ErrorKind::over,
                   ErrorKind::declined, ErrorKind::challenge, ErrorKind::warning, ErrorKind::stale,
                   ErrorKind::internal, ErrorKind::interrupted});

}  // namespace

TEST_CASE("each kind of error has an exit code of its own and none is success") {
  std::set<int> numbers;
  for (const auto kind : kinds) numbers.insert(base::exit_code(kind).number);
  CHECK(numbers.size() == kinds.size());
  CHECK_FALSE(numbers.contains(0));
}

TEST_CASE("the numbers of the exit codes are the promised ones") {
  CHECK(base::exit_code(ErrorKind::failure).number == 1);
  CHECK(base::exit_code(ErrorKind::usage).number == 2);
  CHECK(base::exit_code(ErrorKind::not_found).number == 3);
  CHECK(base::exit_code(ErrorKind::sign_in).number == 4);
  CHECK(base::exit_code(ErrorKind::card).number == 5);
  CHECK(base::exit_code(ErrorKind::network).number == 6);
  CHECK(base::exit_code(ErrorKind::refused).number == 7);
  CHECK(base::exit_code(ErrorKind::over).number == 8);
  CHECK(base::exit_code(ErrorKind::declined).number == 9);
  CHECK(base::exit_code(ErrorKind::challenge).number == 10);
  CHECK(base::exit_code(ErrorKind::warning).number == 11);
  CHECK(base::exit_code(ErrorKind::stale).number == 12);
  CHECK(base::exit_code(ErrorKind::internal).number == 125);
  CHECK(base::exit_code(ErrorKind::interrupted).number == 130);
}

TEST_CASE(
    "the table of exit codes holds success and one line for each kind with a meaning and an "
    "advice") {
  const auto table = base::exit_codes();
  CHECK(table.size() == kinds.size() + 1);
  CHECK(table.front().number == 0);
  std::set<std::string_view> names;
  for (const auto& code : table) {
    CAPTURE(code.number);
    CHECK(names.insert(code.name).second);
    CHECK_FALSE(code.meaning.empty());
    CHECK((code.number == 0 || !code.advice.empty()));
  }
  CHECK(std::ranges::is_sorted(table, {}, &base::ExitCode::number));
}

TEST_CASE("an error keeps its code, its hints in order, and the steps from the innermost out") {
  const auto error = test::error_of([] {
    base::during("listing the profiles", [] {
      base::during("selecting the ISD-R", []() -> int {
        throw base::Error(ErrorKind::card, "card.removed", "the card is gone")
            .hint("put it back")
            .hint("wait");
      });
    });
  });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::card);
  CHECK(error->code() == "card.removed");
  CHECK(std::string(error->what()) == "the card is gone");
  CHECK(error->hints() == std::vector<std::string>{"put it back", "wait"});
  CHECK(error->steps() == std::vector<std::string>{"selecting the ISD-R", "listing the profiles"});
}

TEST_CASE("a step that succeeds hands its result on and other exceptions through") {
  CHECK(base::during("adding", [] { return 1 + 1; }) == 2);
  CHECK_THROWS_AS(base::during("failing", [] { throw std::runtime_error("not ours"); }),
                  std::runtime_error);
}
