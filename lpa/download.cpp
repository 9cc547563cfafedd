#include "lpa/download.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "lpa/certificates.hpp"
#include "lpa/confirmation_code.hpp"
#include "lpa/outbox.hpp"
#include "lpa/server_check.hpp"
#include "lpa/status.hpp"
#include "lpa/tlv.hpp"

namespace lpa {
namespace {

using base::Error;
using base::ErrorKind;

CancelReason reason_for(const Error& error) {
  if (error.kind() == ErrorKind::interrupted || error.kind() == ErrorKind::failure)
    return CancelReason::postponed;
  if (error.code() == "smdp.metadata-differs") return CancelReason::metadata_mismatch;
  if (error.code() == "package.malformed" || error.kind() == ErrorKind::card)
    return CancelReason::load_error;
  return CancelReason::undefined;
}

/// True when there is no use in talking to the server about it.
bool server_is_gone(const Error& error) {
  return error.kind() == ErrorKind::network || error.code() == "smdp.refused";
}

/// The first field in which two descriptions of a profile differ; empty when they do not.
std::string_view difference(const ProfileMetadata& first, const ProfileMetadata& second) {
  const auto rules = [](const ProfileMetadata& of) {
    return of.policy_rules.value_or(BitString()).contents();
  };
  const auto owner = [](const ProfileMetadata& of) {
    const auto known = of.owner.value_or(Operator{});
    return std::tuple(of.owner.has_value(), known.plmn, known.gid1, known.gid2);
  };
  const auto told = [](const ProfileMetadata& of) {
    std::vector<std::pair<base::Bytes, std::string>> all;
    for (const auto& each : of.notifications.value_or(std::vector<NotificationConfiguration>())) {
      all.emplace_back(each.events.contents(), each.address);
    }
    return all;
  };
  if (first.iccid != second.iccid) return "iccid";
  if (first.provider != second.provider) return "serviceProviderName";
  if (first.name != second.name) return "profileName";
  if (first.class_or_default() != second.class_or_default()) return "profileClass";
  if (rules(first) != rules(second)) return "profilePolicyRules";
  if (owner(first) != owner(second)) return "profileOwner";
  if (told(first) != told(second)) return "notificationConfigurationInfo";
  if (first.icon_type != second.icon_type || first.icon != second.icon) return "icon";
  return {};
}

}  // namespace

/// Runs a step; when it fails the session ends, for the reason that fits.
template <class Work>
auto Download::guarded(Work work) -> decltype(work()) {
  try {
    if (with_.stop.stop_requested()) throw download_interrupted();
    return work();
  } catch (Error& error) {
    server_hears_ = server_hears_ && !server_is_gone(error);
    const bool called_off = error.code() == "http.cancelled";
    cancel(called_off ? CancelReason::postponed : reason_for(error));
    if (called_off) throw download_interrupted();
    throw;
  }
}

void Download::step(DownloadStage stage, base::Bytes package) {
  with_.stage(stage);
  with_.journal.step(session_, {.stage = stage,
                                .at = with_.now(),
                                .transaction_id = transaction_id_,
                                .bound_profile_package = std::move(package)});
}

void Download::same_transaction(const TransactionId& other, std::string_view where) const {
  lpa::same_transaction(with_.smdp, {transaction_id_, other}, where);
}

const Offer& Download::begin(const DownloadRequest& request) {
  session_ = with_.journal.begin({.eid = with_.euicc.eid(),
                                  .smdp_address = with_.smdp.address(),
                                  .matching_id = request.context.matching_id.value_or(""),
                                  .started_at = with_.now()});
  return guarded([&]() -> const Offer& {
    step(DownloadStage::initiate_authentication);
    const auto begun = with_.smdp.initiate_authentication(
        [&] { return challenge_ = request.challenge(); }, request.info1.raw);
    transaction_id_ = check_server({.server = with_.smdp,
                                    .role = ServerRole::authentication,
                                    .oid = request.smdp_oid,
                                    .listed = request.info1.value.ci_for_verification,
                                    .challenge = challenge_,
                                    .now = with_.now(),
                                    .trust = with_.trust,
                                    .note = with_.note},
                                   begun);
    step(DownloadStage::authenticate_server);
    const auto known = authenticate_server(with_.euicc, with_.smdp, begun.server, request.context);
    open_on_card_ = true;
    euicc_certificate_ = euicc_certificate(known).value_or(base::Bytes());

    step(DownloadStage::authenticate_client);
    auto offered = with_.smdp.authenticate_client(transaction_id_, known);
    same_transaction(offered.transaction_id, "its answer");
    const auto wanted = read_smdp_signed2(offered.server.signed2);
    same_transaction(wanted.transaction_id, "smdpSigned2");
    offer_ = {read_metadata(offered.metadata), wanted.code_required};
    metadata_ = std::move(offered.metadata);
    preparation_ = std::move(offered.server);
    return offer_;
  });
}

const BoundPackage& Download::fetch(const std::optional<base::Secret>& confirmation_code) {
  return guarded([&]() -> const BoundPackage& {
    step(DownloadStage::prepare_download);
    std::optional<base::Bytes> hash;
    if (offer_.code_required && confirmation_code) {
      hash = confirmation_hash(confirmation_code->reveal(), transaction_id_);
    }
    const auto ready = with_.euicc.prepare_download(preparation_, hash);
    if (const auto* error = std::get_if<PrepareDownloadError>(&ready.value)) {
      throw refused_server(with_.smdp, "PrepareDownload", static_cast<std::uint32_t>(error->code));
    }
    step(DownloadStage::get_bound_profile_package);
    auto sent = with_.smdp.bound_profile_package(transaction_id_, ready.raw);
    same_transaction(sent.transaction_id, "its answer");
    package_ = std::move(sent.package);
    bound_ = cut_package(package_);
    same_transaction(bound_.transaction_id, "the package");
    if (bound_.metadata != metadata_) {
      const auto field = difference(read_metadata(bound_.metadata), offer_.metadata);
      if (!field.empty()) {
        throw server_lies(
            "smdp.metadata-differs",
            fmt::format("the package of {} is not the profile that it offered: {} differs",
                        with_.smdp.address(), field));
      }
      with_.note(
          "the package describes the profile in other octets than the offer, and means the same");
    }
    return bound_;
  });
}

tlv::Signed<InstallationResult> Download::install(
    const std::function<void(std::size_t)>& progress) {
  auto result = [&] {
    try {
      return guarded([&] {
        step(DownloadStage::load_bound_profile_package, package_);
        return load(progress);
      });
    } catch (const Error& error) {
      // A card that was stopped half-way may say so to the server.
      if (loading_ && error.kind() == ErrorKind::interrupted) {
        if (const auto stopped = waiting_result()) keep(*stopped);
      }
      throw;
    }
  }();
  open_on_card_ = false;
  const auto session = std::exchange(session_, 0);  // there is nothing to be cancelled any more
  keep(result);
  if (result.value.data.transaction_id != transaction_id_ ||
      (!euicc_certificate_.empty() && !installation_signed_by(euicc_certificate_, result.raw))) {
    throw Error(ErrorKind::card, "card.unsigned-result",
                "what the card tells of the installation does not hold its signature, or is about "
                "another one")
        .hint("`esimctl list` shows whether the profile is there");
  }
  const bool installed = std::holds_alternative<InstallationSuccess>(result.value.data.outcome);
  with_.journal.finish(session, installed ? DownloadOutcome::installed : DownloadOutcome::failed,
                       with_.now());
  return result;
}

void Download::keep(const tlv::Signed<InstallationResult>& result) {
  // When it is not kept, it waits on the card.
  static_cast<void>(
      lpa::keep(with_.journal, with_.euicc.eid(), result, with_.now(), with_.smdp.address()));
}

tlv::Signed<InstallationResult> Download::load(const std::function<void(std::size_t)>& progress) {
  std::size_t taken = 0;
  std::size_t next = 0;
  try {
    auto result = with_.euicc.load(
        bound_,
        [&](std::size_t done) {
          loading_ = true;
          while (next < done) taken += bound_.segments[next++].size();
          progress(taken);
        },
        with_.stop);
    if (!result) throw download_interrupted();
    return *std::move(result);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::card) throw;
    // The answer may have been lost on the way, and the result is kept as a notification.
    auto result = waiting_result();
    if (!result) throw;
    with_.note(fmt::format("the card's answer was lost ({}), and is among its notifications",
                           error.what()));
    return *std::move(result);
  }
}

