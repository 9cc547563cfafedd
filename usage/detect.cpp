#include "usage/detect.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "usage/ledger.hpp"
#include "usage/statistics.hpp"
#include "usage/zone.hpp"

namespace usage {
namespace {

using base::UtcTime;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::seconds;

constexpr double megabyte = 1e6;
/// How many usual deviations are far.
constexpr double far = 4;
constexpr int days_back = 28;
constexpr std::size_t least_days = 7;
constexpr std::size_t days_for_drift = 14;
/// Of logarithms: a line that is very even is not far from usual by a tenth more.
constexpr double least_log_spread = 0.1;

/// Nights count together, since figures that come late mix each with the evening before it; but one
/// alone only up to a bound.
constexpr double far_at_night = 4.5;
constexpr double most_of_one_night = 8;
constexpr std::size_t nights_in_a_row = 4;
constexpr double least_quiet_excess = 4 * megabyte;
constexpr double least_day_excess = 300 * megabyte;
constexpr double least_hour_excess = 100 * megabyte;

/// CUSUM: what a day is over the usual, less the slack, is added up. One day alone is no drift.
constexpr double slack = 0.5;
constexpr double drifted = 4;
constexpr double most_of_one_day = 3;

/// Times the plan's pace.
constexpr double burning_hour = 14;
constexpr double burning_six_hours = 6;

constexpr int stale_factor = 3;
constexpr int weeks_back = 6;
constexpr days days_for_weeks(21);

Sureness sureness_of(double score, double threshold, std::size_t compared) {
  if (compared < days_for_drift || score < 1.25 * threshold) return Sureness::low;
  return score < 2 * threshold ? Sureness::medium : Sureness::high;
}

std::int64_t rounded(double value) { return std::llround(value); }

/// What a figure is compared with, and what is made of it.
struct Compared {
  double usual = 0;  ///< bytes
  double score = 0;
};

/// How far from the usual, in usual deviations.
Compared against(double observed, const std::vector<double>& past, double least_spread) {
  const auto is = usual(past);
  return {is.middle, (observed - is.middle) / std::max(is.spread, least_spread)};
}

/// The same of logarithms: for figures that differ by factors.
Compared against_logarithms(double observed, std::vector<double> past) {
  std::ranges::transform(past, past.begin(), [](double value) { return std::log1p(value); });
  auto made = against(std::log1p(observed), past, least_log_spread);
  made.usual = std::expm1(made.usual);
  return made;
}

void require_days(Findings& findings, Detector detector, std::size_t there, std::size_t needed) {
  if (there < needed) findings.not_yet.push_back({detector, days(needed - there)});
}

/// The hour of a day, by the clock there.
UtcTime at_hour(local_days day, hours hour, const std::string& zone) {
  const auto instant = start_of_day(day, zone) + hour;
  return instant - (local_time(instant, zone) - (day + hour));  // the clock may have been changed
}

struct Night {
  UtcTime start;
  double bytes = 0;
};

void quiet_hours(const Watched& watched, const Ledger& ledger, Findings& findings) {
  const auto night_of = [&](local_days day) -> std::optional<Night> {
    const auto start = at_hour(day, hours(2), watched.zone);
    const auto bytes = ledger.sum(start, at_hour(day, hours(6), watched.zone));
    if (!bytes) return std::nullopt;
    return Night{start, double(*bytes)};
  };
  auto day = local_day(watched.until, watched.zone);
  if (at_hour(day, hours(6), watched.zone) > watched.until) day -= days(1);
  const auto last = night_of(day);
  std::vector<Night> before;  // newest first
  std::vector<double> past;
  for (int back = 1; back <= days_back; ++back) {
    if (const auto night = night_of(day - days(back))) {
      before.push_back(*night);
      past.push_back(night->bytes);
    }
  }
  require_days(findings, Detector::quiet_hours, past.size(), least_days);
  if (!last || past.size() < least_days) return;
  const auto score_of = [&](const Night& night) {
    return against(night.bytes, past, least_quiet_excess / far).score;
  };
  // One night that is far off, or some in a row that are less so.
  auto since = last->start;
  double sum = std::min(score_of(*last), most_of_one_night);
  double score = sum;
  for (std::size_t nights = 2; nights <= nights_in_a_row; ++nights) {
    sum += std::min(score_of(before.at(nights - 2)), most_of_one_night);
    const auto together = sum / std::sqrt(double(nights));
    if (together <= score) continue;
    score = together;
    since = before.at(nights - 2).start;
  }
  if (score < far_at_night || score_of(*last) <= 0) return;
  for (const auto& night : before) {
    if (score_of(night) < far) break;
    since = std::min(since, night.start);
  }
  findings.found.push_back(
      {Detector::quiet_hours, rounded(last->bytes), rounded(usual(past).middle), score, since,
       sureness_of(score, far_at_night, past.size()), Advice::find_background_traffic});
}

void last_day(const Ledger& ledger, Findings& findings) {
  const auto end = ledger.end();
  std::vector<double> past;
  for (int back = 1; end && back <= days_back; ++back)
    if (const auto bytes = ledger.sum(*end - days(back + 1), *end - days(back)))
      past.push_back(double(*bytes));
  require_days(findings, Detector::day, past.size(), least_days);
  if (!end || past.size() < least_days) return;
  const auto bytes = ledger.sum(*end - days(1), *end);
  if (!bytes) return;
  const auto observed = double(*bytes);
  const auto compared = against_logarithms(observed, past);
  if (compared.score < far || observed - compared.usual < least_day_excess) return;
  findings.found.push_back({Detector::day, *bytes, rounded(compared.usual), compared.score,
                            ledger.largest(*end - days(1), *end).value_or(*end - days(1)),
                            sureness_of(compared.score, far, past.size()),
                            Advice::find_large_transfer});
}

void drift(const Watched& watched, const Ledger& ledger, Findings& findings) {
  auto whole = days_of(ledger.hours(), watched.zone);
  // The day under way, and the first, of which only a part may be known.
  if (!whole.empty()) whole.pop_back();
  if (!whole.empty()) whole.erase(whole.begin());
  std::erase_if(whole, &Bucket::guessed);
  require_days(findings, Detector::drift, whole.size(), days_for_drift + 1);
  double sum = 0;
  double over = 0;
  Compared compared;
  UtcTime since;
  for (auto i = days_for_drift; i < whole.size(); ++i) {
    std::vector<double> past;
    for (auto j = i - std::min<std::size_t>(i, days_back); j < i; ++j)
      past.push_back(double(whole[j].size.bytes()));
    compared = against_logarithms(double(whole[i].size.bytes()), past);
    over = std::min(compared.score, most_of_one_day) - slack;
    if (sum == 0) since = whole[i].start;
    sum = std::max(0.0, sum + over);
  }
  if (sum < drifted || over < 0) return;
  findings.found.push_back({Detector::drift, whole.back().size.bytes(), rounded(compared.usual),
                            sum, since, sureness_of(sum, drifted, whole.size()),
                            Advice::compare_days});
}

void burn_rate(const Watched& watched, const Ledger& ledger, Findings& findings) {
  const auto end = ledger.end();
  if (!end || !watched.limit || !watched.cycle || !watched.cycle->start || !watched.cycle->end)
    return;
  const auto span = (*watched.cycle->end - *watched.cycle->start).count();
  if (span <= 0) return;
  const auto pace = double(watched.limit->bytes()) / double(span);
  struct Window {
    hours span;
    double most;
  };
  constexpr std::array windows{Window{hours(1), burning_hour}, Window{hours(6), burning_six_hours}};
  for (const auto& window : windows) {
    // Within a delta it is not known how fast it went.
    if (watched.publication > window.span) continue;
    const auto bytes = ledger.sum(*end - window.span, *end);
    const auto at_pace = pace * double(seconds(window.span).count());
    if (!bytes || at_pace <= 0 || double(*bytes) < window.most * at_pace) continue;
    const auto score = double(*bytes) / at_pace;
    findings.found.push_back(
        {Detector::burn_rate, *bytes, rounded(at_pace), score, *end - window.span,
         score < 2 * window.most ? Sureness::medium : Sureness::high, Advice::slow_down});
    return;
  }
}

void stale(const Watched& watched, Findings& findings) {
  if (!watched.changed || !watched.interval || *watched.interval <= seconds(0)) return;
  const auto age = watched.now - *watched.changed;
  if (age <= stale_factor * *watched.interval) return;
  const auto score = double(age.count()) / double(watched.interval->count());
  findings.found.push_back(
      {Detector::stale, age.count(), watched.interval->count(), score, *watched.changed,
       score < 2 * stale_factor ? Sureness::low : Sureness::medium, Advice::sign_in_again});
}

/// Only where each hour is published at once: late figures come in lumps, and each lump would be an
/// alarm.
void hour_of_week(const Watched& watched, const Ledger& ledger, Findings& findings) {
  const auto end = ledger.end();
  if (!watched.local || !end) return;
  const auto known = std::chrono::floor<days>(*end - ledger.hours().front().start);
  require_days(findings, Detector::hour_of_week, std::size_t(known.count()),
               std::size_t(days_for_weeks.count()));
  const auto bytes = ledger.sum(*end - hours(1), *end);
  if (known < days_for_weeks || !bytes) return;
  std::vector<double> past;
  for (int week = 1; week <= weeks_back; ++week) {
    for (const auto beside : {hours(-1), hours(0), hours(1)}) {
      const auto to = *end - week * days(7) + beside;
      if (const auto same = ledger.sum(to - hours(1), to)) past.push_back(double(*same));
    }
  }
  const auto observed = double(*bytes);
  const auto compared = against_logarithms(observed, past);
  if (compared.score < far || observed - compared.usual < least_hour_excess) return;
  findings.found.push_back({Detector::hour_of_week, *bytes, rounded(compared.usual), compared.score,
                            *end - hours(1), sureness_of(compared.score, far, past.size()),
                            Advice::find_large_transfer});
}

std::span<const Bucket> newest(std::span<const Bucket> all, UtcTime until) {
  constexpr days most(42);
  return {std::ranges::lower_bound(all, until - most, {}, &Bucket::start), all.end()};
}

}  // namespace

std::string_view name_of(Detector detector) {
  constexpr std::array<std::string_view, 7> names{
      "quiet-hours", "day", "drift", "burn-rate", "stale", "hour-of-week", "unaccounted"};
  return names.at(std::size_t(detector));
}

std::string_view name_of(Advice advice) {
  constexpr std::array<std::string_view, 6> names{
      "find-background-traffic", "find-large-transfer", "compare-days", "slow-down",
      "sign-in-again",           "find-other-device"};
  return names.at(std::size_t(advice));
}

Findings detect(const Watched& watched) {
  const Ledger ledger(newest(watched.hours, watched.until), watched.until);
  Findings findings;
  quiet_hours(watched, ledger, findings);
  last_day(ledger, findings);
  drift(watched, ledger, findings);
  burn_rate(watched, ledger, findings);
  stale(watched, findings);
  hour_of_week(watched, ledger, findings);
  return findings;
}

std::optional<Finding> unaccounted(const Watched& carrier, const Watched& local) {
  constexpr double least_share = 0.1;
  constexpr double least_bytes = 200 * megabyte;
  const auto until = std::min(carrier.until, local.until);
  const Ledger theirs(carrier.hours, until);
  const Ledger ours(local.hours, until);
  if (theirs.hours().empty() || ours.hours().empty()) return std::nullopt;
  const auto end = std::min(theirs.hours().back().start, ours.hours().back().start) + hours(1);
  const auto counted = theirs.sum(end - days(1), end);
  const auto seen = ours.sum(end - days(1), end);
  if (!counted || !seen) return std::nullopt;
  const auto difference = std::abs(double(*counted) - double(*seen));
  const auto allowed = std::max(least_bytes, least_share * double(std::max(*counted, *seen)));
  if (difference <= allowed) return std::nullopt;
  const auto score = difference / allowed;
  return Finding{Detector::unaccounted,
                 *counted,
                 *seen,
                 score,
                 end - days(1),
                 score < 2 ? Sureness::medium : Sureness::high,
                 Advice::find_other_device};
}

}  // namespace usage
