#include "app/profile_plans.hpp"

namespace app {

std::vector<std::optional<usage::LineMatch>> lines_of_profiles(
    const Plans& plans, const std::string& eid, std::span<const lpa::ProfileInfo> profiles) {
  std::vector<usage::CardProfile> on_card;
  on_card.reserve(profiles.size());
  for (const auto& each : profiles) {
    on_card.push_back({.iccid = each.iccid ? each.iccid->digits() : std::string(),
                       .nickname = each.nickname.value_or("")});
  }
  std::vector<std::string> linked;  // what the lines borrow
  linked.reserve(plans.lines.size());
  std::vector<usage::CarrierLine> lines;
  lines.reserve(plans.lines.size());
  for (const auto& each : plans.lines) {
    linked.push_back(linked_iccid(plans, each));
    lines.push_back({.line = each.snapshot.line, .linked = linked.back()});
  }
  return usage::match_lines(eid, on_card, lines);
}

}  // namespace app
