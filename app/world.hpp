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

using CardPointer = std::unique_ptr<lpa::Card>;

/// Hears what happens on the way; the functions may be left as they are.
struct Observer {
  /// Something unusual that worked out all the same.
  std::function<void(const std::string& sentence)> note = [](const std::string&) {};

  /// A command that went to a card and its answer; empty when none came.
  std::function<void(base::ByteView command, base::ByteView answer, std::chrono::milliseconds took)>
      exchange = [](base::ByteView, base::ByteView, std::chrono::milliseconds) {};

  /// A card was opened; gives the one to use instead, perhaps with a witness around it.
  std::function<CardPointer(const std::string& name, CardPointer card)> opened =
      [](const std::string&, CardPointer card) { return card; };
};

/// What `main` (or a test) hands to the use cases: everything outside the program.
struct World {
  std::function<std::vector<lpa::Reader>()> readers;
  std::function<CardPointer(const std::string& reader, std::chrono::milliseconds wait)> connect;

  /// Cards that are in no reader, by what stands before the colon of `--card sim:FILE`; the opener
  /// gets what stands after it.
  std::map<std::string, std::function<CardPointer(const std::string& argument, const Observer&)>>
      schemes;

  base::Clock& clock;
  std::vector<std::filesystem::path> lock_directories;  ///< the first that can be used is taken
  std::filesystem::path state_directory{};  ///< for what is kept between runs; empty: nothing is
};

}  // namespace app
