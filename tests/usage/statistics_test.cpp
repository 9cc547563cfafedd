#include "usage/statistics.hpp"

#include <doctest/doctest.h>

TEST_CASE("a quantile lies between its neighbours") {
  CHECK(usage::quantile({}, 0.5) == 0);
  CHECK(usage::quantile({7}, 0.9) == 7);
  CHECK(usage::quantile({3, 1, 2}, 0.5) == 2);
  CHECK(usage::quantile({4, 1, 3, 2}, 0.5) == 2.5);
  CHECK(usage::quantile({4, 1, 3, 2}, 0) == 1);
  CHECK(usage::quantile({4, 1, 3, 2}, 1) == 4);
  CHECK(usage::quantile({10, 20}, 0.25) == 12.5);
}

TEST_CASE("one figure that is far off moves the mean, and not what is usual") {
  CHECK(usage::mean({}) == 0);
  CHECK(usage::mean({1, 2, 3, 4, 1000}) == 202);
  const auto is = usage::usual({1, 2, 3, 4, 1000});
  CHECK(is.middle == 3);
  CHECK(is.spread == doctest::Approx(1.4826));
  CHECK(usage::usual({5, 5, 5}).spread == 0);
}
