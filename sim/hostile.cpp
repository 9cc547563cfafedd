#include "sim/hostile.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "sim/card.hpp"
#include "sim/card_device.hpp"

namespace sim {
namespace {

/// What becomes of one command; without an answer the card is mute or gone.
struct Reaction {
  std::optional<base::Bytes> answer;
  bool present = true;
};

using Spoiler = std::function<Reaction(Card&, base::ByteView)>;

class Spoilt final : public Device {
 public:
  Spoilt(State state, Spoiler spoiler) : card_(std::move(state)), spoiler_(std::move(spoiler)) {}

  void power_on() override { card_.power_on(); }
  void power_off() override { card_.power_off(); }
  void reset() override { card_.reset(); }
  [[nodiscard]] base::Bytes atr() const override { return card_.atr(); }
  [[nodiscard]] bool present() const override { return present_; }
  std::optional<base::Bytes> transmit(base::ByteView command) override {
    auto reaction = spoiler_(card_, command);
    present_ = reaction.present;
    return std::move(reaction.answer);
  }

 private:
  Card card_;
  Spoiler spoiler_;
  bool present_ = true;
};

bool is_ins(base::ByteView command, std::uint8_t ins) {
  return command.size() >= 4 && command[1] == ins;
}
bool is_store_data(base::ByteView command) { return is_ins(command, 0xE2); }
bool is_get_response(base::ByteView command) { return is_ins(command, 0xC0); }

/// A tag of more octets than there are, then anything.
base::Bytes garbage() {
  return {0x1F, 0xFF, 0xFF, 0xFF, 0x07, 0xDE, 0xAD, 0xBE, 0xEF, 0x00, 0x80, 0x90, 0x00};
}

Spoiler mute_after(std::size_t count) {
  return [left = count](Card& card, base::ByteView command) mutable -> Reaction {
    if (left == 0) return {};
    --left;
    return {card.transmit(command)};
  };
}

Spoiler remove_after(std::size_t count) {
  return [left = count](Card& card, base::ByteView command) mutable -> Reaction {
    if (left == 0) return {std::nullopt, false};
    --left;
    return {card.transmit(command)};
  };
}

/// The command is carried out, but its answer does not get through.
Spoiler garbage_at(std::size_t number) {
  return [number, count = std::size_t{0}](Card& card, base::ByteView command) mutable -> Reaction {
    auto answer = card.transmit(command);
    return {++count == number ? garbage() : std::move(answer)};
  };
}

/// Another program resets the card, and the reader does not tell.
Spoiler reset_at(std::size_t number) {
  return [number, count = std::size_t{0}](Card& card, base::ByteView command) mutable -> Reaction {
    if (++count == number) card.reset();
    return {card.transmit(command)};
  };
}

/// STORE DATA is answered by `answer`, status word included, whatever was asked.
Spoiler always(const base::Bytes& answer) {
  return [answer](Card& card, base::ByteView command) -> Reaction {
    return {is_store_data(command) ? answer : card.transmit(command)};
  };
}

/// There is always more to fetch.
Reaction endless_61(Card& card, base::ByteView command) {
  if (is_store_data(command)) return {base::Bytes{0x61, 0x10}};
  if (!is_get_response(command)) return {card.transmit(command)};
  base::Bytes answer(16, 0x5A);
  answer.insert(answer.end(), {0x61, 0x10});
  return {answer};
}

/// Every Le is wrong.
Reaction endless_6c(Card& card, base::ByteView command) {
  if (is_store_data(command) || is_get_response(command)) return {base::Bytes{0x6C, 0x10}};
  return {card.transmit(command)};
}

/// The whole answer to a command, fetched as a terminal would.
base::Bytes whole_answer(Card& card, base::ByteView command) {
  const auto get_response_class = static_cast<std::uint8_t>(command[0] & 0x7FU);
  base::Bytes whole;
  auto answer = card.transmit(command);
  for (;;) {
    whole.insert(whole.end(), answer.begin(), answer.end() - 2);
    const auto status = *(answer.end() - 2);
    const auto count = answer.back();
    if (status != 0x61) return whole;
    answer = card.transmit(base::Bytes{get_response_class, 0xC0, 0x00, 0x00, count});
  }
}

/// Only the first half of what is told arrives, and all is said to be well.
Reaction truncated(Card& card, base::ByteView command) {
  if (!is_store_data(command)) return {card.transmit(command)};
  auto answer = whole_answer(card, command);
  answer.resize(std::min<std::size_t>(answer.size() / 2, 256));
  answer.insert(answer.end(), {0x90, 0x00});
  return {answer};
}

/// 700 octets and a status word in one piece, which no short APDU can hold.
base::Bytes overlong() {
  base::Bytes answer{0xBF, 0x2D, 0x82, 0x02, 0xB7};
  answer.resize(700, 0x00);
  answer.insert(answer.end(), {0x90, 0x00});
  return answer;
}

State plain_sim(State state) {
  state.options.isdr = false;
  return state;
}

/// SGP.02: the ECASD tells the EID, and there is no ISD-R for a terminal.
State m2m(State state) {
  state.options.isdr = false;
  state.options.ecasd = true;
  return state;
}

/// SGP.32: ipaMode and iotSpecificInfo end EUICCInfo2, as on a real card (YggdraSIM, kigen trace).
State iot(State state) {
  state.info.svn = {2, 6, 0};
  state.info.extra = {0x90, 0x01, 0x01, 0xB4, 0x0B, 0xA0, 0x05, 0x04,
                      0x03, 0x01, 0x02, 0x00, 0x81, 0x00, 0x82, 0x00};
  return state;
}

constexpr std::array<HostileKind, 15> kinds{{
    {"mute-after=N", "answers N commands and then none"},
    {"remove-after=N", "answers N commands and is then pulled out in the middle of the next"},
    {"garbage-at=N", "does what command N says and answers with what is no TLV"},
    {"reset-at=N", "was reset by somebody else before command N"},
    {"garbage", "answers ES10 commands with what is no TLV"},
    {"endless-61", "has always sixteen octets more to fetch"},
    {"endless-6c", "finds every expected length wrong"},
    {"empty", "answers ES10 commands with 9000 alone"},
    {"half-status", "answers ES10 commands with one octet"},
    {"truncated", "gives the first half of each ES10 answer and 9000"},
    {"overlong", "gives 700 octets in one answer"},
    {"plain-sim", "is a SIM without any eUICC"},
    {"m2m", "is an SGP.02 eUICC: no ISD-R, but an ECASD with the EID"},
    {"iot", "is an SGP.32 eUICC: elements of its own at the end of EUICCInfo2"},
    {"none", "behaves"},
}};

std::optional<std::size_t> number_after(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  std::size_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || at != end) return std::nullopt;
  return number;
}

/// The spoiler of that name; empty when there is none.
Spoiler spoiler(std::string_view kind) {
  if (const auto count = number_after(kind, "mute-after=")) return mute_after(*count);
  if (const auto count = number_after(kind, "remove-after=")) return remove_after(*count);
  if (const auto number = number_after(kind, "garbage-at=")) return garbage_at(*number);
  if (const auto number = number_after(kind, "reset-at=")) return reset_at(*number);
  if (kind == "garbage") return always(garbage());
  if (kind == "empty") return always({0x90, 0x00});
  if (kind == "half-status") return always({0x90});
  if (kind == "overlong") return always(overlong());
  if (kind == "endless-61") return endless_61;
  if (kind == "endless-6c") return endless_6c;
  if (kind == "truncated") return truncated;
  return {};
}

}  // namespace

std::span<const HostileKind> hostile_kinds() { return kinds; }

std::unique_ptr<Device> hostile(std::string_view kind, State state) {
  if (auto found = spoiler(kind))
    return std::make_unique<Spoilt>(std::move(state), std::move(found));
  if (kind == "plain-sim")
    state = plain_sim(std::move(state));
  else if (kind == "m2m")
    state = m2m(std::move(state));
  else if (kind == "iot")
    state = iot(std::move(state));
  else if (kind != "none") {
    throw base::Error(base::ErrorKind::usage, "sim.hostile",
                      "there is no hostile card \"" + std::string(kind) + "\"");
  }
  return std::make_unique<CardDevice>(Card(std::move(state)));
}

}  // namespace sim
