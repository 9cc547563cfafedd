#include "app/profiles.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace app {
namespace {

constexpr std::size_t shortest_ending = 4;

/// As text that may name a profile is compared: clean, lower case, without blanks around it.
std::string comparable(std::string_view text) {
  auto result = base::lower(base::clean(text));
  const auto first = result.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return result.substr(first, result.find_last_not_of(' ') - first + 1);
}

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

/// Without the filling of an ICCID that has fewer than 20 digits (ETSI TS 102 221 13.2).
std::string without_filling(std::string digits) {
  while (digits.ends_with('f')) digits.pop_back();
  return digits;
}

std::string iccid(const lpa::ProfileInfo& profile) {
  return profile.iccid ? base::lower(profile.iccid->digits()) : std::string();
}

std::string aid(const lpa::ProfileInfo& profile) {
  return profile.isdp_aid ? base::lower(profile.isdp_aid->hex()) : std::string();
}

bool named_so(const std::optional<std::string>& name, const std::string& wanted) {
  return name && comparable(*name) == wanted;
}

/// The name of a profile that `text` was likely meant to be, as it is written on the card; or
/// nothing.
std::string nearest_name(const std::vector<lpa::ProfileInfo>& profiles, const std::string& text) {
  std::vector<std::string> compared;
  std::vector<std::string> written;
  for (const auto& profile : profiles) {
    for (const auto* name : {&profile.nickname, &profile.name, &profile.provider}) {
      if (!*name) continue;
      written.push_back(base::clean(**name));
      compared.push_back(comparable(**name));
    }
  }
  const auto near = base::nearest(text, compared);
  const auto found = std::ranges::find(compared, near);
  return found == compared.end() || near.empty()
             ? std::string()
             : written[static_cast<std::size_t>(found - compared.begin())];
}

}  // namespace

std::string spoken_name(const lpa::ProfileInfo& profile) {
  std::string name;
  for (const auto* text : {&profile.nickname, &profile.name, &profile.provider}) {
    if (name.empty() && *text) name = base::clean(**text);
  }
  const auto number = profile.iccid      ? profile.iccid->digits()
                      : profile.isdp_aid ? profile.isdp_aid->hex()
                                         : std::string("no ICCID");
  return name.empty() ? number : fmt::format("“{}” ({})", name, number);
}

const lpa::ProfileInfo& find_profile(const std::vector<lpa::ProfileInfo>& profiles,
                                     std::string_view wanted) {
  const auto text = comparable(wanted);
  const auto hex = without_blanks(text);
  const auto digits = without_filling(hex);
  std::vector<const lpa::ProfileInfo*> found;
  if (!hex.empty()) {
    for (const auto& profile : profiles) {
      if ((!digits.empty() && iccid(profile) == digits) || aid(profile) == hex) return profile;
    }
    for (const auto& profile : profiles) {
      const bool ending = digits.size() >= shortest_ending && iccid(profile).ends_with(digits);
      const bool named = named_so(profile.nickname, text) || named_so(profile.name, text) ||
                         named_so(profile.provider, text);
      if (ending || named) found.push_back(&profile);
    }
  }
  if (found.size() == 1) return *found.front();

  const auto shown = base::clean(wanted, 80);
  if (found.empty()) {
    base::Error error(base::ErrorKind::not_found, "profile.not-found",
                      fmt::format("no profile on this card is called “{}”", shown));
    if (const auto near = nearest_name(profiles, text); !near.empty()) {
      error.hint(fmt::format("did you mean “{}”?", near));
    }
    for (const auto& profile : profiles) error.hint(spoken_name(profile));
    if (profiles.empty()) error.hint("there is no profile on this card");
    throw error;
  }
  base::Error error(base::ErrorKind::not_found, "profile.ambiguous",
                    fmt::format("“{}” fits {} profiles", shown, found.size()));
  for (const auto* profile : found) error.hint(spoken_name(*profile));
  throw error;
}

lpa::ProfileInfo profile_details(lpa::Euicc& euicc, std::string_view wanted) {
  const auto list = euicc.profiles(lpa::ProfileFields::list);
  const auto& profile = find_profile(list, wanted);
  if (profile.iccid) {
    try {
      const auto found =
          euicc.profiles(lpa::ProfileFields::details, lpa::ProfileSearch(*profile.iccid));
      if (found.size() == 1 && found.front().iccid == profile.iccid) return found.front();
    } catch (const base::Error& error) {
      // Not every card can search; then all the icons have to come.
      if (error.code() != "card.refused-list" && error.code() != "card.status") throw;
    }
  }
  const auto all = euicc.profiles(lpa::ProfileFields::details);
  return find_profile(all, profile.iccid ? profile.iccid->digits() : std::string(wanted));
}

}  // namespace app
