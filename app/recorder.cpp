#include "app/recorder.hpp"

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace app {
namespace {

constexpr std::string_view beginning = R"({"format":"esimctl-apdu/)";

std::string reason() { return std::generic_category().message(errno); }

base::Error unusable(const std::string& name, const std::string& why) {
  return base::Error(base::ErrorKind::usage, "record.file",
                     fmt::format("cannot record to {}: {}", base::clean(name), why))
      .hint("name a new file, in a directory that you may write to");
}

/// Nothing that is not a recording is written over.
bool replaceable(int file) {
  std::string start(beginning.size(), '\0');
  const auto size = ::pread(file, start.data(), start.size(), 0);
  return size == 0 || (size == static_cast<ssize_t>(start.size()) && start == beginning);
}

base::Fd create(const std::string& name) {
  base::Fd file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.open()) throw unusable(name, reason());
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) throw unusable(name, reason());
  if (!S_ISREG(status.st_mode)) return file;
  if (!replaceable(file.number())) throw unusable(name, "it is there, and is no recording");
  if (::fchmod(file.number(), 0600) != 0 || ::ftruncate(file.number(), 0) != 0)
    throw unusable(name, reason());
  return file;
}

}  // namespace

Recorder::Recorder(std::string file, base::Clock& clock, lpa::Secrets secrets)
    : name_(std::move(file)),
      clock_(clock),
      start_(clock.now()),
      file_(create(name_)),
      writer_(secrets) {}

Recorder::~Recorder() { write(writer_.finish()); }

void Recorder::begin(const std::string& name, const lpa::Card& card) {
  if (card_ && *card_ != name) {
    throw base::Error(
        base::ErrorKind::usage, "record.several",
        fmt::format("a recording is of one card, and this one is of {}", base::clean(*card_)))
        .hint("name the card with --card");
  }
  if (!card_) write(lpa::header_line(name, card.atr(), card.protocol()));
  card_ = name;
}

void Recorder::add(const Exchange& exchange) {
  const lpa::Seconds received = clock_.now() - start_;
  write(writer_.add(received - exchange.took, exchange.command, received, exchange.answer,
                    exchange.error));
}

void Recorder::write(std::string_view text) {
  while (!text.empty() && failure_.empty()) {
    const auto count = ::write(file_.number(), text.data(), text.size());
    if (count >= 0)
      text.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      failure_ = reason();
  }
}

void Recorder::finish() {
  write(writer_.finish());
  if (failure_.empty()) return;
  throw base::Error(
      base::ErrorKind::failure, "record.failed",
      fmt::format("the recording {} is not complete: {}", base::clean(name_), failure_))
      .hint("the command itself was carried out");
}

}  // namespace app
