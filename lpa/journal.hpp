#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/utc.hpp"
#include "lpa/identifiers.hpp"

/// What a download writes down before each of its steps, so that after a power cut it is known how
/// far it got and nothing that was paid for is lost.
namespace lpa {

/// The steps of a download, as SGP.22 v2.5 names them (3.1.3).
enum class DownloadStage : std::uint8_t {
  initiate_authentication,     ///< ES9+ 5.6.1
  authenticate_server,         ///< ES10b 5.7.13
  authenticate_client,         ///< ES9+ 5.6.3
  prepare_download,            ///< ES10b 5.7.5
  get_bound_profile_package,   ///< ES9+ 5.6.2
  load_bound_profile_package,  ///< ES10b 5.7.6
  cancel_session,              ///< ES10b 5.7.14, ES9+ 5.6.5
};

/// Their names, in that order.
constexpr std::array<std::string_view, 7> stage_names{
    "initiateAuthentication", "authenticateServer",      "authenticateClient", "prepareDownload",
    "getBoundProfilePackage", "loadBoundProfilePackage", "cancelSession"};
constexpr std::string_view stage_name(DownloadStage stage) {
  return stage_names.at(static_cast<std::size_t>(stage));
}

enum class DownloadOutcome : std::uint8_t { installed, failed, cancelled };

using SessionId = std::int64_t;

struct NewSession {
  Eid eid;
  std::string smdp_address;
  std::string matching_id;  ///< a secret until it is used up: masked wherever it is shown
  base::UtcTime started_at;
};

/// A step that is about to be done. What is empty leaves what an earlier step told as it is.
struct DownloadStep {
  DownloadStage stage = DownloadStage::initiate_authentication;
  base::UtcTime at;
  std::string detail{};                 ///< for people
  base::Bytes transaction_id{};         ///< by which the card's installation result is recognised
  base::Bytes bound_profile_package{};  ///< whole, as the server gave it
};

/// A download that was begun and not finished.
struct OpenSession {
  SessionId id = 0;
  NewSession begun;
  std::optional<DownloadStep> last{};  ///< with the newest of each field; empty before the first
};

/// A PendingNotification that is kept until the server has it (SGP.22 v2.5 5.7.10).
struct OutboxNotification {
  Eid eid;
  std::uint64_t sequence_number = 0;
  std::string address;               ///< of the server that is to hear of it
  base::Bytes pending_notification;  ///< exactly as the card gave it
  base::UtcTime put_at;
};

/// Each of these has lasted when it returns. Throws Error with a code of `store.` (failure) when it
/// cannot; then nothing of it was written.
class Journal {
 public:
  virtual ~Journal() = default;

  virtual SessionId begin(const NewSession& session) = 0;

  /// Called before the step is done, not after it.
  virtual void step(SessionId session, const DownloadStep& step) = 0;

  /// The card or the server has confirmed the outcome: the bound profile package is let go.
  virtual void finish(SessionId session, DownloadOutcome outcome, base::UtcTime at) = 0;

  /// Oldest first.
  virtual std::vector<OpenSession> open_sessions() = 0;

  /// The same octets once more change nothing. Others under the same number take the place of a
  /// notification that was sent; while it is unsent they are refused with Error `store.conflict`.
  virtual void put(const OutboxNotification& notification) = 0;

  /// The notification of that number, sent or not.
  virtual std::optional<OutboxNotification> find(const Eid& eid, std::uint64_t sequence_number) = 0;

  /// The server has it, the card has it no more: two facts, in any order, each kept as it was told
  /// first. False when there is no such notification.
  virtual bool sent(const Eid& eid, std::uint64_t sequence_number, base::UtcTime at) = 0;
  virtual bool removed(const Eid& eid, std::uint64_t sequence_number, base::UtcTime at) = 0;

  /// Those to send, also when the card has them no more. Oldest first.
  virtual std::vector<OutboxNotification> unsent() = 0;

  /// Those that were sent and are on the card yet, where they can go. Oldest first.
  virtual std::vector<OutboxNotification> unremoved() = 0;
};

}  // namespace lpa
