#include "sim/profile_change.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/notifications.hpp"

namespace sim {
namespace {

// SGP.22 annex H: EnableProfileResponse and its neighbours share these.
constexpr std::uint8_t ok = 0;
constexpr std::uint8_t not_found = 1;
constexpr std::uint8_t wrong_state = 2;
constexpr std::uint8_t disallowed_by_policy = 3;
constexpr std::uint8_t undefined_error = 127;
constexpr std::uint8_t nothing_to_delete = 1;

constexpr std::size_t longest_nickname = 64;  // SGP.22 annex H: UTF8String (SIZE(0..64))

std::optional<std::size_t> enabled(const State& state) {
  const auto found = std::ranges::find_if(
      state.profiles, [](const Profile& p) { return p.state == ProfileState::enabled; });
  if (found == state.profiles.end()) return std::nullopt;
  return static_cast<std::size_t>(found - state.profiles.begin());
}

State switched(State state, std::size_t index, ProfileState to) {
  state.profiles[index].state = to;
  const auto profile = state.profiles[index];
  return notified(std::move(state), profile,
                  to == ProfileState::enabled ? Event::enable : Event::disable);
}

State without(State state, std::size_t index) {
  const auto profile = state.profiles[index];
  state.profiles.erase(state.profiles.begin() + static_cast<std::ptrdiff_t>(index));
  state.info.free_memory += profile.size;
  return notified(std::move(state), profile, Event::remove);
}

}  // namespace

Change enable(State state, const ProfileId& id, bool refresh) {
  if (const auto forced = state.options.enable_result) return {*forced, std::move(state)};
  if (id.iccid && state.options.enable_by_iccid_refused) return {undefined_error, std::move(state)};
  if (refresh && state.options.refresh_refused) return {undefined_error, std::move(state)};
  const auto target = find(state, id);
  if (!target) return {not_found, std::move(state)};
  if (state.profiles[*target].state == ProfileState::enabled)
    return {wrong_state, std::move(state)};
  if (const auto before = enabled(state)) {
    if (state.profiles[*before].rules.ppr1) return {disallowed_by_policy, std::move(state)};
    state = switched(std::move(state), *before, ProfileState::disabled);
  }
  return {ok, switched(std::move(state), *target, ProfileState::enabled), refresh};
}

Change disable(State state, const ProfileId& id, bool refresh) {
  if (const auto forced = state.options.disable_result) return {*forced, std::move(state)};
  if (refresh && state.options.refresh_refused) return {undefined_error, std::move(state)};
  const auto target = find(state, id);
  if (!target) return {not_found, std::move(state)};
  const auto& profile = state.profiles[*target];
  if (profile.state != ProfileState::enabled) return {wrong_state, std::move(state)};
  if (profile.rules.ppr1) return {disallowed_by_policy, std::move(state)};
  return {ok, switched(std::move(state), *target, ProfileState::disabled), refresh};
}

Change remove(State state, const ProfileId& id) {
  if (const auto forced = state.options.delete_result) return {*forced, std::move(state)};
  const auto target = find(state, id);
  if (!target) return {not_found, std::move(state)};
  const auto& profile = state.profiles[*target];
  if (profile.state != ProfileState::disabled) return {wrong_state, std::move(state)};
  if (profile.rules.ppr2) return {disallowed_by_policy, std::move(state)};
  return {ok, without(std::move(state), *target)};
}

Change rename(State state, const base::Bytes& iccid, base::ByteView nickname) {
  const auto target = find(state, {std::nullopt, iccid});
  if (!target) return {not_found, std::move(state)};
  auto text = utf8(nickname);
  if (!text || text->size() > longest_nickname) return {undefined_error, std::move(state)};
  if (state.options.memory_full && !text->empty()) return {undefined_error, std::move(state)};
  auto& profile = state.profiles[*target];
  profile.nickname = text->empty() ? std::nullopt : std::move(text);  // empty takes it away
  return {ok, std::move(state)};
}

Change memory_reset(State state, const ResetOptions& options) {
  if (const auto forced = state.options.reset_result) return {*forced, std::move(state)};
  const auto doomed = [&](const Profile& p) {
    return (options.operational_profiles && p.profile_class == ProfileClass::operational) ||
           (options.test_profiles && p.profile_class == ProfileClass::test && !p.preloaded);
  };
  Change change{ok, std::move(state)};
  bool done = options.default_smdp;
  if (options.default_smdp) change.state.default_smdp = change.state.factory_smdp;
  for (std::size_t i = 0; i < change.state.profiles.size();) {
    const auto& profile = change.state.profiles[i];
    if (!doomed(profile)) {
      ++i;
      continue;
    }
    change.refresh = change.refresh || profile.state == ProfileState::enabled;
    change.state = without(std::move(change.state), i);
    done = true;
  }
  if (!done) change.result = nothing_to_delete;
  return change;
}

Change remove_notification(State state, std::uint64_t sequence) {
  const auto removed = std::erase_if(state.notifications,
                                     [&](const Notification& n) { return n.sequence == sequence; });
  return {removed == 0 ? nothing_to_delete : ok, std::move(state)};
}

}  // namespace sim
