#include "app/line_names.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "store/line_key.hpp"
#include "usage/iccid.hpp"
#include "usage/line_match.hpp"

namespace app {
namespace {

using store::KeptSnapshot;
using usage::Line;

constexpr std::size_t shortest_ending = 4;
constexpr std::size_t most_candidates = 20;

/// Without what people put between digits, in the case that ICCIDs have.
std::string compact(std::string_view name) {
  auto text = base::lower(name);
  std::erase_if(text,
                [](char c) { return std::string_view(" -+()./").find(c) != std::string::npos; });
  return text;
}

std::vector<std::size_t> fitting(std::span<const KeptSnapshot> lines,
                                 const std::function<bool(const Line&)>& fits) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (fits(lines[i].snapshot.line)) found.push_back(i);
  }
  return found;
}

bool same_sim(const Line& left, const Line& right) {
  return left.iccid && right.iccid && usage::same_iccid(*left.iccid, *right.iccid);
}

std::string candidate(const KeptSnapshot& each) {
  return fmt::format("{} (“{}”)", spoken_line(each.snapshot.line), each.account);
}

}  // namespace

std::vector<std::size_t> lines_called(std::span<const KeptSnapshot> lines, std::string_view name) {
  const auto digits = compact(name);
  auto found = fitting(lines, [&](const Line& line) {
    return (line.provider_id && *line.provider_id == name) ||
           (line.iccid && usage::same_iccid(base::lower(*line.iccid), digits)) ||
           (line.msisdn && !digits.empty() && *line.msisdn == digits);
  });
  if (found.empty() && digits.size() >= shortest_ending) {
    found = fitting(lines, [&](const Line& line) {
      return line.iccid && base::lower(*line.iccid).ends_with(digits);
    });
  }
  const auto as_first = [&](std::size_t each) {
    return each == found.front() ||
           same_sim(lines[found.front()].snapshot.line, lines[each].snapshot.line);
  };
  if (std::ranges::all_of(found, as_first)) return found;
  base::Error error(base::ErrorKind::not_found, "account.several-lines",
                    fmt::format("“{}” fits {} lines", base::clean(name, 80), found.size()));
  for (const auto each : found) error.hint(candidate(lines[each]));
  throw error;
}

bool Choice::has(const KeptSnapshot& line) const {
  const auto found = accounts.find(line.account);
  if (found == accounts.end()) return false;
  const auto& keys = found->second;
  return !keys || keys->contains(store::line_key(line.snapshot.line));
}

Choice choose_lines(std::span<const std::string> names, std::span<const std::string> accounts,
                    std::span<const KeptSnapshot> lines) {
  Choice choice;
  std::vector<std::string> whole;
  if (names.empty()) whole.assign(accounts.begin(), accounts.end());
  for (const auto& name : names) {
    if (std::ranges::find(accounts, name) != accounts.end()) {
      whole.push_back(name);
      continue;
    }
    const auto found = lines_called(lines, name);
    if (found.empty()) choice.unknown.push_back(name);
    for (const auto at : found) {
      auto& keys = choice.accounts[lines[at].account];
      auto wanted = keys.value_or(std::set<std::string>());
      wanted.insert(store::line_key(lines[at].snapshot.line));
      keys = std::move(wanted);
    }
  }
  for (const auto& name : whole) choice.accounts[name].reset();
  return choice;
}

std::string spoken_line(const Line& line) {
  for (const auto* each : {&line.iccid, &line.msisdn, &line.provider_id, &line.eid}) {
    if (*each) return base::clean(**each, 100);
  }
  return "the one line";
}

base::Error unknown_line(std::string_view name, std::span<const std::string> accounts,
                         std::span<const KeptSnapshot> lines) {
  base::Error error(
      base::ErrorKind::not_found, "account.no-line",
      fmt::format("“{}” is neither an account nor a line that is known", base::clean(name, 80)));
  const std::vector<std::string> names(accounts.begin(), accounts.end());
  if (const auto near = base::nearest(name, names); !near.empty())
    error.hint(fmt::format("did you mean “{}”?", near));
  for (const auto& each : accounts) error.hint(fmt::format("“{}”", each));
  for (const auto& each : lines.first(std::min(lines.size(), most_candidates)))
    error.hint(candidate(each));
  if (accounts.empty()) return error.hint("`esimctl account add CARRIER` adds an account");
  return error.hint("`esimctl usage --refresh` asks for new lines");
}

}  // namespace app
