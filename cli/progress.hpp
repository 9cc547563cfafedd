#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "cli/context.hpp"

namespace cli {

/// How far a long command is: one line on the terminal that is written over, or JSON Lines on
/// standard output. Where there is neither, nothing.
class Progress {
 public:
  explicit Progress(const Context& context) : context_(context) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `name` is for programs, `sentence` for people.
  void stage(std::string_view name, std::string_view sentence);

  /// With the time that is left, from how long it took until now.
  void bytes(std::size_t done, std::size_t all);

  /// Takes the line away, for whatever is printed next.
  void clear();

 private:
  void write(std::string_view line);
  [[nodiscard]] bool for_people() const;

  const Context& context_;
  bool shown_ = false;
  std::optional<base::Clock::TimePoint> began_;
};

}  // namespace cli
