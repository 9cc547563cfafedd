/// Runs the detectors on a series of the Numenta Anomaly Benchmark, as if it were a counter of this
/// machine: nab FILE [FROM TO]…, where FROM TO are the windows of its labels.
/// README.md says how.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/utc.hpp"
#include "usage/csv.hpp"
#include "usage/detect.hpp"

namespace {

using std::chrono::hours;
using Windows = std::vector<std::pair<base::UtcTime, base::UtcTime>>;

/// "2014-04-10 00:04:00", also with parts of seconds.
base::UtcTime time_of(const std::string& text) {
  auto spelled = text.substr(0, 19) + "Z";
  if (spelled.size() > 10) spelled[10] = 'T';
  const auto time = base::from_rfc3339(spelled);
  if (!time) throw std::runtime_error("no time: " + text);
  return *time;
}

/// Their values have any unit; a day has 230 MB on average here, as those of the simulated lines,
/// because what is too little to matter is no finding.
std::vector<usage::Bucket> hours_of(const std::string& text) {
  constexpr double bytes_an_hour = 230e6 / 24;
  std::map<base::UtcTime, double> sums;
  double all = 0;
  bool header = true;
  usage::read_csv(text, [&](const usage::CsvRecord& record) {
    if (std::exchange(header, false)) return;
    const auto value = std::max(0.0, std::stod(record.fields.at(1)));
    sums[std::chrono::floor<hours>(time_of(record.fields.at(0)))] += value;
    all += value;
  });
  std::vector<usage::Bucket> made;
  const auto scale = all == 0 ? 0 : bytes_an_hour * double(sums.size()) / all;
  for (const auto& [start, sum] : sums)
    made.push_back({.start = start, .size = usage::DataSize::of_bytes(std::llround(sum * scale))});
  return made;
}

/// Each hour is judged by itself and those before it. An alarm is one that was quiet for a day.
void judge(const std::vector<usage::Bucket>& all, const Windows& windows) {
  std::map<usage::Detector, base::UtcTime> last;
  std::vector<bool> found(windows.size());
  int outside = 0;
  for (std::size_t count = 1; count <= all.size(); ++count) {
    const std::span known(all.data(), count);
    const auto now = known.back().start + hours(1);
    const auto verdict =
        usage::detect({.hours = known, .until = now, .zone = "UTC", .now = now, .local = true});
    for (const auto& each : verdict.found) {
      const auto before = last.find(each.detector);
      const bool fresh = before == last.end() || now - before->second > hours(24);
      last[each.detector] = now;
      const auto window = std::ranges::find_if(windows, [&](const auto& span) {
        return now >= span.first && now <= span.second + hours(24);
      });
      if (window != windows.end()) found.at(std::size_t(window - windows.begin())) = true;
      if (!fresh) continue;
      if (window == windows.end()) ++outside;
      std::cout << base::to_rfc3339(now) << ' ' << name_of(each.detector) << ' ' << each.score
                << (window == windows.end() ? "" : " in a window") << '\n';
    }
  }
  const auto span = double((all.back().start - all.front().start).count()) / 86400;
  std::cout << std::ranges::count(found, true) << " of " << windows.size() << " windows, "
            << outside << " alarms outside of them, in " << std::llround(span) << " days\n";
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() % 2 != 1) {
    std::cerr << "nab FILE [FROM TO]...\n";
    return 2;
  }
  try {
    std::ifstream file(words[0]);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto all = hours_of(text);
    if (all.empty()) throw std::runtime_error("it has no rows");
    Windows windows;
    for (std::size_t i = 1; i < words.size(); i += 2)
      windows.emplace_back(time_of(words[i]), time_of(words[i + 1]));
    judge(all, windows);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "nab: " << words[0] << ": " << error.what() << '\n';
    return 1;
  }
}
