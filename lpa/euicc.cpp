#include "lpa/euicc.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "lpa/es10_schema.hpp"
#include "lpa/status.hpp"

namespace lpa {
namespace {

constexpr auto longest_installation = std::chrono::seconds(120);

template <class Answer>
Answer read(const Response& response) {
  try {
    return tlv::decode<Answer>(response.data);
  } catch (const tlv::Malformed& fault) {
    throw base::Error(base::ErrorKind::card, "card.malformed-answer",
                      fmt::format("the card's answer cannot be read: {}", fault.what()))
        .hint("`esimctl explain 5` tells what to try");
  }
}

template <class Answer, class Request>
Answer ask(Isdr& isdr, std::string_view what, const Request& request) {
  const auto response = isdr.exchange(tlv::encode(request));
  if (!response.ok()) throw status_error(what, response.sw);
  return read<Answer>(response);
}

/// The answer to `request` with its octets.
template <class Answer>
tlv::Signed<Answer> ask_for_server(Isdr& isdr, std::string_view what, base::ByteView request) {
  auto response = isdr.exchange(request);
  if (!response.ok()) throw status_error(what, response.sw);
  return {read<Answer>(response), std::move(response.data)};
}

/// As `ask`; a status word that is not success means that the card does not have the function.
template <class Answer, class Request>
std::optional<Answer> ask_if_there(Isdr& isdr, const Request& request) {
  const auto response = isdr.exchange(tlv::encode(request));
  if (!response.ok()) return std::nullopt;
  return read<Answer>(response);
}

template <class Answer, class Request>
SwitchOutcome ask_to_switch(Isdr& isdr, const Request& request) {
  const auto response = isdr.exchange(tlv::encode(request));
  // A card that resets itself may have said all it says with the status word.
  if (!response.ok() || response.data.empty()) return {std::nullopt, response.sw};
  return {read<Answer>(response).result, response.sw};
}

/// The card answered a question for a list with an error of its own.
template <class Enum>
base::Error refused_list(std::string_view what, std::string_view function, Enum error) {
  const auto number = static_cast<std::uint32_t>(error);
  const auto meaning = result_meaning(function, number);
  return {base::ErrorKind::refused, "card.refused-list",
          fmt::format("the card refused to list its {}: {} ({})", what,
                      meaning ? meaning->name : "unknown result", number)};
}

constexpr std::array<std::uint8_t, 4> state_tags{0x5A, 0x4F, 0x9F, 0x70};
constexpr std::array<std::uint8_t, 11> list_tags{0x5A, 0x4F, 0x9F, 0x70, 0x90, 0x91,
                                                 0x92, 0x93, 0x95, 0x99, 0xB7};
constexpr std::array<std::uint8_t, 13> detail_tags{0x5A, 0x4F, 0x9F, 0x70, 0x90, 0x91, 0x92,
                                                   0x93, 0x94, 0x95, 0x99, 0xB6, 0xB7};

base::Bytes tags_of(ProfileFields fields) {
  switch (fields) {
    case ProfileFields::state:
      return {state_tags.begin(), state_tags.end()};
    case ProfileFields::list:
      return {list_tags.begin(), list_tags.end()};
    case ProfileFields::details:
      break;
  }
  return {detail_tags.begin(), detail_tags.end()};
}

/// True when a card does not list profiles: by a status word, or by an error of its own.
bool refused(const Response& response) {
  return !response.ok() || std::holds_alternative<ProfilesError>(read<ProfilesResponse>(response));
}

}  // namespace

base::Error status_error(std::string_view what, StatusWord sw) {
  const auto meaning = status_word_meaning(sw);
  base::Error error(base::ErrorKind::card, "card.status",
                    fmt::format("the card refused {}: {} ({:04X})", what,
                                meaning ? meaning->name : "unknown status word", sw));
  if (meaning && !meaning->advice.empty()) error.hint(std::string(meaning->advice));
  return error;
}

tlv::Signed<EuiccInfo1> Euicc::info1() {
  return ask_for_server<EuiccInfo1>(isdr_, "GetEuiccInfo1", tlv::encode(EuiccInfo1Request{}));
}

EuiccInfo2 Euicc::info2() { return ask<EuiccInfo2>(isdr_, "GetEuiccInfo2", EuiccInfo2Request{}); }

std::optional<ConfiguredAddresses> Euicc::addresses() {
  return ask_if_there<ConfiguredAddresses>(isdr_, ConfiguredAddressesRequest{});
}

std::optional<RulesAuthorisationTable> Euicc::authorisation_table() {
  return ask_if_there<RulesAuthorisationTable>(isdr_, RatRequest{});
}

std::vector<ProfileInfo> Euicc::profiles(ProfileFields fields,
                                         std::optional<ProfileSearch> search) {
  constexpr std::string_view function = "GetProfilesInfo";
  ProfilesRequest request{std::move(search), tags_of(fields)};
  auto response = isdr_.exchange(tlv::encode(request));
  if (refused(response)) {
    // Not every card knows the tag list, or all the tags in it. Without one it sends what it sends.
    request.tags.reset();
    response = isdr_.exchange(tlv::encode(request));
  }
  if (!response.ok()) throw status_error(function, response.sw);
  auto answer = read<ProfilesResponse>(response);
  if (const auto* error = std::get_if<ProfilesError>(&answer)) {
    throw refused_list("profiles", function, *error);
  }
  return std::get<std::vector<ProfileInfo>>(std::move(answer));
}

DeleteResult Euicc::remove(const ProfileId& profile) {
  DeleteRequest request;
  if (const auto* iccid = std::get_if<Iccid>(&profile)) {
    request.iccid = *iccid;
  } else {
    request.isdp_aid = std::get<Aid>(profile);
  }
  return ask<DeleteResponse>(isdr_, "DeleteProfile", request).result;
}

SetNicknameResult Euicc::set_nickname(const Iccid& profile, const std::string& nickname) {
  return ask<SetNicknameResponse>(isdr_, "SetNickname", SetNicknameRequest{profile, nickname})
      .result;
}

MemoryResetResult Euicc::reset_memory(const BitString& options) {
  return ask<MemoryResetResponse>(isdr_, "eUICCMemoryReset", MemoryResetRequest{options}).result;
}

SetDefaultSmdpResult Euicc::set_default_smdp(const std::string& address) {
  return ask<SetDefaultSmdpResponse>(isdr_, "SetDefaultDpAddress", SetDefaultSmdpRequest{address})
      .result;
}

std::vector<NotificationMetadata> Euicc::notifications(std::optional<BitString> events) {
  auto answer = ask<ListNotificationsResponse>(isdr_, "ListNotification",
                                               ListNotificationsRequest{std::move(events)});
  if (const auto* error = std::get_if<NotificationsError>(&answer)) {
    throw refused_list("notifications", "RetrieveNotificationsList", *error);
  }
  auto list = std::get<std::vector<NotificationMetadata>>(std::move(answer));
  std::ranges::sort(list, {}, &NotificationMetadata::sequence_number);  // cards keep no order
  return list;
}

std::vector<PendingNotification> Euicc::retrieve_notifications(
    std::optional<NotificationSearch> search) {
  constexpr std::string_view function = "RetrieveNotificationsList";
  auto answer = ask<RetrieveNotificationsResponse>(isdr_, function,
                                                   RetrieveNotificationsRequest{std::move(search)});
  if (const auto* error = std::get_if<NotificationsError>(&answer)) {
    if (*error == NotificationsError::no_result) return {};
    throw refused_list("notifications", function, *error);
  }
  return std::get<std::vector<PendingNotification>>(std::move(answer));
}

RemoveNotificationResult Euicc::remove_notification(std::uint64_t sequence_number) {
  return ask<RemoveNotificationResponse>(isdr_, "RemoveNotificationFromList",
                                         RemoveNotificationRequest{sequence_number})
      .result;
}

LoadCrlResponse Euicc::load_crl(base::ByteView list) {
  base::Bytes contents;
  try {
    const auto certificate_list = tlv::single(list);
    if (certificate_list.tag != 0x30) throw tlv::Malformed("no SEQUENCE");
    tlv::append(contents, 0xA0, certificate_list.value);
  } catch (const tlv::Malformed& fault) {
    throw base::Error(
        base::ErrorKind::usage, "crl.malformed",
        fmt::format("this is no certificate revocation list in DER: {}", fault.what()));
  }
  base::Bytes request;
  tlv::append(request, 0xBF35, contents);
  const auto response = isdr_.exchange(request);
  if (!response.ok()) throw status_error("LoadCRL", response.sw);
  return read<LoadCrlResponse>(response);
}

Challenge Euicc::challenge() {
  return ask<ChallengeResponse>(isdr_, "GetEUICCChallenge", ChallengeRequest{}).challenge;
}

tlv::Signed<AuthenticateServerResponse> Euicc::authenticate_server(
    const ServerAuthentication& server, const DownloadContext& context) {
  return ask_for_server<AuthenticateServerResponse>(isdr_, "AuthenticateServer",
                                                    authenticate_request(server, context));
}

tlv::Signed<PrepareDownloadResponse> Euicc::prepare_download(
    const ServerPreparation& server, const std::optional<base::Bytes>& code_hash) {
  return ask_for_server<PrepareDownloadResponse>(isdr_, "PrepareDownload",
                                                 prepare_request(server, code_hash));
}

std::optional<tlv::Signed<InstallationResult>> Euicc::load(
    const BoundPackage& package, const std::function<void(std::size_t)>& progress,
    const std::stop_token& stop) {
  const auto patience = isdr_.patience(longest_installation);
  std::size_t done = 0;
  for (const auto& segment : package.segments) {
    if (stop.stop_requested()) return std::nullopt;
    auto response = isdr_.exchange(segment);
    if (!response.ok()) throw status_error("LoadBoundProfilePackage", response.sw);
    progress(++done);
    // It may come before the last segment, as it does when something is wrong.
    if (!response.data.empty()) {
      return tlv::Signed<InstallationResult>{read<InstallationResult>(response),
                                             std::move(response.data)};
    }
  }
  throw base::Error(base::ErrorKind::card, "card.no-result",
                    "the card took the whole package and did not say what came of it")
      .hint("`esimctl list` and `esimctl notification list` show whether the profile is there");
}

tlv::Signed<CancelSessionResponse> Euicc::cancel_session(const TransactionId& transaction_id,
                                                         CancelReason reason) {
  return ask_for_server<CancelSessionResponse>(
      isdr_, "CancelSession", tlv::encode(CancelSessionRequest{transaction_id, reason}));
}

SwitchOutcome Euicc::enable(const ProfileId& profile, bool refresh) {
  return ask_to_switch<EnableResponse>(isdr_, EnableRequest{profile, refresh});
}

SwitchOutcome Euicc::disable(const ProfileId& profile, bool refresh) {
  return ask_to_switch<DisableResponse>(isdr_, DisableRequest{profile, refresh});
}

}  // namespace lpa
