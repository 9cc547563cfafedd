#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/http.hpp"
#include "base/service_manager.hpp"
#include "base/shared_library.hpp"
#include "lpa/card.hpp"

namespace app {

using CardPointer = std::unique_ptr<lpa::Card>;

/// A command that went to a card, and what came of it.
struct Exchange {
  base::ByteView command;
  base::ByteView answer;   ///< empty when none came
  std::string_view error;  ///< then the code of the Error that came instead
  std::chrono::milliseconds took{};
};

/// Hears what happens on the way; the functions may be left as they are.
struct Observer {
  /// Something unusual that worked out all the same.
  std::function<void(const std::string& sentence)> note = [](const std::string&) {};

  /// Something that the user has to know, whatever was asked for.
  std::function<void(const std::string& sentence)> news = [](const std::string&) {};

  /// A card was opened. What it throws refuses the card.
  std::function<void(const std::string& name, const lpa::Card& card)> opened =
      [](const std::string&, const lpa::Card&) {};

  std::function<void(const Exchange& exchange)> exchange = [](const Exchange&) {};
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

  /// A client for servers; nothing is connected before its first request.
  std::function<std::unique_ptr<base::HttpClient>(base::HttpSettings)> http{};

  /// From the first call on, what the user interrupts is asked to end instead of ended.
  std::function<std::stop_token()> interrupts = [] { return std::stop_token(); };

  /// The same of what ends a service (SIGTERM) as well.
  std::function<std::stop_token()> endings = [] { return std::stop_token(); };

  std::vector<std::filesystem::path> carrier_directories{};  ///< where files of carriers may be
  std::filesystem::path credentials_directory{};  ///< of systemd.exec(5); empty: there is none

  base::OpenLibrary open_library = base::SharedLibrary::open;  ///< what few runs need
  base::ServiceManager service_manager{};  ///< that has started the program, if one has
  std::filesystem::path own_carriers{};    ///< where files of carriers of the user's own are

  /// Of this machine: a name of the IANA database.
  std::function<std::string()> zone = [] { return std::string("UTC"); };
  std::filesystem::path interfaces{};  ///< /sys/class/net; empty: this machine counts nothing
  std::filesystem::path boot_id{};     ///< a file that has other text after each start
};

}  // namespace app
