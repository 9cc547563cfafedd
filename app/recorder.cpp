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
      .hint("name a file that is not there yet");
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

class Recorder::Watched final : public lpa::Card {
 public:
  Watched(std::unique_ptr<lpa::Card> card, Recorder& recorder)
      : card_(std::move(card)), recorder_(recorder) {}
  ~Watched() override { recorder_.write(recorder_.writer_.finish()); }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  base::Bytes transmit(base::ByteView command) override {
    const auto sent = recorder_.time();
    const auto note = [&](base::ByteView answer, std::string_view error) {
      recorder_.write(recorder_.writer_.add(sent, command, recorder_.time(), answer, error));
    };
    try {
      auto answer = card_->transmit(command);
      note(answer, {});
      return answer;
    } catch (const base::Error& error) {
      note({}, error.code());
      throw;
    }
  }
  void reset() override { card_->reset(); }
  [[nodiscard]] base::Bytes atr() const override { return card_->atr(); }
  [[nodiscard]] lpa::Protocol protocol() const override { return card_->protocol(); }

 private:
  std::unique_ptr<lpa::Card> card_;
  Recorder& recorder_;
};

Recorder::Recorder(std::string file, base::Clock& clock, lpa::Secrets secrets)
    : name_(std::move(file)),
      clock_(clock),
      start_(clock.now()),
      file_(create(name_)),
      writer_(secrets) {}

std::unique_ptr<lpa::Card> Recorder::watch(const std::string& name,
                                           std::unique_ptr<lpa::Card> card) {
  if (card_ && *card_ != name) {
    throw base::Error(
        base::ErrorKind::usage, "record.several",
        fmt::format("a recording is of one card, and this one is of {}", base::clean(*card_)))
        .hint("name the card with --card");
  }
  if (!card_) write(lpa::header_line(name, card->atr(), card->protocol()));
  card_ = name;
  return std::make_unique<Watched>(std::move(card), *this);
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

lpa::Seconds Recorder::time() const { return clock_.now() - start_; }

void Recorder::finish() {
  if (failure_.empty()) return;
  throw base::Error(
      base::ErrorKind::failure, "record.failed",
      fmt::format("the recording {} is not complete: {}", base::clean(name_), failure_))
      .hint("the command itself was carried out");
}

}  // namespace app
