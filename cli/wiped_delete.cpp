// What the program is done with is overwritten: on its way a secret is in more hands than those of
// base::Secret, such as the trees and buffers of a parser. Linked into the program alone.

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

#include <malloc.h>

// NOLINTBEGIN(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): this is new and delete

void* operator new(std::size_t size) {
  for (;;) {
    if (auto* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    const auto handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void operator delete(void* memory) noexcept {
  if (memory != nullptr) ::explicit_bzero(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept { ::operator delete(memory); }

// NOLINTEND(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
