#include "sim/card.hpp"

#include <algorithm>
#include <utility>

#include "sim/atr.hpp"
#include "sim/encode.hpp"
#include "sim/euicc_info.hpp"
#include "sim/terminal.hpp"

namespace sim {
namespace {

// ISO 7816-4 table 4.2 and, for the last three, ETSI TS 102 221 table 10.5 and GlobalPlatform 11.1.
constexpr std::uint8_t manage_channel_ins = 0x70;
constexpr std::uint8_t select_ins = 0xA4;
constexpr std::uint8_t get_response_ins = 0xC0;
constexpr std::uint8_t terminal_capability_ins = 0xAA;
constexpr std::uint8_t get_data_ins = 0xCA;
constexpr std::uint8_t store_data_ins = 0xE2;

// REFRESH in the form of ETSI TS 102 223 6.6.13 is eleven octets: 910B asks for FETCH of them.
constexpr std::uint16_t refresh_pending = 0x910B;

/// SGP.02 2.2.3: the ECASD.
constexpr std::array<std::uint8_t, 16> ecasd_aid{0xA0, 0x00, 0x00, 0x05, 0x59, 0x10, 0x10, 0xFF,
                                                 0xFF, 0xFF, 0xFF, 0x89, 0x00, 0x00, 0x02, 0x00};

base::Bytes with_status(base::Bytes data, std::uint16_t status) {
  data.push_back(static_cast<std::uint8_t>(status >> 8U));
  data.push_back(static_cast<std::uint8_t>(status));
  return data;
}

/// 61xx or 6Cxx with that many octets; 00 stands for 256 and more (ISO 7816-4 5.1.3).
std::uint16_t counted(std::uint16_t status, std::size_t count) {
  return static_cast<std::uint16_t>(status | (count >= 256 ? 0U : count));
}

/// A status word as the state file has it: two octets.
Refused refusal(const base::Bytes& status) {
  return Refused(static_cast<std::uint16_t>((status.at(0) << 8U) | status.at(1)));
}

/// Data in the command and an Le after it: case 4 of ISO 7816-3 12.1.3.
bool is_case_4(const Body& body) { return !body.data.empty() && body.expected; }

/// EnableProfile, DisableProfile or eUICCMemoryReset: what a REFRESH belongs to.
bool switches(const base::Bytes& request) {
  return request.size() > 2 && request[0] == 0xBF &&
         (request[1] == 0x31 || request[1] == 0x32 || request[1] == 0x34);
}

/// GetProfilesInfo.
bool lists(const base::Bytes& request) {
  return request.size() > 2 && request[0] == 0xBF && request[1] == 0x2D;
}

/// The class that an instruction belongs to; Refused(6D00) for an unknown one.
bool is_proprietary(std::uint8_t ins, const Options& options) {
  switch (ins) {
    case manage_channel_ins:
    case select_ins:
      return false;
    case get_response_ins:
      return options.line.get_response_class == GetResponseClass::proprietary;
    case terminal_capability_ins:
    case store_data_ins:
      return true;
    default:
      if (ins == get_data_ins && options.ecasd) return true;
      throw Refused(0x6D00);
  }
}

}  // namespace

Card::Card(State state, OnChange on_change)
    : state_(std::move(state)), on_change_(std::move(on_change)) {
  reset();
  as_found();
}

void Card::power_on() {
  reset();
  if (!std::exchange(found_, true)) as_found();
}

void Card::power_off() {
  reset();
  powered_ = false;
}

void Card::reset() {
  channels_ = {};
  channels_[0].open = true;
  waiting_.reset();
  session_ = {};
  has_lpa_ = false;
  busy_ = false;
  cat_busy_ = CatBusy::never;
  listed_.reset();
  powered_ = true;
}

/// Channels that somebody opened and never closed stay open until the card loses power or is reset
/// (ETSI TS 102 221 8.7).
void Card::as_found() {
  const std::size_t leaked = state_.options.line.leaked_channels;
  for (std::size_t i = 1; i <= leaked && i < state_.channels; ++i) channels_[i].open = true;
  cat_busy_ = state_.options.cat_busy;
}

base::Bytes Card::atr() const {
  return state_.atr.empty() ? make_atr(state_.protocol, state_.channels) : state_.atr;
}

base::Bytes Card::transmit(base::ByteView command) {
  if (!powered_) return {};
  try {
    auto answer = execute(parse_command(command));
    if (!powered_) return {};  // it went mute
    const bool done = answer[answer.size() - 2] == 0x90 && answer.back() == 0x00;
    if (!done || !state_.options.line.always_proactive) return answer;
    answer.resize(answer.size() - 2);
    return with_status(std::move(answer), refresh_pending);
  } catch (const Refused& refused) {
    return with_status({}, refused.status());
  }
}

base::Bytes Card::execute(const Command& command) {
  // An answer waits for the very next command only (ETSI TS 102 221 7.3.1.1.4).
  auto waiting = std::exchange(waiting_, std::nullopt);
  const auto channel = command.cla.channel;
  if (!channels_[channel].open) throw Refused(0x6881);  // ISO 7816-4 table 6
  if (is_proprietary(command.ins, state_.options) != command.cla.proprietary) {
    if (command.ins == get_response_ins) waiting_ = std::move(waiting);  // it can be asked again
    throw Refused(0x6E00);
  }
  if (command.ins == get_response_ins) return get_response(command, std::move(waiting));
  const auto body = parse_body(command);
  if (state_.options.line.le == Le::refused && state_.protocol == Protocol::t1 && is_case_4(body)) {
    throw Refused(0x6700);
  }
  switch (command.ins) {
    case manage_channel_ins:
      return deliver(channel, manage_channel(command, body), body);
    case select_ins:
      return deliver(channel, select(command, body), body);
    case terminal_capability_ins:
      return deliver(channel, terminal_capability(command, body), body);
    case get_data_ins:
      return deliver(channel, get_data(command, body), body);
    default:
      return deliver(channel, store_data(command, body), body);
  }
}

/// ISO 7816-4 7.6.1, ETSI TS 102 221 11.1.18.
base::Bytes Card::get_response(const Command& command, std::optional<Waiting> waiting) {
  if (!waiting || waiting->channel != command.cla.channel) throw Refused(0x6985);
  const auto body = parse_body(command);
  const auto available = waiting->answer.data.size();
  waiting_ = waiting;  // a refusal from here on loses nothing
  if (!command.p1_p2(0, 0)) throw Refused(0x6A86);
  if (!body.data.empty() || (!body.expected && state_.protocol == Protocol::t1))
    throw Refused(0x6700);
  must_fit(body, available);
  waiting_.reset();
  return hand_out(command.cla.channel, std::move(waiting->answer), body.expected.value_or(256));
}

/// ETSI TS 102 221 11.1.17; ISO 7816-4 7.1.2.
Card::Answer Card::manage_channel(const Command& command, const Body& body) {
  if (!body.data.empty()) throw Refused(0x6700);
  if (command.p1 == 0x80) {
    if (command.p2 == 0 || command.p2 >= channels_.size()) throw Refused(0x6A86);
    if (command.p2 >= state_.channels) throw Refused(0x6881);
    if (!channels_[command.p2].open)
      return {{}, 0x6200};  // GlobalPlatform 11.7.3.2: already closed
    channels_[command.p2] = {};
    return {};
  }
  if (!command.p1_p2(0, 0)) throw Refused(0x6A86);
  if (!body.expected && state_.protocol == Protocol::t1) throw Refused(0x6700);
  must_fit(body, 1);
  const auto last = channels_.begin() + static_cast<std::ptrdiff_t>(state_.channels);
  const auto free = std::find_if(channels_.begin(), last, [](const Channel& c) { return !c.open; });
  if (free == last) throw Refused(0x6A81);
  *free = {};
  free->open = true;
  return {{static_cast<std::uint8_t>(free - channels_.begin())}};
}

/// SELECT by AID: ETSI TS 102 221 11.1.1; an application is selected by its whole AID.
Card::Answer Card::select(const Command& command, const Body& body) {
  if (command.p1 != 0x04) throw Refused(0x6A86);
  if (command.p2 != 0x00 && command.p2 != 0x04 && command.p2 != 0x0C) throw Refused(0x6A86);
  if (body.data.empty() || body.data.size() > 16) throw Refused(0x6700);
  auto& channel = channels_[command.cla.channel];
  const auto is = [&](base::ByteView aid) { return std::ranges::equal(body.data, aid); };
  Answer answer;
  auto selected = Application::none;
  if (state_.options.isdr && is(state_.isdr_aid)) {
    if (state_.options.needs_terminal_capability && !has_lpa_) throw Refused(0x6A82);
    selected = Application::isdr;
    answer.data = isdr_fci(state_);
  } else if (state_.options.ecasd && is(ecasd_aid)) {
    selected = Application::ecasd;
    answer.data = element(0x6F, element(0x84, ecasd_aid));
  } else {
    throw Refused(0x6A82);  // what was selected stays so: ISO 7816-4 7.1.1
  }
  if (command.p2 == 0x0C) answer.data.clear();
  if (const auto wrong = wrong_length(body, answer.data)) throw Refused(*wrong);
  channel.selected = selected;
  channel.chain.clear();
  return answer;
}

/// ETSI TS 102 221 11.1.19: sent on the basic channel.
Card::Answer Card::terminal_capability(const Command& command, const Body& body) {
  if (const auto& status = state_.options.line.terminal_capability_status; !status.empty()) {
    throw refusal(status);
  }
  if (command.cla.channel != 0) throw Refused(0x6881);
  if (!command.p1_p2(0, 0)) throw Refused(0x6A86);
  if (body.data.empty()) throw Refused(0x6700);
  has_lpa_ = says_lpa(body.data);
  return {};
}

/// SGP.22 5.7.2; without the ISD-R there is nobody whom it could be for (GlobalPlatform 11.11.3.2:
/// 6985).
Card::Answer Card::store_data(const Command& command, const Body& body) {
  auto& channel = channels_[command.cla.channel];
  if (channel.selected != Application::isdr || busy_) throw Refused(0x6985);
  const auto& line = state_.options.line;
  if (body.data.size() > line.longest_block) {
    channel.chain.clear();
    throw refusal(line.too_long_status);
  }
  const auto before = channel.chain;
  const auto request = channel.chain.add(command.p1, command.p2, body.data);
  if (!request) return {};
  auto made = run(*request);
  if (const auto wrong = wrong_length(body, made.data); wrong && made.status == 0x9000) {
    channel.chain = before;
    throw Refused(*wrong);
  }
  return es10(std::move(made), switches(*request));
}

/// Without any change yet. A proactive session that is open keeps a profile enabled: catBusy(5) of
/// SGP.22 5.7.16, 5.7.17 and 5.7.19.
Es10Answer Card::run(const base::Bytes& request) const {
  if (cat_busy_ != CatBusy::never && switches(request)) {
    return {.data = element(0xBF00U | request[1], element(0x80, integer(5)))};
  }
  const bool as_before = lists(request) && listed_ && !session_.loading;
  return run_es10(as_before ? *listed_ : state_, session_, request);
}

/// What a command did becomes so.
Card::Answer Card::es10(Es10Answer made, bool switches) {
  if (switches && cat_busy_ == CatBusy::once) cat_busy_ = CatBusy::never;
  if (made.changed) {
    if (on_change_) on_change_(*made.changed);
    // SGP.22 5.7.16: what a REFRESH goes with may happen no sooner than the reset.
    if (switches && state_.options.change_at_reset && !listed_) listed_ = state_;
    state_ = *std::move(made.changed);
  }
  if (made.session) session_ = *std::move(made.session);
  if (made.mute) {
    powered_ = false;
    return {};
  }
  if (made.status != 0x9000) throw Refused(made.status);
  Answer answer{std::move(made.data), made.status};
  if (made.refresh && state_.options.proactive_status) answer.status = refresh_pending;
  busy_ = made.refresh && state_.options.busy_until_reset;
  return answer;
}

/// GET DATA of the EID from the ECASD: SGP.02 4.1.1.1, GlobalPlatform 11.3.
Card::Answer Card::get_data(const Command& command, const Body& body) {
  if (channels_[command.cla.channel].selected != Application::ecasd) throw Refused(0x6D00);
  if (!body.data.empty()) throw Refused(0x6700);
  if (!command.p1_p2(0x00, 0x5A)) throw Refused(0x6A88);
  Answer answer{element(0x5A, state_.eid)};
  must_fit(body, answer.data.size());
  return answer;
}

/// On T=0, Le over what there is gives 6Cxx and the command is not carried out (ISO 7816-3 10.3.3,
/// ETSI TS 102 221 7.3.1.1.2); on T=1 Le is a maximum, but ISO 7816-4 5.1.3 lets a card answer 6Cxx
/// there too. Without an Le, P3 is 00 on T=0 (ISO 7816-3 12.2.2).
std::optional<std::uint16_t> Card::wrong_length(const Body& body, std::size_t available) const {
  const auto& line = state_.options.line;
  if (state_.protocol == Protocol::t1 && !(line.exact_le && body.expected)) return std::nullopt;
  const auto at_once = std::min<std::size_t>(available, line.answer_piece);
  if (body.expected.value_or(256) <= at_once) return std::nullopt;
  return counted(0x6C00, at_once);
}

/// In a command with data, T=0 has no Le (ISO 7816-3 12.2.5), and where there is no answer Le
/// counts for nothing.
std::optional<std::uint16_t> Card::wrong_length(const Body& body, const base::Bytes& answer) const {
  if (state_.protocol == Protocol::t0 || answer.empty()) return std::nullopt;
  return wrong_length(body, answer.size());
}

void Card::must_fit(const Body& body, std::size_t available) const {
  if (const auto wrong = wrong_length(body, available)) throw Refused(*wrong);
}

/// How an answer leaves the card: on T=0 data in both directions needs GET RESPONSE, and a trailing
/// Le is the reader's own (ISO 7816-3 12.2.5); on T=1 up to Le octets come at once (ISO
/// 7816-4 5.3.4).
base::Bytes Card::deliver(std::size_t channel, Answer answer, const Body& body) {
  const bool unasked = state_.options.line.le == Le::needed && state_.protocol == Protocol::t1 &&
                       !body.data.empty() && !body.expected;
  if (unasked) answer.data.clear();  // case 3: no answer is expected (ISO 7816-3 12.1.3)
  const bool two_ways = !body.data.empty() && state_.protocol == Protocol::t0;
  const auto at_once = two_ways ? 0 : body.expected.value_or(0);
  return hand_out(channel, std::move(answer), at_once);
}

/// The first `count` octets; the rest waits for GET RESPONSE behind 61xx (ISO 7816-4 5.1.3).
base::Bytes Card::hand_out(std::size_t channel, Answer answer, std::size_t count) {
  const std::size_t piece = state_.options.line.answer_piece;
  count = std::min(count, piece);
  if (answer.data.size() <= count || answer.data.empty()) {
    return with_status(std::move(answer.data), answer.status);
  }
  const auto middle = answer.data.begin() + static_cast<std::ptrdiff_t>(count);
  base::Bytes now(answer.data.begin(), middle);
  answer.data.erase(answer.data.begin(), middle);
  const auto status = counted(0x6100, std::min(answer.data.size(), piece));
  waiting_ = Waiting{channel, std::move(answer)};
  return with_status(std::move(now), status);
}

}  // namespace sim
