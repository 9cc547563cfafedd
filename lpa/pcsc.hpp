#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "lpa/card.hpp"

/// Cards in PC/SC readers, by way of libpcsclite. Every call into it can be waited for in vain (a
/// hung service, another program's transaction, a mute card), so each has a time limit. Every code
/// that it returns becomes an Error with a sentence and a hint from lpa/status.hpp; codes thrown:
/// `pcsc.no-service`, `pcsc.no-access`, `card.busy`, `card.removed`, `card.reset`, `card.mute`,
/// `card.transmit`, `card.protocol`, `pcsc.failed` (all of kind card).
namespace lpa::pcsc {

/// How long a call may take before it is given up.
struct Limits {
  /// The service answers questions about readers at once, or it hangs.
  std::chrono::milliseconds service = std::chrono::seconds(10);
  /// Longer than any command but installing takes (Card::set_patience); the card asks the reader
  /// for more time within it.
  std::chrono::milliseconds command = std::chrono::seconds(20);
  /// Powering a card and beginning a transaction that nobody contests takes this long at most.
  std::chrono::milliseconds connecting = std::chrono::seconds(3);
};

/// The readers and which of them hold a card; none is an empty list.
std::vector<Reader> readers();

/// Powers the card in the reader of that exact name, shared with other programs, and holds a
/// transaction on it until the Card goes, so that nobody comes between two commands. Waits up to
/// `wait` for others' to end, or for another program that has the card for itself alone. Protocol:
/// the one that the card's answer to reset offers, T=0 when it offers both.
std::unique_ptr<Card> connect(const std::string& reader, std::chrono::milliseconds wait);

/// The same with other limits.
std::vector<Reader> readers_within(const Limits& limits);
std::unique_ptr<Card> connect_within(const Limits& limits, const std::string& reader,
                                     std::chrono::milliseconds wait);

}  // namespace lpa::pcsc
