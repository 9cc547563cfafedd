#include "sim/files.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/error.hpp"
#include "base/write_file.hpp"

namespace sim {

std::string read_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw base::Error(base::ErrorKind::usage, "sim.state", path + " is a directory");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw base::Error(base::ErrorKind::usage, "sim.state",
                      path + " could not be read: " + std::generic_category().message(errno));
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_file(const std::string& path, std::string_view text) {
  try {
    base::replace_file(path, text);
  } catch (const std::system_error& error) {
    throw base::Error(base::ErrorKind::failure, "sim.save",
                      path + " could not be written: " + error.code().message());
  }
}

}  // namespace sim
