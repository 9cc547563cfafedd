#include "base/read_file.hpp"

#include <fstream>

namespace base {

std::optional<std::string> read_file(const std::filesystem::path& path, std::size_t most) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  return read_stream(stream, most);
}

std::optional<std::string> read_stream(std::istream& stream, std::size_t most) {
  constexpr std::size_t part = 64UL * 1024;
  std::string text;
  while (stream) {
    const auto had = text.size();
    text.resize(had + part);
    stream.read(text.data() + had, static_cast<std::streamsize>(part));
    text.resize(had + static_cast<std::size_t>(stream.gcount()));
    if (text.size() > most) return std::nullopt;
  }
  if (stream.bad()) return std::nullopt;
  return text;
}

std::optional<std::string> read_named(const std::string& name, std::istream& input,
                                      std::size_t most) {
  return name == "-" ? read_stream(input, most) : read_file(name, most);
}

}  // namespace base
