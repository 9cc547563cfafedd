#include "base/within.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>

#include <doctest/doctest.h>

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

TEST_CASE("work that ends in time gives its result") {
  CHECK(base::within(60s, [] { return 42; }) == 42);
}

TEST_CASE("what work throws in time is thrown to who waits") {
  CHECK_THROWS_WITH_AS(base::within(60s, []() -> int { throw std::runtime_error("no card"); }),
                       "no card", std::runtime_error);
}

TEST_CASE("what work holds is let go before its result or its error is here") {
  for (int i = 0; i < 100; ++i) {
    const auto held = std::make_shared<int>(7);
    CHECK(base::within(60s, [held] { return *held; }) == 7);
    CHECK(held.use_count() == 1);
    CHECK_THROWS(base::within(60s, [held]() -> int { throw std::runtime_error("no card"); }));
    CHECK(held.use_count() == 1);
  }
}

TEST_CASE("work that does not end is left behind with what it holds") {
  std::promise<void> gate;
  std::promise<void> over;
  const auto held = std::make_shared<int>(7);
  const std::weak_ptr<int> watched = held;
  auto ended = over.get_future();
  const auto result =
      base::within(1ms, [opened = gate.get_future().share(), held,
                         over = std::make_shared<std::promise<void>>(std::move(over))] {
        opened.wait();
        const auto value = *held;
        over->set_value();
        return value;
      });
  CHECK_FALSE(result);
  CHECK(watched.use_count() > 1);  // the thread that was left behind still has it
  gate.set_value();
  ended.wait();
}
