#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <string.h>  // explicit_bzero

namespace base {

/// A text that nobody else is to see: it cannot be copied or printed, and is wiped when it goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  ~Secret() { wipe(); }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept { *this = std::move(other); }
  Secret& operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe();
    text_ = other.text_;
    other.wipe();
    return *this;
  }

  [[nodiscard]] bool empty() const { return text_.empty(); }

  /// To be used at once, and kept nowhere.
  [[nodiscard]] std::string_view reveal() const { return text_; }

 private:
  void wipe() {
    ::explicit_bzero(text_.data(), text_.size());
    text_.clear();
  }

  std::string text_;
};

}  // namespace base
