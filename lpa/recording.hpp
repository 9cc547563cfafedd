#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "lpa/card.hpp"

/// Card traffic as text: JSON Lines of the format `esimctl-apdu/1` (docs/bug-reports.md).
namespace lpa {

/// Octets of which some are hidden.
struct MaskedBytes {
  base::Bytes octets;        ///< what stands for a hidden one is no matter
  std::vector<bool> hidden;  ///< as long as `octets`

  MaskedBytes() = default;
  explicit MaskedBytes(base::ByteView plain)
      : octets(plain.begin(), plain.end()), hidden(plain.size(), false) {}

  /// True when `other` is the same, hidden octets being any.
  [[nodiscard]] bool fits(base::ByteView other) const;

  void hide(std::size_t offset, std::size_t size);

  /// Hexadecimal, `**` for each hidden octet.
  [[nodiscard]] std::string text() const;
};

/// A buffer that was handed to the card and what came back.
struct RecordedExchange {
  MaskedBytes command;
  MaskedBytes answer;  ///< with its status word; empty when there was none
  std::string error;   ///< the code of the Error that came instead of an answer
  std::size_t command_line = 0;
  std::size_t answer_line = 0;  ///< 0 when the recording does not say what came back
};

struct Recording {
  std::string name;    ///< of its file, for messages
  std::string reader;  ///< empty when it is not told
  base::Bytes atr;     ///< likewise
  Protocol protocol = Protocol::t0;
  std::vector<RecordedExchange> exchanges;
  std::size_t lines = 0;

  /// The Error (kind card) `code` about line `line`: "line 7 of FILE: MESSAGE".
  [[nodiscard]] base::Error about(std::size_t line, std::string code,
                                  const std::string& message) const;
};

/// Reads a recording. Hidden octets of answers are filled with digits, so that the n-th hidden
/// value of a tag in an answer is always the same.
///
/// Throws Error `recording.format` (usage) when the text is none of format 1, `recording.damaged`
/// (card) for a line that cannot be read, with its number.
Recording read_recording(std::string_view text, const std::string& name);

using Seconds = std::chrono::duration<double>;

std::string header_line(const std::string& reader, base::ByteView atr, Protocol protocol);
std::string command_line(Seconds time, const MaskedBytes& command);
/// `error_code` is that of the Error that came instead, or empty.
std::string answer_line(Seconds time, const MaskedBytes& answer, std::string_view error_code);

}  // namespace lpa
