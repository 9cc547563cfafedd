#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/error.hpp"
#include "base/replace_file.hpp"
#include "sim/state.hpp"

namespace sim {
namespace {

std::string reason() { return std::generic_category().message(errno); }

}  // namespace

State load(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw base::Error(base::ErrorKind::usage, "sim.state", path + " is a directory");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw base::Error(base::ErrorKind::usage, "sim.state",
                      path + " could not be read: " + reason());
  }
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return from_json(text, path);
}

void save(const State& state, const std::string& path) {
  try {
    base::replace_file(path, to_json(state));
  } catch (const std::system_error& error) {
    throw base::Error(base::ErrorKind::failure, "sim.save",
                      path + " could not be written: " + error.code().message());
  }
}

State load_or_create(const std::string& path) {
  if (std::filesystem::exists(path)) return load(path);
  auto state = fresh();
  save(state, path);
  return state;
}

}  // namespace sim
