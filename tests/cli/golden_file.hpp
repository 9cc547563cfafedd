#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

/// What is printed, compared with a file of tests/cli/golden. `ESIMCTL_ACCEPT=1` writes the files
/// anew.
namespace cli_test {

inline std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(ESIMCTL_TEST_TOP) / "tests/cli/golden" / name;
}

inline std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline void compare(const std::string& name, const std::string& text) {
  const auto file = golden(name);
  if (std::getenv("ESIMCTL_ACCEPT") != nullptr) {  // NOLINT(concurrency-mt-unsafe): one thread
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  CHECK(read(file) == text);
}

}  // namespace cli_test
