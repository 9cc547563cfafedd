#include "base/secret.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <doctest/doctest.h>

namespace {

// Short, so that the object itself holds it.
constexpr std::string_view short_code = "4711";

/// A secret at a place that can be looked at when it has gone.
class Place {
 public:
  base::Secret& put(std::string_view text) {
    return *std::construct_at(reinterpret_cast<base::Secret*>(octets_.data()), std::string(text));
  }
  void end() { std::destroy_at(reinterpret_cast<base::Secret*>(octets_.data())); }

  [[nodiscard]] bool shows(std::string_view text) const {
    const auto* const wanted = reinterpret_cast<const std::byte*>(text.data());
    return std::search(octets_.begin(), octets_.end(), wanted, wanted + text.size()) !=
           octets_.end();
  }

 private:
  alignas(base::Secret) std::array<std::byte, sizeof(base::Secret)> octets_{};
};

}  // namespace

TEST_CASE("a secret cannot be copied, and becomes no text by itself") {
  static_assert(!std::is_copy_constructible_v<base::Secret>);
  static_assert(!std::is_copy_assignable_v<base::Secret>);
  static_assert(!std::is_convertible_v<base::Secret, std::string>);
  static_assert(!std::is_convertible_v<base::Secret, std::string_view>);
  static_assert(!std::is_convertible_v<std::string, base::Secret>);
  CHECK(base::Secret().empty());
  CHECK(base::Secret("4711").reveal() == "4711");
}

TEST_CASE("a secret is wiped when it goes") {
  Place place;
  place.put(short_code);
  CHECK(place.shows(short_code));
  place.end();
  CHECK_FALSE(place.shows(short_code));
}

TEST_CASE("a secret that is moved is at its new place alone") {
  Place place;
  auto& first = place.put(short_code);
  const auto second = std::move(first);
  CHECK(second.reveal() == short_code);
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): that is the point
  CHECK_FALSE(place.shows(short_code));

  base::Secret third("a secret that is too long to be held in the object itself");
  first = std::move(third);
  CHECK(first.reveal().starts_with("a secret that is too long"));
  CHECK(third.empty());  // NOLINT(bugprone-use-after-move): likewise
  place.end();
}

TEST_CASE("a secret that takes the place of another wipes it") {
  Place place;
  auto& first = place.put("123456789");
  first = base::Secret("X");
  CHECK(first.reveal() == "X");
  CHECK_FALSE(place.shows("3456"));
  place.end();
}

TEST_CASE("a secret that is moved to itself is still there") {
  base::Secret secret("4711");
  auto& same = secret;
  secret = std::move(same);
  CHECK(secret.reveal() == "4711");
}
