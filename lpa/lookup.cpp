#include "lpa/lookup.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "lpa/tlv.hpp"
#include "lpa/traffic.hpp"

namespace lpa {
namespace {

constexpr StatusWord success = 0x9000;
constexpr StatusWord not_recorded = 0x6A88;
constexpr std::size_t most_at_once = 256;

constexpr tlv::Tag get_profiles_info = 0xBF2D;
constexpr tlv::Tag get_euicc_data = 0xBF3E;
constexpr std::array<tlv::Tag, 7> reading_functions{
    0xBF20, 0xBF22, 0xBF28, 0xBF3C, 0xBF43, get_profiles_info, get_euicc_data};

/// One command of the recording and its whole answer.
struct Entry {
  std::uint8_t instruction = 0;
  MaskedBytes request;
  base::Bytes answer;
  StatusWord sw = 0;

  [[nodiscard]] bool ok() const { return sw == success || (sw >> 8U) == 0x91; }
};

std::optional<tlv::Element> element_in(base::ByteView octets) {
  try {
    return tlv::single(octets);
  } catch (const tlv::Malformed&) {
    return std::nullopt;
  }
}

tlv::Tag function_of(base::ByteView request) {
  const auto element = element_in(request);
  return element ? element->tag : 0;
}

/// True when the request names some of the profiles, so that its answer is not all of them.
bool has_criteria(base::ByteView request) {
  const auto element = element_in(request);
  return element && !element->value.empty() && element->value[0] == 0xA0;
}

std::vector<Entry> entries_of(const Recording& recording) {
  std::vector<Entry> entries;
  TrafficAssembler assembler;
  for (const auto& exchange : recording.exchanges) {
    const auto whole = assembler.add(exchange.command.octets, exchange.answer.octets);
    if (!whole || whole->sw == 0) continue;
    Entry entry{whole->command.ins, {}, {}, whole->sw};
    for (const auto& piece : whole->request) {
      const auto& from = recording.exchanges[piece.exchange].command;
      for (auto at = piece.offset; at < piece.offset + piece.size; ++at) {
        entry.request.octets.push_back(from.octets[at]);
        entry.request.hidden.push_back(from.hidden[at]);
      }
    }
    for (const auto& piece : whole->answer) {
      const auto part = base::ByteView(recording.exchanges[piece.exchange].answer.octets)
                            .subspan(piece.offset, piece.size);
      entry.answer.insert(entry.answer.end(), part.begin(), part.end());
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

class Lookup final : public Card {
 public:
  explicit Lookup(const Recording& recording)
      : atr_(recording.atr), protocol_(recording.protocol), entries_(entries_of(recording)) {}

  /// True when the EID is in the recording; otherwise one is made up.
  bool has_eid() const {
    return std::ranges::any_of(entries_, [](const Entry& entry) {
      return entry.ok() && function_of(entry.request.octets) == get_euicc_data;
    });
  }
  void make_up_eid() {
    // 89 is what every EID begins with (SGP.29); the rest is nobody's.
    Entry entry{ins::store_data, {}, {0xBF, 0x3E, 0x12, 0x5A, 0x10, 0x89}, success};
    entry.request.octets = {0xBF, 0x3E, 0x03, 0x5C, 0x01, 0x5A};
    entry.request.hidden.resize(entry.request.octets.size(), false);
    entry.answer.resize(21, 0x00);
    entries_.push_back(std::move(entry));
  }

  base::Bytes transmit(base::ByteView octets) override {
    const auto command = sent_command(octets);
    if (!command) return with_status({}, 0x6700);
    const auto data = octets.subspan(command->data_at, command->data_size);
    switch (command->ins) {
      case ins::manage_channel:
        return with_status(command->p1 == 0 ? base::Bytes{1} : base::Bytes{}, success);
      case ins::terminal_capability:
        return with_status({}, success);
      case ins::get_response:
        return hand_out();
      case ins::select:
        return begin(select(data));
      case ins::store_data:
        if (command->p2 == 0) chain_.clear();
        chain_.insert(chain_.end(), data.begin(), data.end());
        if ((command->p1 & 0x80U) == 0) return with_status({}, success);
        return begin(es10(std::exchange(chain_, {})));
      default:
        return with_status({}, 0x6D00);
    }
  }

  void reset() override { waiting_ = {}; }
  [[nodiscard]] base::Bytes atr() const override { return atr_; }
  [[nodiscard]] Protocol protocol() const override { return protocol_; }

 private:
  static base::Bytes with_status(base::Bytes data, StatusWord sw) {
    data.push_back(static_cast<std::uint8_t>(sw >> 8U));
    data.push_back(static_cast<std::uint8_t>(sw));
    return data;
  }

  [[nodiscard]] const Entry* select(base::ByteView aid) const {
    const auto selected = [](const Entry& entry) {
      return entry.instruction == ins::select && entry.ok();
    };
    const auto found = std::ranges::find_if(
        entries_, [&](const Entry& entry) { return selected(entry) && entry.request.fits(aid); });
    if (found != entries_.end()) return &*found;
    static const Entry any{ins::select, {}, {}, success};
    static const Entry none{ins::select, {}, {}, 0x6A82};
    return std::ranges::any_of(entries_, selected) ? &none : &any;
  }

  [[nodiscard]] const Entry* es10(const base::Bytes& request) {
    std::vector<const Entry*> fitting;
    for (const auto& entry : entries_) {
      if (entry.instruction == ins::store_data && entry.request.fits(request))
        fitting.push_back(&entry);
    }
    if (!fitting.empty()) {
      auto& next = asked_[request];
      return fitting[std::min(next++, fitting.size() - 1)];
    }
    return same_function(request);
  }

  [[nodiscard]] const Entry* same_function(base::ByteView request) const {
    const auto function = function_of(request);
    if (std::ranges::find(reading_functions, function) == reading_functions.end()) return nullptr;
    const Entry* best = nullptr;
    for (const auto& entry : entries_) {
      const auto asked = base::ByteView(entry.request.octets);
      if (!entry.ok() || function_of(asked) != function || has_criteria(asked)) continue;
      if (best == nullptr || entry.answer.size() > best->answer.size()) best = &entry;
    }
    return best;
  }

  base::Bytes begin(const Entry* entry) {
    if (entry == nullptr) return with_status({}, not_recorded);
    waiting_ = entry->answer;
    status_ = entry->sw;
    return hand_out();
  }

  /// Up to 256 octets; the rest waits behind 61xx. That is also right over T=0, where a terminal
  /// takes what comes.
  base::Bytes hand_out() {
    const auto size = std::min(waiting_.size(), most_at_once);
    const auto middle = waiting_.begin() + static_cast<std::ptrdiff_t>(size);
    base::Bytes now(waiting_.begin(), middle);
    waiting_.erase(waiting_.begin(), middle);
    if (waiting_.empty()) return with_status(std::move(now), status_);
    const auto left = std::min(waiting_.size(), most_at_once) % most_at_once;
    return with_status(std::move(now), static_cast<StatusWord>(0x6100U | left));
  }

  base::Bytes atr_;
  Protocol protocol_;
  std::vector<Entry> entries_;
  std::map<base::Bytes, std::size_t> asked_;  ///< how often each request was
  base::Bytes chain_;
  base::Bytes waiting_;
  StatusWord status_ = success;
};

}  // namespace

std::unique_ptr<Card> lookup(const Recording& recording,
                             const std::function<void(const std::string&)>& note) {
  auto card = std::make_unique<Lookup>(recording);
  if (!card->has_eid()) {
    card->make_up_eid();
    note("the recording has no EID; 89 and thirty zeros stand for it");
  }
  return card;
}

}  // namespace lpa
