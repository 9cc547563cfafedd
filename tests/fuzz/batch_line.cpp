#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "cli/grammar.hpp"
#include "cli/words.hpp"

/// A line of a batch is parted into words and understood, or refused with an Error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string line(data, data + size);
  try {
    const auto words = cli::split_words(line);
    if (!words.empty()) static_cast<void>(cli::parse(words));
  } catch (const base::Error&) {
    return 0;
  }
  return 0;
}
