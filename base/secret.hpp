#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <string.h>  // explicit_bzero

namespace base {

/// Overwrites all that a text has room for, and empties it. A short text lies in the object itself,
/// and stays there when it is moved from.
inline void wipe(std::string& text) {
  text.resize(text.capacity());
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

/// A text that nobody else is to see: it cannot be copied or printed, and is wiped when it goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) { wipe(text); }
  ~Secret() { wipe(text_); }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept { *this = std::move(other); }
  Secret& operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe(text_);
    text_ = other.text_;
    wipe(other.text_);
    return *this;
  }

  [[nodiscard]] bool empty() const { return text_.empty(); }

  /// To be used at once, and kept nowhere.
  [[nodiscard]] std::string_view reveal() const { return text_; }

 private:
  std::string text_;
};

}  // namespace base
