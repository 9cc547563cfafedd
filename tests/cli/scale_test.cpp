#include "cli/plot/scale.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace {

using std::chrono::local_days;
using namespace std::chrono_literals;

std::vector<std::string> labels(const std::vector<cli::plot::Tick>& ticks) {
  std::vector<std::string> all;
  for (const auto& tick : ticks) all.push_back(tick.label);
  return all;
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("a scale of bytes has round numbers, and ends above what it is made for") {
  CHECK(labels(cli::plot::byte_scale(0).ticks) ==
        Labels{"0 B", "200 B", "400 B", "600 B", "800 B", "1 KB"});
  CHECK(labels(cli::plot::byte_scale(9.9e9).ticks) ==
        Labels{"0 B", "2.5 GB", "5 GB", "7.5 GB", "10 GB", "12.5 GB"});
  CHECK(labels(cli::plot::byte_scale(1.2e9).ticks) ==
        Labels{"0 B", "250 MB", "500 MB", "750 MB", "1 GB", "1.25 GB"});
  CHECK(labels(cli::plot::byte_scale(7e14).ticks) ==
        Labels{"0 B", "200 TB", "400 TB", "600 TB", "800 TB"});
  for (double highest = 1; highest < 1e19; highest *= 1.037) {
    const auto scale = cli::plot::byte_scale(highest);
    CAPTURE(highest);
    REQUIRE(scale.top > highest);
    REQUIRE(scale.top < 4 * highest + 1001);
    REQUIRE(scale.ticks.size() >= 4);
    REQUIRE(scale.ticks.size() <= 6);
    REQUIRE(scale.ticks.back().at == 1);
    const auto step = scale.top / static_cast<double>(scale.ticks.size() - 1);
    REQUIRE(std::floor(step) == step);  // no half bytes
  }
}

TEST_CASE("a value has a place between the ends of its scale") {
  const auto scale = cli::plot::byte_scale(9.9e9);
  CHECK(scale.at(0) == 0);
  CHECK(scale.at(6.25e9) == 0.5);
  CHECK(scale.at(1e12) == 1);
}

TEST_CASE("dates are a week apart in a month, and closer in less") {
  const auto ticks = cli::plot::day_ticks(local_days(2026y / 11 / 12), local_days(2026y / 12 / 12));
  CHECK(labels(ticks) == Labels{"12 Nov", "19", "26", "3 Dec", "10"});
  CHECK(ticks.at(1).at == doctest::Approx(7.0 / 30));
  CHECK(labels(cli::plot::day_ticks(local_days(2024y / 2 / 28), local_days(2024y / 3 / 2))) ==
        Labels{"28 Feb", "29", "1 Mar"});
  CHECK(labels(cli::plot::day_ticks(local_days(2026y / 11 / 1), local_days(2026y / 11 / 2))) ==
        Labels{"1 Nov"});
  CHECK(labels(cli::plot::day_ticks(local_days(2020y / 1 / 1), local_days(2030y / 1 / 1))) ==
        Labels{"Jan 2020", "Dec 2021", "Dec 2023", "Dec 2025", "Dec 2027", "Dec 2029"});
}

TEST_CASE("sizes beyond the largest amount of data are the largest") {
  CHECK(cli::plot::size_text(1.5e9) == "1.5 GB");
  CHECK(cli::plot::size_text(4e19) == "9223372.0 TB");
}
