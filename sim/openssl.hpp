#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/evp.h>

/// What the files that call libcrypto share.
namespace sim {

/// Frees an object of libcrypto by the function that is its own.
template <auto Release>
struct Free {
  template <class T>
  void operator()(T* object) const {
    Release(object);
  }
};

template <class T, auto Release>
using Owned = std::unique_ptr<T, Free<Release>>;

/// For calls that fail only when there is no memory or no such algorithm.
inline void must(bool success, const char* what) {
  if (!success) throw std::runtime_error(std::string("libcrypto: no ") + what);
}

}  // namespace sim
