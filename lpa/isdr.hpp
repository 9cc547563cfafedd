#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "lpa/apdu.hpp"
#include "lpa/card.hpp"
#include "lpa/habits.hpp"
#include "lpa/identifiers.hpp"

namespace lpa {

/// How to find the ISD-R on a card.
struct IsdrOptions {
  std::optional<Aid> aid;                  ///< this one and no other
  std::optional<unsigned> secure_element;  ///< 0 or 1, of a card that has two
  std::vector<Aid> likely{};  ///< tried before all others, unless `aid` or `secure_element` is set
  std::size_t block_size = longest_block;  ///< of the first request
  bool le = true;                          ///< of the first command
  std::function<void(const std::string&)> note = [](const std::string&) {
  };  ///< told what was unusual
};

/// What a card without a usable ISD-R is.
struct NoIsdr {
  std::optional<Eid>
      m2m_eid;  ///< set when it is an SGP.02 (M2M) card: the EID that its ECASD gives
  std::optional<Aid> without_eid;  ///< set when this one could be selected, but gave no EID
  StatusWord last_status = 0;  ///< what that one answered, or the last that could not be selected
};

/// The ISD-R of an eUICC, selected on a logical channel: ES10 requests go in, whole answers come
/// out (SGP.22 v2.5 5.7.1 and 5.7.2).
///
/// Borrows the card. Closes its channel when it goes, if the card still listens.
class Isdr {
 public:
  /// Selects the ISD-R: TERMINAL CAPABILITY, a logical channel (the basic one when the card gives
  /// none), then the identifiers that eUICCs are known to have, the one of SGP.22 first. A selected
  /// application counts only when it gives an EID.
  ///
  /// Over T=1 commands with data end with an Le (ISO/IEC 7816-3 12.1.3, case 4). When a card
  /// refuses that with 6700 in SELECT or in the request for the EID, it is asked the same without
  /// Le; if it then does it, all that follows goes without. Throws as Channel::exchange, and
  /// `card.reset` when the card has closed the channel meanwhile.
  static std::variant<std::unique_ptr<Isdr>, NoIsdr> find(Card& card, IsdrOptions options);

  ~Isdr();
  Isdr(const Isdr&) = delete;
  Isdr& operator=(const Isdr&) = delete;

  /// Sends one ES10 request in STORE DATA blocks and gives the answer with its status word,
  /// whatever that is.
  ///
  /// Blocks are of 255 octets. When the first block of a request is refused (6700, 6A80, 6601, or
  /// it did not get through) and none as long was taken before, the request starts again with
  /// blocks of 120, then 63, and that size is kept; nothing else is ever sent twice. Throws as
  /// Channel::exchange, and `card.too-long` for more than 256 blocks, `card.early-answer` when the
  /// card answers before the request is complete.
  Response exchange(base::ByteView request);

  /// More time for the commands of each exchange, until the result goes.
  [[nodiscard]] Patience patience(std::chrono::milliseconds at_most) { return {card_, at_most}; }

  /// Resets the card and selects the same ISD-R anew, looking again until `limit` has passed on
  /// `clock`. Throws the last Error when the card did not come back.
  void restart(base::Clock& clock, base::Clock::Duration limit);

  [[nodiscard]] const Aid& aid() const { return aid_; }
  [[nodiscard]] const Eid& eid() const { return eid_; }
  /// What turned out to work so far; its `isdr` is empty for the one that is tried first anyway.
  [[nodiscard]] Habits habits() const;

  [[nodiscard]] unsigned channel() const { return channel_.number(); }

  /// SGP.22 version from the answer to SELECT (its template E0); empty when the card does not say.
  [[nodiscard]] const std::optional<Version>& version() const { return version_; }

 private:
  Isdr(Card& card, IsdrOptions options);
  void open_channel();
  void close_channel() noexcept;
  bool select(const Aid& aid);
  void must_have_channel(const Response& response) const;
  Response with_le_or_without(const std::function<Response()>& ask);
  [[nodiscard]] Command select_command(const Aid& aid) const;
  std::optional<Eid> m2m_eid();
  std::optional<Response> segment(base::ByteView request, bool may_restart);

  Card& card_;
  IsdrOptions options_;
  Channel channel_;
  Aid aid_;
  Eid eid_;
  std::optional<Version> version_;
  NoIsdr missed_;  ///< what `find` has to tell when no candidate is left
  std::size_t block_size_;
  std::size_t taken_ = 0;          ///< octets of the longest block that the card took
  std::optional<std::size_t> le_;  ///< of commands with data
};

}  // namespace lpa
