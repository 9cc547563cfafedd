#include "lpa/isdr.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "lpa/isdr_aids.hpp"
#include "lpa/tlv.hpp"

namespace lpa {
namespace {

constexpr std::array<std::size_t, 3> block_sizes{longest_block, 120, 63};
constexpr std::size_t whole_answer = 256;  ///< as Le
constexpr std::size_t max_blocks = 256;
constexpr auto poll_interval = std::chrono::milliseconds(100);

constexpr std::uint8_t more_blocks = 0x11;
constexpr std::uint8_t last_block = 0x91;

/// ETSI TS 102 221 11.1.19: additional interfaces and eUICC capabilities; the latter says that the
/// device has the LPA (LUId, LPDd, LDSd), without which some eUICCs keep their ISD-R shut.
const Command terminal_capability{
    0x80, 0xAA, 0x00, 0x00, {0xA9, 0x08, 0x81, 0x00, 0x82, 0x01, 0x01, 0x83, 0x01, 0x07}, {}};

const Command open_channel_command{0x00, 0x70, 0x00, 0x00, {}, 1};

Command close_channel_command(unsigned channel) {
  return {0x00, 0x70, 0x80, static_cast<std::uint8_t>(channel), {}, {}};
}

constexpr StatusWord wrong_length = 0x6700;
constexpr StatusWord channel_not_open = 0x6881;

/// A refusal that a shorter block may cure.
bool too_long_for_the_way(const Response& response) {
  return response.sw == wrong_length || response.sw == 0x6A80 || response.sw == 0x6601;
}

/// The version in FCI template 6F / E0 / 82, as SGP.22 puts it there; cards that put something else
/// get no version.
std::optional<Version> version_in(base::ByteView fci) {
  try {
    const auto outer = tlv::single(fci);
    const tlv::Reader reader(fci);
    auto members = reader.inside(outer);
    while (const auto member = members.next()) {
      if (member->tag != 0xE0) continue;
      auto inner = members.inside(*member);
      while (const auto field = inner.next()) {
        if (field->tag != 0x82 || field->value.size() != 3) continue;
        return Version{{field->value[0], field->value[1], field->value[2]}};
      }
    }
  } catch (const tlv::Malformed&) {
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Eid> eid_from(const tlv::Element& element) {
  if (element.tag != 0x5A || element.value.size() != 16) return std::nullopt;
  Eid eid;
  std::ranges::copy(element.value, eid.octets.begin());
  return eid.plausible() ? std::optional(eid) : std::nullopt;
}

/// The value 5A, in a template BF3E or alone, when it is an EID. What else is in the template is
/// skipped.
std::optional<Eid> eid_in(base::ByteView answer) {
  try {
    const auto outer = tlv::single(answer);
    if (outer.tag != 0xBF3E) return eid_from(outer);
    auto members = tlv::Reader(answer).inside(outer);
    while (const auto member = members.next()) {
      if (auto eid = eid_from(*member)) return eid;
    }
  } catch (const tlv::Malformed&) {
    return std::nullopt;
  }
  return std::nullopt;
}

/// GetEuiccData for the EID (SGP.22 v2.5 5.7.20).
constexpr std::array<std::uint8_t, 6> eid_request{0xBF, 0x3E, 0x03, 0x5C, 0x01, 0x5A};

std::vector<Aid> candidates(const Card& card, const IsdrOptions& options) {
  if (options.aid) return {*options.aid};
  auto aids = isdr_candidates(card.atr(), options.secure_element);
  if (options.secure_element) return aids;
  for (const auto& aid : options.likely) {
    std::erase(aids, aid);
    aids.insert(aids.begin(), aid);
  }
  return aids;
}

}  // namespace

Isdr::Isdr(Card& card, IsdrOptions options)
    : card_(card),
      options_(std::move(options)),
      channel_(card),
      block_size_(options_.block_size),
      le_(options_.le ? std::optional(whole_answer) : std::nullopt) {}

Isdr::~Isdr() { close_channel(); }

std::variant<std::unique_ptr<Isdr>, NoIsdr> Isdr::find(Card& card, IsdrOptions options) {
  std::unique_ptr<Isdr> isdr(new Isdr(card, std::move(options)));
  isdr->open_channel();
  for (const auto& aid : candidates(card, isdr->options_)) {
    if (isdr->select(aid)) return isdr;
  }
  isdr->missed_.m2m_eid = isdr->m2m_eid();
  return isdr->missed_;
}

Habits Isdr::habits() const {
  Habits found;
  const auto first = isdr_candidates(card_.atr(), options_.secure_element);
  if (first.empty() || first.front() != aid_) found.isdr = aid_;
  found.block_size = block_size_;
  found.le = le_.has_value();
  return found;
}

void Isdr::open_channel() {
  Channel basic(card_);
  const auto capability = basic.exchange(terminal_capability);
  if (!capability.ok()) options_.note("the card refused TERMINAL CAPABILITY; going on without");

  channel_ = basic;
  auto answer = basic.exchange(open_channel_command);
  const bool has_channels =
      answer.sw1() != 0x6D && answer.sw1() != 0x6E && answer.sw != channel_not_open;
  if (!answer.ok() && has_channels) {
    // None left: channels that a killed program had open stay so until the card is reset.
    for (unsigned number = 1; number <= max_channel; ++number)
      basic.exchange(close_channel_command(number));
    answer = basic.exchange(open_channel_command);
  }
  if (answer.ok() && answer.data.size() == 1 && answer.data[0] >= 1 &&
      answer.data[0] <= max_channel) {
    channel_ = Channel(card_, answer.data[0]);
  } else {
    options_.note("the card gave no logical channel; using the basic one");
  }
}

void Isdr::close_channel() noexcept {
  if (channel_.number() == 0) return;
  try {
    Channel(card_).exchange(close_channel_command(channel_.number()));
  } catch (const base::Error&) {  // NOLINT(bugprone-empty-catch): the card is gone, the channel too
  }
}

Command Isdr::select_command(const Aid& aid) const {
  return {0x00, 0xA4, 0x04, 0x00, {aid.octets().begin(), aid.octets().end()}, le_};
}

/// Only for what can be asked twice without harm.
Response Isdr::with_le_or_without(const std::function<Response()>& ask) {
  auto response = ask();
  if (response.sw != wrong_length || !le_ || channel_.protocol() == Protocol::t0) return response;
  const auto le = std::exchange(le_, std::nullopt);
  auto without = ask();
  if (without.sw == wrong_length) {
    le_ = le;  // it was not the Le
    return response;
  }
  options_.note("the card takes no Le in commands with data; going on without");
  return without;
}

/// An SGP.02 card has no ISD-R for a device to talk to, but its ECASD gives the EID by GET DATA.
std::optional<Eid> Isdr::m2m_eid() {
  if (!channel_.exchange(select_command(ecasd_aid())).ok()) return std::nullopt;
  for (const auto cla : std::array<std::uint8_t, 2>{0x80, 0x00}) {
    const auto answer = channel_.exchange({cla, 0xCA, 0x00, 0x5A, {}, 256});
    if (answer.ok()) return eid_in(answer.data);
  }
  return std::nullopt;
}

/// The card closed the channel that it had opened itself, as it does when it is reset.
void Isdr::must_have_channel(const Response& response) const {
  if (channel_.number() == 0 || response.sw != channel_not_open) return;
  throw base::Error(base::ErrorKind::card, "card.reset", "the card was reset in between")
      .hint("run the command again");
}

bool Isdr::select(const Aid& aid) {
  const auto selected = with_le_or_without([&] { return channel_.exchange(select_command(aid)); });
  must_have_channel(selected);
  if (!selected.ok()) {
    if (!missed_.without_eid) missed_.last_status = selected.sw;
    return false;
  }
  const auto answer = with_le_or_without([&] { return exchange(eid_request); });
  must_have_channel(answer);
  const auto eid = answer.ok() ? eid_in(answer.data) : std::nullopt;
  if (!eid) {
    if (!missed_.without_eid) missed_ = {std::nullopt, aid, answer.sw};
    return false;
  }
  aid_ = aid;
  eid_ = *eid;
  version_ = version_in(selected.data);
  return true;
}

Response Isdr::exchange(base::ByteView request) {
  for (;;) {
    if (request.size() > block_size_ * max_blocks) {
      throw base::Error(base::ErrorKind::card, "card.too-long",
                        "a request of " + std::to_string(request.size()) + " octets is more than " +
                            std::to_string(max_blocks) + " blocks");
    }
    const auto smaller = std::ranges::find_if(
        block_sizes, [&](auto size) { return size < block_size_ && size < request.size(); });
    const bool may_restart = smaller != block_sizes.end();
    if (const auto response = segment(request, may_restart)) return *response;
    block_size_ = *smaller;
    options_.note("the card refused a long block; going on with blocks of " +
                  std::to_string(block_size_));
  }
}

std::optional<Response> Isdr::segment(base::ByteView request, bool may_restart) {
  for (std::size_t number = 0;; ++number) {
    const auto at = number * block_size_;
    const auto part = request.subspan(at, std::min(block_size_, request.size() - at));
    const bool last = at + part.size() == request.size();
    const Command command{0x80,
                          0xE2,
                          last ? last_block : more_blocks,
                          static_cast<std::uint8_t>(number),
                          {part.begin(), part.end()},
                          le_};
    // Where a block as long got through before, it is not its length.
    may_restart = may_restart && number == 0 && part.size() > taken_;
    Response response;
    try {
      response = channel_.exchange(command);
    } catch (const base::Error& error) {
      if (may_restart && error.code() == "card.transmit") return std::nullopt;
      throw;
    }
    if (may_restart && too_long_for_the_way(response)) return std::nullopt;
    if (response.ok()) taken_ = std::max(taken_, part.size());
    if (last || !response.ok()) return response;
    if (!response.data.empty()) {
      throw base::Error(base::ErrorKind::card, "card.early-answer",
                        "the card answered before it had the whole request")
          .hint("take the card out and put it back in; another reader may help");
    }
  }
}

void Isdr::restart(base::Clock& clock, base::Clock::Duration limit) {
  const auto deadline = clock.now() + limit;
  const auto eid = eid_;
  for (;;) {
    channel_ = Channel(card_);  // a reset closes every other one
    try {
      card_.reset();
      open_channel();
      if (select(aid_)) break;
      if (clock.now() >= deadline) {
        throw base::Error(base::ErrorKind::card, "card.not-back",
                          "the card did not come back after its reset");
      }
    } catch (const base::Error& error) {
      const bool gone = error.code() == "card.removed" || error.code() == "card.mute";
      if (gone || clock.now() >= deadline) throw;
    }
    clock.wait(poll_interval);
  }
  if (eid_ != eid) {
    throw base::Error(base::ErrorKind::card, "card.changed", "another card is in the reader now");
  }
}

}  // namespace lpa
