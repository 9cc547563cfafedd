#include "sim/load.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/encode.hpp"
#include "sim/header.hpp"
#include "sim/metadata.hpp"
#include "sim/notifications.hpp"
#include "sim/request.hpp"

namespace sim {
namespace {

using Stage = Loading::Stage;

constexpr tlv::Tag package_tag = 0xBF36;
constexpr tlv::Tag result_tag = 0xBF37;
constexpr tlv::Tag signature_tag = 0x5F37;
constexpr tlv::Tag one_time_key_tag = 0x5F49;
constexpr std::size_t key_size = 16;

/// SGP.22 annex H, ErrorReason.
enum class Reason : std::uint8_t {
  incorrect_input_values = 1,
  invalid_signature = 2,
  invalid_transaction_id = 3,
  unsupported_crt_values = 4,
  unsupported_remote_operation = 5,
  unsupported_profile_class = 6,
  structure_error = 7,
  security_error = 8,
  iccid_exists = 9,
  no_memory = 10,
  interrupted = 11,
  element_error = 12,
  iccid_mismatch = 13,
  rules_not_allowed = 15,
  unknown = 127
};

/// What a package is loaded into.
struct Download {
  const State& state;
  const ServerSession& server;
  const PreparedDownload& prepared;
};

struct Failure {
  std::uint8_t command = 0;
  std::uint8_t reason = 0;
};

[[noreturn]] void fail(Stage stage, Reason reason) {
  throw Failure{static_cast<std::uint8_t>(stage), static_cast<std::uint8_t>(reason)};
}

/// InitialiseSecureChannelRequest, BF23.
struct ChannelRequest {
  explicit ChannelRequest(const tlv::Element& request) {
    Fields fields(request);
    const auto part = [&](tlv::Tag tag) {
      const auto field = fields.any();
      if (field.tag != tag) throw tlv::Malformed(tlv::to_string(tag) + " is missing");
      signed_part.insert(signed_part.end(), field.raw.begin(), field.raw.end());
      return field;
    };
    operation = unsigned_integer(part(0x82).value);
    const auto id = part(0x80);
    transaction_id.assign(id.value.begin(), id.value.end());
    Fields control(part(0xA6));
    key_type = control.need(0x80);
    key_length = control.need(0x81);
    host_id = control.need(0x84);
    control.end();
    const auto point = part(one_time_key_tag);
    one_time_key.assign(point.value.begin(), point.value.end());
    signature = fields.need(signature_tag);
    fields.end();
    if (host_id.empty() || host_id.size() > 16) throw tlv::Malformed("84: of this size");
  }
  std::uint64_t operation = 0;
  base::Bytes transaction_id;
  base::Bytes key_type;
  base::Bytes key_length;
  base::Bytes host_id;
  base::Bytes one_time_key;
  base::Bytes signature;
  base::Bytes signed_part;  ///< all but the signature
};

/// The keys of the channel (SGP.22 5.5.1, annex G).
SessionKeys open_channel(const Download& download, const tlv::Element& element) {
  constexpr auto stage = Stage::initialise_secure_channel;
  if (element.tag != 0xBF23) fail(stage, Reason::structure_error);
  const ChannelRequest request(element);
  const auto& prepared = download.prepared;
  if (request.operation != 1) fail(stage, Reason::unsupported_remote_operation);
  if (request.transaction_id != download.server.transaction_id) {
    fail(stage, Reason::invalid_transaction_id);
  }
  const auto own_point = sim::element(one_time_key_tag, prepared.one_time_key.public_key().point());
  if (!prepared.server_key.verifies(join({request.signed_part, own_point}), request.signature)) {
    fail(stage, Reason::invalid_signature);
  }
  if (request.key_type != base::Bytes{aes_key_type} ||
      request.key_length != base::Bytes{aes_key_length}) {
    fail(stage, Reason::unsupported_crt_values);
  }
  const auto other = PublicKey::from_point(prepared.one_time_key.curve(), request.one_time_key);
  if (!other) fail(stage, Reason::incorrect_input_values);
  return derive_session_keys(prepared.one_time_key.agree(*other), request.host_id,
                             download.state.eid);
}

/// The first segment: the header of BF36 and the whole of BF23.
Loading begin(const Download& download, base::ByteView segment) {
  constexpr auto stage = Stage::initialise_secure_channel;
  const auto header = read_header(segment);
  if (!header || header->tag != package_tag) fail(stage, Reason::structure_error);
  const auto request = tlv::single(segment.subspan(header->size));
  if (request.raw.size() > header->length) fail(stage, Reason::structure_error);
  Loading loading{.protection = Protection(open_channel(download, request))};
  loading.package_left = header->length - request.raw.size();
  return loading;
}

/// The sequence that a tag begins after the one before.
std::optional<Stage> next_stage(Stage before, tlv::Tag tag) {
  if (before == Stage::initialise_secure_channel && tag == 0xA0) return Stage::configure_isdp;
  if (before == Stage::configure_isdp && tag == 0xA1) return Stage::store_metadata;
  if (before == Stage::store_metadata && tag == 0xA2) return Stage::replace_session_keys;
  const bool last = before == Stage::store_metadata || before == Stage::replace_session_keys;
  if (last && tag == 0xA3) return Stage::load_profile_elements;
  return std::nullopt;
}

tlv::Tag block_tag(Stage stage) {
  if (stage == Stage::store_metadata) return 0x88;
  return stage == Stage::load_profile_elements ? 0x86 : 0x87;
}

/// Whether the header of a sequence comes with its first block (SGP.22 2.5.5).
bool header_has_block(Stage stage) { return block_tag(stage) == 0x87; }

void configure_isdp(const tlv::Element& command) {
  if (command.tag != 0xBF24) throw tlv::Malformed("BF24 is expected");
  Fields fields(command);
  const auto data = fields.take(0xB8);
  fields.end();
  if (data && data->size() > 126) throw tlv::Malformed("B8: more than 128 octets");
}

/// SGP.22 5.5.3.
void check_metadata(const State& state, const Profile& profile) {
  constexpr auto stage = Stage::store_metadata;
  constexpr std::uint8_t test_profiles = 0x10;  // RspCapability, bit 3
  if (find(state, {std::nullopt, profile.iccid})) fail(stage, Reason::iccid_exists);
  if (profile.profile_class == ProfileClass::test &&
      (bits(state.info.rsp_capability) & test_profiles) == 0) {
    fail(stage, Reason::unsupported_profile_class);
  }
  if (!rules_allowed(state, profile)) fail(stage, Reason::rules_not_allowed);
}

/// SGP.22 5.5.4.
SessionKeys replaced_keys(const tlv::Element& command) {
  if (command.tag != 0xBF26) throw tlv::Malformed("BF26 is expected");
  Fields fields(command);
  SessionKeys keys{fields.need(0x80), fields.need(0x81), fields.need(0x82)};
  fields.end();
  if (keys.chaining.size() != key_size || keys.encryption.size() != key_size ||
      keys.mac.size() != key_size) {
    throw tlv::Malformed("keys of another size");
  }
  return keys;
}

/// What a sequence has said, once all of it is there.
void finish_sequence(const State& state, Loading& loading) {
  if (loading.stage == Stage::load_profile_elements) return;
  const auto said = std::exchange(loading.command, {});
  const auto command = tlv::single(said);
  if (loading.stage == Stage::configure_isdp) configure_isdp(command);
  if (loading.stage == Stage::store_metadata) {
    const auto profile = unpack_metadata(command);
    loading.profile = profile;  // its ICCID is told even when it is refused
    check_metadata(state, profile);
    loading.elements.emplace(profile.iccid);
  }
  if (loading.stage == Stage::replace_session_keys) {
    loading.protection = Protection(replaced_keys(command));
  }
}

void add_elements(const State& state, Loading& loading, const base::Bytes& plain) {
  constexpr auto stage = Stage::load_profile_elements;
  if (!loading.elements) fail(stage, Reason::unknown);
  const auto fault = loading.elements->add(plain);
  const auto free = state.options.memory_full ? 0 : state.info.free_memory;
  if (loading.elements->size() > free) fail(stage, Reason::no_memory);
  if (fault == ProfileElements::Fault::malformed) fail(stage, Reason::element_error);
  if (fault == ProfileElements::Fault::other_iccid) fail(stage, Reason::iccid_mismatch);
}

void take_block(const State& state, Loading& loading, base::ByteView octets) {
  const auto stage = loading.stage;
  if (const auto& forced = state.download.install_error;
      forced && forced->command == static_cast<std::uint8_t>(stage)) {
    throw Failure{forced->command, forced->reason};
  }
  const auto block = tlv::single(octets);
  if (block.tag != block_tag(stage) || block.raw.size() > largest_block ||
      block.raw.size() > loading.sequence_left) {
    fail(stage, Reason::structure_error);
  }
  const auto plain = stage == Stage::store_metadata ? loading.protection.unwrap_mac(block)
                                                    : loading.protection.unwrap(block);
  if (!plain) fail(stage, Reason::security_error);
  loading.sequence_left -= block.raw.size();
  loading.package_left -= block.raw.size();
  if (stage == Stage::load_profile_elements) {
    add_elements(state, loading, *plain);
  } else {
    loading.command.insert(loading.command.end(), plain->begin(), plain->end());
  }
  if (loading.sequence_left == 0) finish_sequence(state, loading);
}

/// A segment after the first.
void go_on(const State& state, Loading& loading, base::ByteView segment) {
  ++loading.segments;
  if (loading.sequence_left > 0) return take_block(state, loading, segment);
  const auto header = read_header(segment);
  const auto next = header ? next_stage(loading.stage, header->tag) : std::nullopt;
  if (!next) fail(loading.stage, Reason::structure_error);
  loading.stage = *next;
  const auto size = header->size + header->length;
  const bool last = *next == Stage::load_profile_elements;
  if (header->length == 0 || size > loading.package_left ||
      (last && size != loading.package_left)) {
    fail(*next, Reason::structure_error);
  }
  loading.package_left -= header->size;
  loading.sequence_left = header->length;
  const auto rest = segment.subspan(header->size);
  if (header_has_block(*next)) return take_block(state, loading, rest);
  if (!rest.empty()) fail(*next, Reason::structure_error);
}

/// The next ISD-P that is free: SGP.02 2.2.3 reserves A0000005591010FFFFFFFF8900 0010 to FFFF.
base::Bytes free_isdp(const State& state) {
  base::Bytes aid{0xA0, 0x00, 0x00, 0x05, 0x59, 0x10, 0x10, 0xFF,
                  0xFF, 0xFF, 0xFF, 0x89, 0x00, 0x00, 0x11, 0x00};
  while (find(state, {aid, std::nullopt})) {
    if (++aid[14] == 0) ++aid[13];
  }
  return aid;
}

/// EUICCResponse of the profile package specification: one PEStatus, and whether it was aborted.
base::Bytes elements_response(std::uint8_t status) {
  auto fields = element(0xA0, element(0x30, element(0x80, integer(status))));
  if (status != 0) fields = join({fields, element(0x81, base::Bytes{})});
  return element(0x30, fields);
}

/// ProfileInstallationResult, signed for the CI of the session (SGP.22 5.7.6).
base::Bytes signed_result(const Download& download, const Notification& notification,
                          const base::Bytes& result) {
  const auto data = element(
      0xBF27,
      join({element(0x80, download.server.transaction_id), notification_metadata(notification),
            element(0x06, download.prepared.registered_id), element(0xA2, result)}));
  const auto& key = download.server.own.euicc.key;
  return element(result_tag, join({data, element(signature_tag, key.sign(data))}));
}

/// The state with the result as a notification that waits.
State with_result(State state, const Download& download, const base::Bytes& iccid,
                  const base::Bytes& result) {
  Notification notification{state.next_sequence, Event::install, download.server.address, iccid,
                            std::nullopt};
  notification.installation = signed_result(download, notification, result);
  state.notifications.push_back(std::move(notification));
  ++state.next_sequence;
  return state;
}

State failed(const Download& download, const std::optional<Loading>& loading,
             const Failure& failure) {
  auto fields =
      join({element(0x80, integer(failure.command)), element(0x81, integer(failure.reason))});
  if (failure.reason == static_cast<std::uint8_t>(Reason::element_error)) {
    tlv::append(fields, 0x82, elements_response(1));
  }
  const bool named = loading && loading->profile;
  return with_result(download.state, download, named ? loading->profile->iccid : base::Bytes{},
                     element(0xA1, fields));
}

State installed(const Download& download, Profile profile, std::size_t size) {
  auto state = download.state;
  profile.isdp_aid = free_isdp(state);
  profile.size = static_cast<std::uint32_t>(size);
  state.info.free_memory -= profile.size;
  state.profiles.push_back(profile);
  const auto result =
      element(0xA0, join({element(0x4F, profile.isdp_aid), element(0x04, elements_response(0))}));
  state = with_result(std::move(state), download, profile.iccid, result);
  // The SM-DP+ has its result; others that are configured get a notification (SGP.22 3.5).
  std::erase_if(profile.notifications, [&](const NotificationConfiguration& one) {
    return one.address == download.server.address;
  });
  return notified(std::move(state), profile, Event::install);
}

/// The end of a session: the result, which became the notification `sequence`, is told.
Es10Answer end(State after, std::uint64_t sequence) {
  Es10Answer answer;
  for (const auto& notification : after.notifications) {
    if (notification.sequence == sequence)
      answer.data = notification.installation.value_or(base::Bytes{});
  }
  answer.changed = std::move(after);
  answer.session.emplace();
  return answer;
}

Es10Answer ended_by(const Download& download, const std::optional<Loading>& loading,
                    const Failure& failure) {
  return end(failed(download, loading, failure), download.state.next_sequence);
}

Failure failure_at(const std::optional<Loading>& loading, Reason reason) {
  const auto stage = loading ? loading->stage : Stage::initialise_secure_channel;
  return {static_cast<std::uint8_t>(stage), static_cast<std::uint8_t>(reason)};
}

/// What the card makes of a segment; throws Failure and tlv::Malformed.
void take_segment(const Download& download, std::optional<Loading>& loading,
                  base::ByteView segment) {
  if (loading) return go_on(download.state, *loading, segment);
  if (const auto& forced = download.state.download.install_error; forced && forced->command == 0) {
    throw Failure{forced->command, forced->reason};
  }
  loading = begin(download, segment);
}

/// After the last octet of a package.
Es10Answer complete(const Download& download, const Loading& loading) {
  if (!loading.profile || !loading.elements || !loading.elements->complete()) {
    return ended_by(download, loading, failure_at(loading, Reason::element_error));
  }
  return end(installed(download, *loading.profile, loading.elements->size()),
             download.state.next_sequence);
}

}  // namespace

bool is_segment(const Session& session, base::ByteView command) {
  const auto header = read_header(command);
  if (header && header->tag == package_tag) return true;
  return session.loading && (!header || header->tag <= 0xFF);
}

Es10Answer load_segment(const State& state, const Session& session, base::ByteView segment) {
  if (!session.server || !session.prepared) return {.status = 0x6985};
  const Download download{state, *session.server, *session.prepared};
  auto loading = session.loading;
  try {
    take_segment(download, loading, segment);
  } catch (const Failure& failure) {
    return ended_by(download, loading, failure);
  } catch (const tlv::Malformed&) {
    return ended_by(download, loading, failure_at(loading, Reason::incorrect_input_values));
  }
  if (!loading) return {.status = 0x6F00};
  const bool mute = loading->segments == state.download.mute_after_segments;
  Es10Answer answer;
  if (loading->package_left == 0) {
    answer = complete(download, *loading);
  } else {
    answer.session = session;
    answer.session->loading = std::move(loading);
    answer.session->unused_key.reset();
  }
  answer.mute = mute;
  return answer;
}

std::optional<State> interrupted(const State& state, const Session& session) {
  if (!session.loading || !session.server || !session.prepared) return std::nullopt;
  return failed({state, *session.server, *session.prepared}, session.loading,
                failure_at(session.loading, Reason::interrupted));
}

}  // namespace sim
