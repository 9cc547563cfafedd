#include "sim/traffic.hpp"

#include <algorithm>
#include <numeric>

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

const base::UtcTime start = std::chrono::sys_days(std::chrono::year(2026) / 3 / 2);

std::int64_t sum(const std::vector<std::int64_t>& values) {
  return std::accumulate(values.begin(), values.end(), std::int64_t(0));
}

}  // namespace

TEST_CASE("the same seed makes the same traffic, about 230 MB a day, less at night") {
  const auto made = sim::traffic(7, start, std::chrono::days(700));
  CHECK(made.bytes == sim::traffic(7, start, std::chrono::days(700)).bytes);
  CHECK(made.bytes != sim::traffic(8, start, std::chrono::days(700)).bytes);
  REQUIRE(made.bytes.size() == 700 * 24);
  CHECK(double(sum(made.bytes)) / 700 == doctest::Approx(230e6).epsilon(0.05));
  std::int64_t night = 0;
  for (std::size_t i = 0; i < made.bytes.size(); i += 24)
    night = std::accumulate(&made.bytes[i + 2], &made.bytes[i + 6], night);
  CHECK(double(night) / double(sum(made.bytes)) < 0.03);
  CHECK(made.until(start + 90min) == made.bytes[0] + made.bytes[1] / 2);
  CHECK(made.until(start - 1h) == 0);
  CHECK(made.until(start + 800 * 24h) == sum(made.bytes));
}

TEST_CASE("a spike and a leak add what they say") {
  const auto usual = sim::traffic(1, start, std::chrono::days(20));
  const auto total = sum(usual.bytes);
  CHECK(sum(sim::traffic(1, start, std::chrono::days(20), {sim::spike(100)}).bytes) - total ==
        1'200'000'000);
  CHECK(sum(sim::traffic(1, start, std::chrono::days(20), {sim::leak(100)}).bytes) - total ==
        7 * 24 * 10'000'000);
}

TEST_CASE("figures change when they are published, begin anew with a cycle, and a limit can rise") {
  const auto made = sim::traffic(1, start, std::chrono::days(4));
  const auto heard = sim::published(made, {.every = 6h,
                                           .late = 3h,
                                           .asked = 1h,
                                           .limit = 1000,
                                           .resets = {start + 48h},
                                           .top_up = start + 24h});
  REQUIRE(heard.size() == 96);
  CHECK(heard[4].used == 0);
  CHECK(heard[5].used == made.until(start + 3h));
  CHECK(heard[10].used == heard[5].used);
  CHECK(heard[22].limit == 1000);
  CHECK(heard[23].limit == 1500);
  CHECK(heard[49].cycle_start == start);
  CHECK(heard[53].cycle_start == start + 48h);
  CHECK(heard[53].used == made.until(start + 51h) - made.until(start + 48h));
}
