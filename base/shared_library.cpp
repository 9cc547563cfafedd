#include "base/shared_library.hpp"

#include <dlfcn.h>

namespace base {

std::optional<SharedLibrary> SharedLibrary::open(const std::string& file) {
  auto* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return std::nullopt;
  return SharedLibrary(file, handle);
}

void* SharedLibrary::address(const char* name) const {
  auto* found = ::dlsym(handle_, name);
  if (found == nullptr)
    throw Error(ErrorKind::failure, "code.library", file_ + " has no function " + name)
        .hint("it is another version than esimctl was made for: install that of your distribution");
  return found;
}

SharedLibrary needed_library(const OpenLibrary& open, const std::string& file,
                             const std::string& code, const std::string& purpose,
                             const std::string& package) {
  auto library = open(file);
  if (!library) {
    throw Error(ErrorKind::failure, code, "cannot " + purpose + ": " + file + " is not installed")
        .hint("install " + package + ": `sudo apt-get install " + package + "`");
  }
  return *library;
}

Error left_out(const std::string& code, const std::string& feature) {
  return Error(ErrorKind::failure, code, "this esimctl was built without " + feature)
      .hint("build it with the CMake options ESIMCTL_PNG, _JPEG, _ZBAR and _QRENCODE on");
}

}  // namespace base
