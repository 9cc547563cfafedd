#include "lpa/recording.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "lpa/lookup.hpp"
#include "lpa/recording_writer.hpp"
#include "lpa/replay.hpp"

namespace {

/// A recording that can be read replays to its end, can be looked up and recorded again.
void check(const lpa::Recording& recording) {
  const auto looked_up = lpa::lookup(recording, [](const std::string&) {});
  const auto replayed = lpa::replay(recording);
  lpa::RecordingWriter writer(lpa::Secrets::masked);
  auto again = lpa::header_line(recording.reader, recording.atr, recording.protocol);
  for (const auto& exchange : recording.exchanges) {
    const auto& command = exchange.command.octets;
    looked_up->transmit(command);
    base::Bytes answer;
    std::string error;
    try {
      answer = replayed->transmit(command);
    } catch (const base::Error& thrown) {
      error = thrown.code();
    }
    again += writer.add(lpa::Seconds(0), command, lpa::Seconds(0), answer, error);
  }
  again += writer.finish();
  if (lpa::read_recording(again, "again").exchanges.size() != recording.exchanges.size())
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  lpa::Recording recording;
  try {
    recording = lpa::read_recording(text, "input");
  } catch (const base::Error&) {
    return 0;
  }
  check(recording);
  return 0;
}
