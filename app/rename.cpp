#include "app/rename.hpp"

#include <fmt/format.h>

#include "app/manageable.hpp"
#include "app/profiles.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "lpa/refusal.hpp"

namespace app {

void check_nickname(std::string_view nickname) {
  const auto fail = [](const std::string& why) {
    throw base::Error(base::ErrorKind::usage, "profile.nickname", why)
        .hint(fmt::format("a nickname has at most {} octets of UTF-8", longest_nickname));
  };
  if (nickname.size() > longest_nickname) {
    fail(
        fmt::format("the nickname has {} octets, more than {}", nickname.size(), longest_nickname));
  }
  if (!base::valid_utf8(nickname)) fail("the nickname is not UTF-8");
  if (base::clean(nickname) != nickname) fail("the nickname has characters that cannot be shown");
}

RenameReport rename(Session& session, std::string_view wanted, const std::string& nickname) {
  check_nickname(nickname);
  const auto list = session.euicc().profiles(lpa::ProfileFields::list);
  RenameReport report{false, find_profile(list, wanted)};
  if (report.profile.nickname.value_or("") == nickname) return report;
  if (!report.profile.iccid) throw lpa::nameless("rename");
  require_manageable(session);
  const auto result = session.euicc().set_nickname(*report.profile.iccid, nickname);
  if (result != lpa::SetNicknameResult::ok) {
    throw lpa::refusal("card.refused-rename", "rename " + spoken_name(report.profile),
                       "SetNickname", static_cast<std::uint32_t>(result));
  }
  report.changed = true;
  report.profile.nickname = nickname;
  if (nickname.empty()) report.profile.nickname.reset();
  return report;
}

}  // namespace app
