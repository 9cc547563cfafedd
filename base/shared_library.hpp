#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace base {

/// A shared library that few runs need: opened when it is needed first, and kept until the process
/// ends.
class SharedLibrary {
 public:
  /// Empty when there is no such file (`libzbar.so.0`) in the places where libraries are.
  static std::optional<SharedLibrary> open(const std::string& file);

  /// The function of that name. Throws Error `code.library` (failure) when it is not there.
  template <class Function>
  [[nodiscard]] Function* find(const char* name) const {
    return reinterpret_cast<Function*>(address(name));  // as dlsym(3) has it
  }

 private:
  SharedLibrary(std::string file, void* handle) : file_(std::move(file)), handle_(handle) {}
  [[nodiscard]] void* address(const char* name) const;
  std::string file_;
  void* handle_;
};

/// How a shared library is opened: SharedLibrary::open, or what a test has instead.
using OpenLibrary = std::function<std::optional<SharedLibrary>(const std::string& file)>;

/// The library, or Error `code` (failure) with what it is needed for and the package to install.
SharedLibrary needed_library(const OpenLibrary& open, const std::string& file,
                             const std::string& code, const std::string& purpose,
                             const std::string& package);

/// Error `code` (failure) of a program that was built without the part that does `feature`.
Error left_out(const std::string& code, const std::string& feature);

}  // namespace base
