#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/world.hpp"
#include "lpa/es10c.hpp"

namespace app {

/// What a line is linked to now.
struct LineLinked {
  bool changed = false;
  std::string account;
  std::string line;                        ///< as people call it
  std::optional<std::string> iccid{};      ///< of its profile
  std::optional<std::string> interface{};  ///< of this machine, that it is on
};

/// Says which profile is behind a line, which goes before all that carriers tell; no other line is
/// behind that profile any more. The line is named as lines_called has it, or by its account when
/// that has no other. `profile` is a whole ICCID, or what find_profile takes among `profiles`,
/// which is called for that alone.
///
/// Throws as find_profile, lines_called and store::Accounts, and Error `account.no-line`
/// (not_found).
LineLinked link_line(const World& world, const Observer& observer, const std::string& line,
                     const std::string& profile,
                     const std::function<std::vector<lpa::ProfileInfo>()>& profiles);

/// Says which network interface of this machine the line is on, whose bytes are counted from now on
/// and compared with the carrier's. Throws likewise, and as start_counting.
LineLinked link_interface(const World& world, const Observer& observer, const std::string& line,
                          const std::string& interface);

/// Takes both back; what was counted stays. Throws likewise.
LineLinked unlink_line(const World& world, const Observer& observer, const std::string& line);

}  // namespace app
