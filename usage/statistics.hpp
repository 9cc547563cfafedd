#pragma once

#include <vector>

/// What detectors and the forecast take from figures of the past. Of no figures each is 0.
namespace usage {

double mean(const std::vector<double>& values);

/// The value below which `share` (0 to 1) of them are, in a straight line between two neighbours.
double quantile(std::vector<double> values, double share);

/// The middle of figures and how far they are from it as a rule: median and median absolute
/// deviation, the latter times 1.4826, which makes it a standard deviation where figures are
/// normal. Half of the figures may be outliers before either moves far.
struct Usual {
  double middle = 0;
  double spread = 0;
};
Usual usual(const std::vector<double>& values);

}  // namespace usage
