#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/utc.hpp"
#include "lpa/bound_package.hpp"
#include "lpa/es9p.hpp"
#include "lpa/euicc.hpp"
#include "lpa/journal.hpp"
#include "lpa/trust.hpp"

namespace lpa {

/// What a download works with; everything is borrowed, and outlives it.
struct DownloadParties {
  Euicc& euicc;
  Smdp& smdp;
  Journal& journal;
  const Trust& trust;    ///< of the server's certificate for signing, as of its connection
  std::stop_token stop;  ///< ends it cleanly at the next step or segment
  std::function<base::UtcTime()> now;
  std::function<void(DownloadStage)> stage = [](DownloadStage) {};  ///< told what begins
  std::function<void(const std::string& sentence)> note = [](const std::string&) {};
};

struct DownloadRequest {
  DownloadContext context;
  std::optional<std::string> smdp_oid;  ///< of the activation code
  tlv::Signed<EuiccInfo1> info1;
  std::function<Challenge()> challenge;  ///< as for RspServer::initiate_authentication
};

/// What the server has for the card, as the user is asked about it.
struct Offer {
  ProfileMetadata metadata;
  bool code_required = false;  ///< a confirmation code
};

/// One download of a profile: the steps of SGP.22 v2.5 3.1.3 in their order, each written to the
/// journal before it is done.
///
/// What goes wrong before the card has told what became of the package ends the session on the
/// card, then at the server, with the reason that fits. Every step throws what its parties throw,
/// and Error `download.interrupted` (interrupted). Of kind refused: `smdp.wrong-transaction`,
/// `smdp.wrong-address`, `smdp.wrong-challenge`, `smdp.unlisted-issuer`, `smdp.certificate`,
/// `smdp.malformed-answer`, `smdp.metadata-differs`, `package.malformed`, `card.refused-server`.
class Download {
 public:
  explicit Download(DownloadParties parties) : with_(std::move(parties)) {}

  /// Server and card come to know each other, and the server says what it has.
  const Offer& begin(const DownloadRequest& request);

  /// Fetches the package, bound to this card. The confirmation code is left out unless the offer
  /// wants one.
  const BoundPackage& fetch(const std::optional<base::Secret>& confirmation_code);

  /// Loads it; `progress` hears how many octets the card has taken. The result is in the outbox
  /// then, whatever it is. Throws Error `card.unsigned-result` (card) when it is not the card's.
  tlv::Signed<InstallationResult> install(const std::function<void(std::size_t)>& progress);

  /// Ends the session without a profile; after a result there is none to end. What goes wrong with
  /// that is noted, not thrown. The journal keeps a session open that the card may have finished.
  void cancel(CancelReason reason) noexcept;

 private:
  template <class Work>
  auto guarded(Work work) -> decltype(work());
  void step(DownloadStage stage, base::Bytes package = {});
  void same_transaction(const TransactionId& other, std::string_view where) const;
  void tell_server(base::ByteView cancelled);
  bool end_on_card(CancelReason reason);
  void keep(const tlv::Signed<InstallationResult>& result);
  tlv::Signed<InstallationResult> load(const std::function<void(std::size_t)>& progress);
  std::optional<tlv::Signed<InstallationResult>> waiting_result();

  DownloadParties with_;
  SessionId session_ = 0;
  Challenge challenge_{};
  TransactionId transaction_id_;
  bool open_on_card_ = false;      ///< the card knows of the session
  bool loading_ = false;           ///< the card has a part of the package
  bool server_hears_ = true;       ///< it answered the last time
  bool unclear_ = false;           ///< the card has not told how the session ended
  base::Bytes euicc_certificate_;  ///< empty when the card gave none that can be found
  Offer offer_;
  base::Bytes metadata_;
  ServerPreparation preparation_;
  base::Bytes package_;
  BoundPackage bound_;
};

/// Error `download.interrupted` (interrupted).
base::Error download_interrupted();

/// The Error for a package that the card did not install: `card.not-installed` (refused), with what
/// it was doing and why.
base::Error not_installed(const InstallationError& error);

}  // namespace lpa
