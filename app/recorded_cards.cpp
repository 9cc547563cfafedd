#include "app/recorded_cards.hpp"

#include <cstddef>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "lpa/lookup.hpp"
#include "lpa/recording.hpp"
#include "lpa/replay.hpp"

namespace app {
namespace {

constexpr std::size_t largest = 64UL * 1024 * 1024;

lpa::Recording read(const std::string& file) {
  const auto text = base::read_file(file, largest);
  if (!text) {
    throw base::Error(base::ErrorKind::usage, "recording.file",
                      fmt::format("cannot read the recording “{}”", base::clean(file)))
        .hint(fmt::format("name a file of at most {} MiB that `--record FILE` made",
                          largest / 1024 / 1024));
  }
  return lpa::read_recording(*text, file);
}

}  // namespace

std::unique_ptr<lpa::Card> replayed_card(const std::string& file, const Observer& /*observer*/) {
  return lpa::replay(read(file));
}

std::unique_ptr<lpa::Card> looked_up_card(const std::string& file, const Observer& observer) {
  return lpa::lookup(read(file), observer.note);
}

}  // namespace app
