#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace lpa {

/// Which of the two protocols of ISO/IEC 7816-3 the reader speaks with the card. It decides how an
/// APDU is written: over T=0 a command with data has no Le.
enum class Protocol { t0, t1 };

/// One smart card in a reader: a command APDU in, its answer out.
class Card {
 public:
  virtual ~Card() = default;

  /// Sends one command as it stands; the answer ends with SW1 SW2 and is at least those two octets.
  /// Throws Error (kind card) when there was no answer: `card.removed`, `card.reset` (by somebody
  /// else), `card.mute` (none within the time that the reader gives it), `card.transmit` (any other
  /// fault on the way).
  virtual base::Bytes transmit(base::ByteView command) = 0;

  /// Resets the card, cold. Afterwards it stands as after insertion: nothing selected, no channel
  /// open. Throws as `transmit`.
  virtual void reset() = 0;

  /// How long the card may take for each command from now on, before it counts as mute; empty: as
  /// long as at first. A card without a time limit does not care.
  virtual void set_patience(std::optional<std::chrono::milliseconds> /*at_most*/) {}

  [[nodiscard]] virtual base::Bytes atr() const = 0;
  [[nodiscard]] virtual Protocol protocol() const = 0;
};

/// Gives a card more time for each command, until this goes. Borrows the card; one at a time.
class Patience {
 public:
  Patience(Card& card, std::chrono::milliseconds at_most) : card_(card) {
    card_.set_patience(at_most);
  }
  ~Patience() { card_.set_patience({}); }
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

 private:
  Card& card_;
};

/// A place where a card can be.
struct Reader {
  std::string name;
  bool card_present = false;
  base::Bytes atr;  ///< of the card that is present
};

}  // namespace lpa
