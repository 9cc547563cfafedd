#include "app/recover.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

#include <fmt/format.h>

#include "app/session.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utc.hpp"
#include "lpa/outbox.hpp"
#include "store/journal.hpp"

namespace app {
namespace {

using Result = tlv::Signed<lpa::InstallationResult>;

/// One run of recover.
class Recovery {
 public:
  Recovery(const World& world, const Observer& observer, Session& session)
      : world_(world),
        observer_(observer),
        session_(session),
        journal_(store::Journal::open_existing(world.state_directory)) {}

  std::vector<Recovered> run() {
    std::vector<Recovered> recovered;
    for (auto& open : journal_.open_sessions()) {
      if (open.begun.eid != session_.eid()) continue;
      recovered.push_back(look_after(std::move(open)));
    }
    return recovered;
  }

 private:
  Recovered look_after(lpa::OpenSession open) {
    const auto transaction_id = open.last ? open.last->transaction_id : base::Bytes();
    if (const auto result = transaction_id.empty() ? std::nullopt : result_of(transaction_id)) {
      return finish(std::move(open), *result);
    }
    if (!transaction_id.empty()) end_session(transaction_id);
    journal_.finish(open.id, lpa::DownloadOutcome::cancelled, world_.clock.utc());
    observer_.news(fmt::format(
        "a download from {}, begun {}, broke off: nothing was installed, and "
        "its code can be used again. Should the operator's support ask: EID "
        "{}, transaction {}, last step {}",
        base::clean(open.begun.smdp_address, 100), base::to_rfc3339(open.begun.started_at),
        session_.eid().digits(), transaction_id.empty() ? "none" : base::to_hex(transaction_id),
        open.last ? lpa::stage_name(open.last->stage) : "none"));
    return {.download = std::move(open)};
  }

  std::optional<Result> result_of(const base::Bytes& transaction_id) {
    if (!pending_) pending_ = session_.euicc().retrieve_notifications();
    const auto* const result = lpa::find_result(*pending_, transaction_id);
    return result == nullptr ? std::nullopt : std::optional(*result);
  }

  Recovered finish(lpa::OpenSession open, const Result& result) {
    const auto& data = result.value.data;
    static_cast<void>(
        lpa::keep(journal_, session_.eid(), result, world_.clock.utc(), open.begun.smdp_address));
    const bool installed = std::holds_alternative<lpa::InstallationSuccess>(data.outcome);
    const auto outcome = installed ? lpa::DownloadOutcome::installed : lpa::DownloadOutcome::failed;
    journal_.finish(open.id, outcome, world_.clock.utc());
    const auto iccid = data.metadata.iccid ? data.metadata.iccid->digits() : std::string("unknown");
    observer_.news(fmt::format(
        "a download from {}, begun {}, broke off, but the card {} its profile (ICCID {}); the "
        "operator does not know yet: `esimctl notification send` tells it",
        base::clean(open.begun.smdp_address, 100), base::to_rfc3339(open.begun.started_at),
        installed ? "had installed" : "had refused", iccid));
    return {std::move(open), outcome, data.metadata.iccid, data.metadata.sequence_number};
  }

  void end_session(const base::Bytes& transaction_id) {
    static_cast<void>(
        session_.euicc().cancel_session(transaction_id, lpa::CancelReason::undefined));
  }

  const World& world_;
  const Observer& observer_;
  Session& session_;
  store::Journal journal_;
  std::optional<std::vector<lpa::PendingNotification>> pending_;
};

}  // namespace

std::vector<Recovered> recover(const World& world, const Observer& observer,
                               Session& session) noexcept {
  try {
    if (world.state_directory.empty() || !store::Journal::something_waits(world.state_directory)) {
      return {};
    }
    return Recovery(world, observer, session).run();
  } catch (const std::exception& fault) {
    observer.note(
        fmt::format("what a download left is looked after the next time: {}", fault.what()));
    return {};
  }
}

}  // namespace app
