#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "lpa/card.hpp"

namespace app {

/// What `main` (or a test) hands to the use cases: everything outside the program.
struct World {
  using CardPointer = std::unique_ptr<lpa::Card>;

  std::function<std::vector<lpa::Reader>()> readers;
  std::function<CardPointer(const std::string& reader, std::chrono::milliseconds wait)> connect;

  /// Cards that are in no reader, by what stands before the colon of `--card sim:FILE`; the opener
  /// gets what stands after it.
  std::map<std::string, std::function<CardPointer(const std::string& argument)>> schemes;

  base::Clock& clock;
  std::vector<std::filesystem::path> lock_directories;  ///< the first that can be used is taken
};

/// Hears what happens on the way; the functions may be left as they are.
struct Observer {
  /// Something unusual that worked out all the same.
  std::function<void(const std::string& sentence)> note = [](const std::string&) {};

  /// A command that went to a card and its answer; empty when none came.
  std::function<void(base::ByteView command, base::ByteView answer, std::chrono::milliseconds took)>
      exchange = [](base::ByteView, base::ByteView, std::chrono::milliseconds) {};
};

}  // namespace app
