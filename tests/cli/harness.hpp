#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/service_manager.hpp"
#include "base/shared_library.hpp"
#include "base/utc.hpp"
#include "lpa/card.hpp"

/// Runs the command line in this process, with readers and a terminal that the test makes.
namespace cli_test {

using Words = std::vector<std::string>;

struct Result {
  int code = 0;
  std::string out;
  std::string err;
};

/// The world of one test: `sim` and `sim:FILE` as in the program, and these readers.
struct Setting {
  using Opener = std::function<std::unique_ptr<lpa::Card>()>;
  std::map<std::string, Opener> readers;                     ///< an empty opener: no card in it
  std::function<std::vector<lpa::Reader>()> list_readers{};  ///< instead of `readers`, to fail
  std::string lock_directory{};                              ///< of the run alone when empty
  std::string state_directory{};                             ///< nothing is kept when empty
  std::optional<base::UtcTime> now{};                        ///< the machine's when empty
  std::string carriers{};                                    ///< directory of their files
  std::string own_carriers{};                                ///< of those of the user's own
  std::string credentials_directory{};                       ///< none when empty
  std::string interfaces{};                                  ///< none are counted when empty
  std::string boot_id{};                                     ///< a file
  std::string zone = "UTC";
  std::string input{};  ///< what the user types
  bool tty = false;
  bool colour = false;
  std::size_t width = 80;
  std::stop_token stop{};        ///< what Ctrl-C asks for
  base::Clock* clock = nullptr;  ///< in place of one that is set to `now`
  base::ServiceManager service_manager{};
  base::OpenLibrary open_library = base::SharedLibrary::open;
};

Result run(const Words& words, const Setting& setting = {});

/// The same with every word parted by blanks.
Result run(const std::string& line, const Setting& setting = {});

}  // namespace cli_test
