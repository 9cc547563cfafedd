#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/history.hpp"

namespace app {

/// The places of the lines that `name` calls: by the carrier's own name of it, by its ICCID or the
/// last four or more digits of that, or by its telephone number, with or without a plus, blanks and
/// dashes. Several only when they are one SIM that several accounts tell of; none when nothing
/// fits. Throws Error `account.several-lines` (not_found) with the candidates.
std::vector<std::size_t> lines_called(std::span<const store::KeptSnapshot> lines,
                                      std::string_view name);

/// The accounts that are meant and, of those that are named by lines, which of these.
struct Choice {
  std::map<std::string, std::optional<std::set<std::string>>> accounts{};  ///< line keys, or all
  std::vector<std::string> unknown{};  ///< names of nothing that is known

  [[nodiscard]] bool has(const std::string& account) const { return accounts.contains(account); }
  [[nodiscard]] bool has(const store::KeptSnapshot& line) const;
};

/// What the names call, each an account or a line; all accounts when there are no names. Throws as
/// lines_called.
Choice choose_lines(std::span<const std::string> names, std::span<const std::string> accounts,
                    std::span<const store::KeptSnapshot> lines);

/// What to call a line in a sentence, without its account; clean text.
std::string spoken_line(const usage::Line& line);

/// Error `account.no-line` (not_found), with the accounts and lines that are there.
base::Error unknown_line(std::string_view name, std::span<const std::string> accounts,
                         std::span<const store::KeptSnapshot> lines);

}  // namespace app
