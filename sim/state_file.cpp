#include <filesystem>

#include "sim/files.hpp"
#include "sim/state.hpp"

namespace sim {

State load(const std::string& path) { return from_json(read_file(path), path); }

void save(const State& state, const std::string& path) { write_file(path, to_json(state)); }

State load_or_create(const std::string& path) {
  if (std::filesystem::exists(path)) return load(path);
  auto state = fresh();
  save(state, path);
  return state;
}

}  // namespace sim
