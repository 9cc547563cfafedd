#include "app/reset.hpp"

#include "app/manageable.hpp"
#include "base/error.hpp"
#include "lpa/refusal.hpp"

namespace app {
namespace {

constexpr auto comeback_limit = std::chrono::seconds(10);

lpa::BitString bits(const ResetChoice& choice) {
  std::vector<std::size_t> set;
  if (choice.operational_profiles) set.push_back(lpa::reset_option::operational_profiles);
  if (choice.test_profiles) set.push_back(lpa::reset_option::test_profiles);
  if (choice.default_smdp) set.push_back(lpa::reset_option::default_smdp);
  return lpa::BitString(set);
}

}  // namespace

bool reset(Session& session, base::Clock& clock, const ResetChoice& choice) {
  require_manageable(session);
  auto result = session.euicc().reset_memory(bits(choice));
  if (result == lpa::MemoryResetResult::cat_busy) {
    session.isdr().restart(clock, comeback_limit);
    result = session.euicc().reset_memory(bits(choice));
  }
  if (result == lpa::MemoryResetResult::nothing_to_delete) return false;
  if (result != lpa::MemoryResetResult::ok) {
    throw lpa::refusal("card.not-reset", "reset the eUICC", "eUICCMemoryReset",
                       static_cast<std::uint32_t>(result));
  }
  session.isdr().restart(clock, comeback_limit);
  return true;
}

}  // namespace app
