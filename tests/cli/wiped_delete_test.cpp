#include <algorithm>
#include <memory>
#include <string>

#include <doctest/doctest.h>
#include <malloc.h>

namespace {

const void* watched = nullptr;
bool wiped = false;

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker puts them in
// the place of free
extern "C" {
void __real_free(void* memory);
void __wrap_free(void* memory) {
  if (memory != nullptr && memory == watched) {
    const auto* const first = static_cast<const char*>(memory);
    wiped = std::all_of(first, first + ::malloc_usable_size(memory), [](char c) { return c == 0; });
  }
  __real_free(memory);
}
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

TEST_CASE("what the program is done with is overwritten before it is freed") {
  auto text = std::make_unique<std::string>(100, 'x');
  SUBCASE("the buffer of a text") { watched = text->data(); }
  SUBCASE("the text") { watched = text.get(); }
  wiped = false;
  text.reset();
  CHECK(wiped);
}

TEST_CASE("memory from malloc is as it was when it is freed") {
  auto* const memory = ::malloc(100);  // NOLINT(cppcoreguidelines-*): this is not about new
  std::fill_n(static_cast<char*>(memory), 100, 'x');
  watched = memory;
  wiped = true;
  ::free(memory);  // NOLINT(cppcoreguidelines-*)
  CHECK_FALSE(wiped);
}
