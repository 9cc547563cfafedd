#pragma once

#include <optional>
#include <string>

#include "app/world.hpp"
#include "base/clock.hpp"
#include "base/fd.hpp"
#include "lpa/card.hpp"
#include "lpa/recording_writer.hpp"

namespace app {

/// Writes down what goes between the program and one card (`--record`, docs/bug-reports.md).
class Recorder {
 public:
  /// Makes the file, readable by its owner only; an earlier recording is replaced. Throws Error
  /// `record.file` (usage) when that cannot be done, or the file is there and is no recording.
  Recorder(std::string file, base::Clock& clock, lpa::Secrets secrets);

  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// The card whose exchanges follow; the same may come again. Throws Error `record.several`
  /// (usage) for a second one.
  void begin(const std::string& name, const lpa::Card& card);
  void add(const Exchange& exchange);

  /// Writes what is left. Throws Error `record.failed` (failure) when not everything could be
  /// written.
  void finish();

 private:
  void write(std::string_view text);

  std::string name_;
  base::Clock& clock_;
  base::Clock::TimePoint start_;
  base::Fd file_;
  lpa::RecordingWriter writer_;
  std::optional<std::string> card_;
  std::string failure_;
};

}  // namespace app
