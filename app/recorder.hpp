#pragma once

#include <memory>
#include <optional>
#include <string>

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

  /// `card` with a witness. The same card may come again. Borrows the recorder. Throws Error
  /// `record.several` (usage) for a second card.
  std::unique_ptr<lpa::Card> watch(const std::string& name, std::unique_ptr<lpa::Card> card);

  /// Throws Error `record.failed` (failure) when not everything could be written.
  void finish();

 private:
  class Watched;
  void write(std::string_view text);
  [[nodiscard]] lpa::Seconds time() const;

  std::string name_;
  base::Clock& clock_;
  base::Clock::TimePoint start_;
  base::Fd file_;
  lpa::RecordingWriter writer_;
  std::optional<std::string> card_;
  std::string failure_;
};

}  // namespace app
