#include "usage/line_match.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "usage/iccid.hpp"

namespace usage {
namespace {

constexpr std::size_t shortest_number = 7;

std::string_view without_zeros(std::string_view digits) {
  while (digits.starts_with('0')) digits.remove_prefix(1);
  return digits;
}

/// The telephone numbers in a text: digits, with what people put between them left out.
std::vector<std::string> numbers_in(std::string_view text) {
  constexpr std::string_view between = " -.()/";
  std::vector<std::string> found;
  std::string number;
  const auto end = [&] {
    if (number.size() >= shortest_number) found.push_back(number);
    number.clear();
  };
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number += c;
    } else if (between.find(c) == std::string_view::npos) {
      end();  // a plus begins the next one
    }
  }
  end();
  return found;
}

/// Finds a line for one profile after another; a line is behind one alone.
class Matcher {
 public:
  Matcher(std::string_view eid, std::span<const CardProfile> profiles,
          std::span<const CarrierLine> lines)
      : eid_(eid),
        profiles_(profiles),
        lines_(lines),
        found_(profiles.size()),
        taken_(lines.size()) {}

  std::vector<std::optional<LineMatch>> match() {
    by_iccid(MatchedBy::link, [](const CarrierLine& each) { return each.linked; });
    // What is linked is behind that profile and no other, whether this card has it or not.
    for (std::size_t i = 0; i < lines_.size(); ++i)
      taken_[i] = taken_[i] || !lines_[i].linked.empty();
    by_iccid(MatchedBy::iccid, [](const CarrierLine& each) {
      return each.line.iccid ? std::string_view(*each.line.iccid) : std::string_view();
    });
    by_eid();
    by_number();
    return std::move(found_);
  }

 private:
  void take(std::size_t profile, std::size_t line, MatchedBy by) {
    found_[profile] = LineMatch{.line = line, .by = by};
    taken_[line] = true;
  }

  void by_iccid(MatchedBy by, const std::function<std::string_view(const CarrierLine&)>& iccid) {
    for (std::size_t profile = 0; profile < profiles_.size(); ++profile) {
      for (std::size_t line = 0; line < lines_.size() && !found_[profile]; ++line) {
        if (!taken_[line] && same_iccid(iccid(lines_[line]), profiles_[profile].iccid))
          take(profile, line, by);
      }
    }
  }

  /// The lines without an ICCID that are left and fit.
  [[nodiscard]] std::vector<std::size_t> left_lines(
      const std::function<bool(const Line&)>& fits) const {
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!taken_[i] && !lines_[i].line.iccid && fits(lines_[i].line)) left.push_back(i);
    }
    return left;
  }

  void by_eid() {
    const auto lines =
        left_lines([&](const Line& line) { return !eid_.empty() && line.eid == eid_; });
    const auto left = [](const std::optional<LineMatch>& each) { return !each; };
    if (lines.size() != 1 || std::ranges::count_if(found_, left) != 1) return;
    const auto profile = std::ranges::find_if(found_, left) - found_.begin();
    take(static_cast<std::size_t>(profile), lines.front(), MatchedBy::eid);
  }

  void by_number() {
    using Pair = std::pair<std::size_t, std::size_t>;
    std::vector<Pair> fitting;
    for (std::size_t profile = 0; profile < profiles_.size(); ++profile) {
      if (found_[profile]) continue;
      const auto numbers = numbers_in(profiles_[profile].nickname);
      const auto lines = left_lines([&](const Line& line) {
        const auto same = [&](const auto& each) { return same_number(each, *line.msisdn); };
        return line.msisdn && std::ranges::any_of(numbers, same);
      });
      for (const auto line : lines) fitting.emplace_back(profile, line);
    }
    for (const auto& [profile, line] : fitting) {
      if (std::ranges::count(fitting, profile, &Pair::first) == 1 &&
          std::ranges::count(fitting, line, &Pair::second) == 1) {
        take(profile, line, MatchedBy::msisdn);
      }
    }
  }

  std::string_view eid_;
  std::span<const CardProfile> profiles_;
  std::span<const CarrierLine> lines_;
  std::vector<std::optional<LineMatch>> found_;
  std::vector<bool> taken_;
};

}  // namespace

bool same_number(std::string_view left, std::string_view right) {
  left = without_zeros(left);
  right = without_zeros(right);
  if (left.size() > right.size()) std::swap(left, right);
  return left.size() >= shortest_number && right.ends_with(left);
}

std::vector<std::optional<LineMatch>> match_lines(std::string_view eid,
                                                  std::span<const CardProfile> profiles,
                                                  std::span<const CarrierLine> lines) {
  return Matcher(eid, profiles, lines).match();
}

}  // namespace usage
