#include "usage/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numeric>

namespace usage {

double mean(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto place = share * double(values.size() - 1);
  const auto below = values.begin() + std::ptrdiff_t(place);
  std::ranges::nth_element(values, below);
  const auto rest = place - std::floor(place);
  if (rest == 0) return *below;
  return std::lerp(*below, *std::min_element(std::next(below), values.end()), rest);
}

Usual usual(const std::vector<double>& values) {
  constexpr double to_standard_deviation = 1.4826;
  const auto middle = quantile(values, 0.5);
  std::vector<double> distances;
  std::ranges::transform(values, std::back_inserter(distances),
                         [&](double value) { return std::abs(value - middle); });
  return {middle, to_standard_deviation * quantile(std::move(distances), 0.5)};
}

}  // namespace usage