std::optional<tlv::Signed<InstallationResult>> Download::waiting_result() {
  unclear_ = true;
  std::vector<PendingNotification> waiting;
  try {
    waiting = with_.euicc.retrieve_notifications();
  } catch (const Error& error) {
    with_.note(fmt::format("what became of the package is not known: {}", error.what()));
    return std::nullopt;
  }
  const auto* const result = find_result(waiting, transaction_id_);
  return result == nullptr ? std::nullopt : std::optional(*result);
}

/// Of a session that the card has given up; one that the server does not hear of it ends by itself.
void Download::tell_server(base::ByteView cancelled) {
  if (!server_hears_) return;
  try {
    with_.smdp.cancel_session(transaction_id_, cancelled);
  } catch (const Error& error) {
    with_.note(fmt::format("the server was not told that the session is over: {}", error.what()));
  }
}

/// Whether the card says that there is an end to the session.
bool Download::end_on_card(CancelReason reason) {
  try {
    step(DownloadStage::cancel_session);
  } catch (const Error& error) {  // all the more it has to end
    with_.note(fmt::format("the end of the session is not in the journal: {}", error.what()));
  }
  const auto answer = with_.euicc.cancel_session(transaction_id_, reason);
  if (!std::holds_alternative<CancelSessionOk>(answer.value)) {
    with_.note("the card has no session that could be cancelled any more");
    return false;
  }
  tell_server(answer.raw);
  return true;
}

void Download::cancel(CancelReason reason) noexcept {
  try {
    const bool ended = std::exchange(open_on_card_, false) && end_on_card(reason);
    if (session_ == 0 || (unclear_ && !ended)) return;
    with_.journal.finish(std::exchange(session_, 0), DownloadOutcome::cancelled, with_.now());
  } catch (const std::exception& fault) {
    unclear_ = true;
    with_.note(fmt::format("the session on the card was not ended: {}", fault.what()));
  }
}

Error download_interrupted() {
  return Error(ErrorKind::interrupted, "download.interrupted",
               "the download was interrupted; nothing was installed")
      .hint("the activation code can be used again");
}

Error not_installed(const InstallationError& error) {
  const auto command = installation_command(error.command);
  const auto reason = installation_reason(error.reason);
  Error told(ErrorKind::refused, "card.not-installed",
             fmt::format("the card did not install the profile: {}{} ({} {})",
                         reason ? reason->cause : "for a reason that is not known",
                         command ? fmt::format(", in {}", command->name) : std::string(),
                         error.command, error.reason));
  told.hint(std::string(reason ? reason->advice : advice_on_unknown));
  return told;
}

}  // namespace lpa
