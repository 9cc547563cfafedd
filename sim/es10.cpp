#include "sim/es10.hpp"

#include <utility>

#include "lpa/tlv.hpp"
#include "sim/authentication.hpp"
#include "sim/crl.hpp"
#include "sim/encode.hpp"
#include "sim/euicc_info.hpp"
#include "sim/extra_tags.hpp"
#include "sim/load.hpp"
#include "sim/notifications.hpp"
#include "sim/profile_change.hpp"
#include "sim/profile_info.hpp"
#include "sim/request.hpp"
#include "sim/signed_notifications.hpp"

namespace sim {
namespace {

Es10Answer told(base::Bytes data) { return {.data = std::move(data)}; }

/// `80 RESULT` within the tag of the function, and the state after it when all went well.
Es10Answer changed(tlv::Tag tag, Change change) {
  Es10Answer answer = told(element(tag, element(0x80, integer(change.result))));
  if (change.result == 0) answer.changed = std::move(change.state);
  answer.refresh = change.refresh;
  return answer;
}

/// A request that carries nothing.
void nothing_in(const tlv::Element& request) { Fields(request).end(); }

/// EnableProfileRequest and DisableProfileRequest: A0 { 4F | 5A }, 81 refreshFlag. The flag has no
/// default.
struct SwitchRequest {
  explicit SwitchRequest(const tlv::Element& request) {
    Fields fields(request);
    id = profile_id(tlv::single(fields.need(0xA0)));
    refresh = boolean(fields.need(0x81));
    fields.end();
  }
  ProfileId id;
  bool refresh = false;
};

/// GetEuiccDataRequest: the tag list is 5A and nothing else (SGP.22 5.7.20).
Es10Answer eid(const State& state, const tlv::Element& request) {
  Fields fields(request);
  if (fields.need(0x5C) != base::Bytes{0x5A}) throw tlv::Malformed("5C: only 5A can be asked for");
  fields.end();
  return told(element(0xBF3E, element(0x5A, state.eid)));
}

/// SetDefaultDpAddressRequest; an empty address takes it away (SGP.22 5.7.4).
Es10Answer default_smdp(const State& state, const tlv::Element& request) {
  Fields fields(request);
  const auto address = utf8(fields.need(0x80));
  fields.end();
  Change change{0, state};
  const bool fits = address && (address->empty() || !state.options.memory_full);
  if (fits) {
    change.state.default_smdp = *address;
  } else {
    change.result = 127;
  }
  return changed(0xBF3F, std::move(change));
}

Es10Answer nickname(const State& state, const tlv::Element& request) {
  Fields fields(request);
  const auto iccid = fields.need(0x5A);
  const auto name = fields.need(0x90);
  fields.end();
  if (iccid.size() != 10) throw tlv::Malformed("5A: ten octets");
  return changed(0xBF29, rename(state, iccid, name));
}

/// DeleteProfileRequest is a CHOICE: no A0 around the name.
Es10Answer delete_profile(const State& state, const tlv::Element& request) {
  return changed(0xBF33, remove(state, profile_id(tlv::single(request.value))));
}

Es10Answer reset(const State& state, const tlv::Element& request) {
  Fields fields(request);
  const auto options = bits(fields.need(0x82));
  fields.end();
  return changed(0xBF34, memory_reset(state, {(options & 0x80U) != 0, (options & 0x40U) != 0,
                                              (options & 0x20U) != 0}));
}

Es10Answer notification_sent(const State& state, const tlv::Element& request) {
  Fields fields(request);
  const auto sequence = unsigned_integer(fields.need(0x80));
  fields.end();
  return changed(0xBF30, remove_notification(state, sequence));
}

Es10Answer dispatch(const State& state, const Session& session, const tlv::Element& request) {
  switch (request.tag) {
    case 0xBF20:
      nothing_in(request);
      return told(euicc_info1(state));
    case 0xBF21:
      return prepare_download(state, session, request);
    case 0xBF22:
      nothing_in(request);
      return told(euicc_info2(state));
    case 0xBF28:
      return told(list_notifications(state, request));
    case 0xBF29:
      return nickname(state, request);
    case 0xBF2B:
      return told(retrieve_notifications(state, request));
    case 0xBF2D:
      return told(profiles_info(state, request));
    case 0xBF2E:
      return get_challenge(session, request);
    case 0xBF30:
      return notification_sent(state, request);
    case 0xBF31: {
      const SwitchRequest wanted(request);
      return changed(request.tag, enable(state, wanted.id, wanted.refresh));
    }
    case 0xBF32: {
      const SwitchRequest wanted(request);
      return changed(request.tag, disable(state, wanted.id, wanted.refresh));
    }
    case 0xBF33:
      return delete_profile(state, request);
    case 0xBF34:
      return reset(state, request);
    case 0xBF35:
      return load_crl(state, request);
    case 0xBF38:
      return authenticate_server(state, session, request);
    case 0xBF3C:
      nothing_in(request);
      return told(configured_addresses(state));
    case 0xBF3E:
      return eid(state, request);
    case 0xBF3F:
      return default_smdp(state, request);
    case 0xBF41:
      return cancel_session(state, session, request);
    case 0xBF43:
      nothing_in(request);
      return told(rules_authorisation(state));
    default:
      return {.status = 0x6A88};
  }
}

}  // namespace

Es10Answer run_es10(const State& state, const Session& session, base::ByteView command) {
  if (is_segment(session, command)) return load_segment(state, session, command);
  if (const auto after = interrupted(state, session)) {
    auto answer = run_es10(*after, {}, command);
    if (!answer.changed) answer.changed = after;
    if (!answer.session) answer.session.emplace();
    return answer;
  }
  try {
    auto answer = dispatch(state, session, tlv::single(command));
    if (state.options.extra_tags) answer.data = with_extra_tags(answer.data);
    return answer;
  } catch (const tlv::Malformed&) {
    return {.status = 0x6A80};
  }
}

}  // namespace sim
