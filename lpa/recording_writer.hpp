#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lpa/recording.hpp"
#include "lpa/traffic.hpp"

namespace lpa {

enum class Secrets { masked, shown };

/// Writes traffic as lines of a recording. Octets that secrets_in names are masked; to know them a
/// request and its answer have to be whole, so lines come once they are.
class RecordingWriter {
 public:
  explicit RecordingWriter(Secrets secrets) : secrets_(secrets) {}

  /// One exchange; `answer` is empty and `error_code` is not when there was none. Gives the lines
  /// that can be written now.
  std::string add(Seconds sent, base::ByteView command, Seconds received, base::ByteView answer,
                  std::string_view error_code);

  /// The lines that are left; what was never completed is masked throughout.
  std::string finish();

 private:
  struct Waiting {
    Seconds sent;
    MaskedBytes command;
    Seconds received;
    MaskedBytes answer;
    std::string error_code;
    bool masked = false;
  };

  void mask(const WholeExchange& whole);
  void mask_all(Waiting& exchange) const;

  Secrets secrets_;
  TrafficAssembler assembler_;
  std::vector<Waiting> waiting_;
  std::size_t first_ = 0;  ///< the number of the first that waits
};

}  // namespace lpa
