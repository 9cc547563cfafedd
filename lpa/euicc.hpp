#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "lpa/bound_package.hpp"
#include "lpa/es10a.hpp"
#include "lpa/es10b.hpp"
#include "lpa/es10c.hpp"
#include "lpa/isdr.hpp"
#include "lpa/server_messages.hpp"
#include "lpa/signed.hpp"

namespace lpa {

/// Which fields GetProfilesInfo asks for. A card may send more, or fewer.
enum class ProfileFields {
  state,    ///< ICCID, AID and state: enough to see which one is enabled
  list,     ///< all but the icon's octets and who is notified
  details,  ///< everything
};

/// How a card answered EnableProfile or DisableProfile: a result, or a status word alone.
struct SwitchOutcome {
  std::optional<SwitchResult> result;
  StatusWord sw = 0;
};

/// What an eUICC can do, typed: one method an ES10 function.
///
/// Borrows the ISD-R. Every method throws as Isdr::exchange, and Error (kind card) `card.status`
/// when the card answers with a status word instead, `card.malformed-answer` when its answer cannot
/// be read.
class Euicc {
 public:
  explicit Euicc(Isdr& isdr) : isdr_(isdr) {}

  [[nodiscard]] Isdr& isdr() { return isdr_; }
  [[nodiscard]] const Eid& eid() const { return isdr_.eid(); }

  /// With its octets, which a server gets.
  tlv::Signed<EuiccInfo1> info1();
  EuiccInfo2 info2();

  /// Empty when the card does not have the function, which it tells by a status word.
  std::optional<ConfiguredAddresses> addresses();
  std::optional<RulesAuthorisationTable> authorisation_table();

  /// The profiles that match `search`, all without one. Also throws `card.refused-list` (kind
  /// refused) when the card answers with an error of its own.
  std::vector<ProfileInfo> profiles(ProfileFields fields, std::optional<ProfileSearch> search = {});

  /// All of these give the card's own result, whatever it is.
  DeleteResult remove(const ProfileId& profile);
  SetNicknameResult set_nickname(const Iccid& profile, const std::string& nickname);
  MemoryResetResult reset_memory(const BitString& options);
  SetDefaultSmdpResult set_default_smdp(const std::string& address);

  /// The notifications that wait to be sent, by their number; with `events` only those of some
  /// bits of `notification_event`. Also throws `card.refused-list`.
  std::vector<NotificationMetadata> notifications(std::optional<BitString> events = {});

  /// Those that match `search`, with the octets that the server wants; empty when there is none.
  /// Also throws `card.refused-list`.
  std::vector<PendingNotification> retrieve_notifications(
      std::optional<NotificationSearch> search = {});
  RemoveNotificationResult remove_notification(std::uint64_t sequence_number);

  /// Hands the card a revocation list, DER of a CertificateList. Throws Error `crl.malformed`
  /// (usage) when it is none.
  LoadCrlResponse load_crl(base::ByteView list);

  /// Begins a session with a server, and ends one that was open: random octets for it to sign.
  Challenge challenge();

  /// These hand the card what a server sent, and give the card's answer with its octets, an error
  /// of its own among them: both are for the server. They throw as authenticate_request and
  /// prepare_request.
  tlv::Signed<AuthenticateServerResponse> authenticate_server(const ServerAuthentication& server,
                                                              const DownloadContext& context);
  tlv::Signed<PrepareDownloadResponse> prepare_download(
      const ServerPreparation& server, const std::optional<base::Bytes>& code_hash = {});

  /// Loads a package, segment by segment, until the card tells what came of it; the result is a
  /// notification that waits as well. Each command may take 120 s. `progress` hears how many
  /// segments are done, and throws nothing. Empty when `stop` was asked for between two of them.
  /// Also throws `card.no-result` (card) when the card has all of it and tells nothing.
  std::optional<tlv::Signed<InstallationResult>> load(
      const BoundPackage& package,
      const std::function<void(std::size_t)>& progress = [](std::size_t) {},
      const std::stop_token& stop = {});

  /// Ends a session without a profile; the answer is for the server.
  tlv::Signed<CancelSessionResponse> cancel_session(const TransactionId& transaction_id,
                                                    CancelReason reason);

  SwitchOutcome enable(const ProfileId& profile, bool refresh);
  SwitchOutcome disable(const ProfileId& profile, bool refresh);

 private:
  Isdr& isdr_;
};

/// The Error for a status word that is not success: "the card refused GetEuiccInfo2: incorrect data
/// (6A80)".
base::Error status_error(std::string_view what, StatusWord sw);

}  // namespace lpa
