#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "lpa/card.hpp"
#include "tests/support/hex.hpp"

namespace test {

/// What a scripted card expects, and what it does then.
struct Line {
  std::string command;  ///< hexadecimal; "reset" for a reset
  std::string answer;  ///< hexadecimal with status word; "!card.mute" throws the Error of that code
};

/// A card that answers exactly the commands it expects, in their order. Any other throws
/// `test.off-script` and fails the test at the end, as does a line that was never asked for; a test
/// that provokes either says so with `expect_off_script`.
class ScriptedCard final : public lpa::Card {
 public:
  explicit ScriptedCard(std::vector<Line> lines, lpa::Protocol protocol = lpa::Protocol::t1,
                        base::Bytes atr = {})
      : lines_(std::move(lines)), protocol_(protocol), atr_(std::move(atr)) {}

  ScriptedCard(std::initializer_list<Line> lines, lpa::Protocol protocol = lpa::Protocol::t1,
               base::Bytes atr = {})
      : ScriptedCard(std::vector<Line>(lines), protocol, std::move(atr)) {}

  ScriptedCard(const ScriptedCard&) = delete;
  ScriptedCard& operator=(const ScriptedCard&) = delete;
  ~ScriptedCard() override {
    CHECK_MESSAGE(complaint_.empty() != expected_, complaint_);
    if (!expected_) CHECK_MESSAGE(next_ == lines_.size(), "never asked for: " << rest());
  }

  base::Bytes transmit(base::ByteView command) override { return answer_to(hex(command)); }
  void reset() override { answer_to("reset"); }
  [[nodiscard]] base::Bytes atr() const override { return atr_; }
  [[nodiscard]] lpa::Protocol protocol() const override { return protocol_; }

  /// Adds lines to the script.
  void then(std::initializer_list<Line> lines) { lines_.insert(lines_.end(), lines); }

  /// The test wants to see that the script would notice.
  void expect_off_script() { expected_ = true; }

  [[nodiscard]] std::size_t answered() const { return next_; }

 private:
  base::Bytes answer_to(const std::string& command) {
    if (!complaint_.empty() || next_ == lines_.size() ||
        hex_text(lines_[next_].command) != command) {
      if (complaint_.empty()) {
        complaint_ = "the card was sent " + command + ", expected was " +
                     (next_ == lines_.size() ? "nothing more" : hex_text(lines_[next_].command));
      }
      throw base::Error(base::ErrorKind::internal, "test.off-script", complaint_);
    }
    const auto& answer = lines_[next_++].answer;
    if (answer.starts_with('!')) {
      throw base::Error(base::ErrorKind::card, answer.substr(1), "as the script says");
    }
    return hex(answer);
  }

  /// Lines may be written with blanks.
  static std::string hex_text(const std::string& text) {
    return text == "reset" ? text : hex(hex(text));
  }

  [[nodiscard]] std::string rest() const {
    std::string text;
    for (auto i = next_; i < lines_.size(); ++i) text += lines_[i].command + "; ";
    return text;
  }

  std::vector<Line> lines_;
  lpa::Protocol protocol_;
  base::Bytes atr_;
  std::size_t next_ = 0;
  std::string complaint_;
  bool expected_ = false;
};

}  // namespace test
