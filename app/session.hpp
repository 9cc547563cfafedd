#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/card_memory.hpp"
#include "app/recover.hpp"
#include "app/world.hpp"
#include "base/file_lock.hpp"
#include "lpa/euicc.hpp"
#include "lpa/isdr.hpp"

namespace app {

/// Which card the user means, and how long to wait for it.
struct CardChoice {
  std::string card;  ///< a reader's name or a part of it, or SCHEME[:ARGUMENT]; empty: the only
                     ///< eUICC there is; "all": every one
  std::optional<lpa::Aid> aid;
  std::optional<unsigned> secure_element;
  std::chrono::seconds wait{10};
  bool as_unknown = false;  ///< as if such a card had never been seen (CardMemory)

  [[nodiscard]] bool all_cards() const { return card == "all"; }
};

/// A card that is ours alone until this goes: locked against other esimctl, held against other
/// programs.
struct OpenCard {
  std::string name;  ///< fit for --card
  std::optional<base::FileLock> lock;
  std::unique_ptr<lpa::Card> card;
};

/// The candidates for `choice.card`; all readers when it is empty or "all". An exact name is the
/// only candidate, a scheme likewise. Throws Error `card.not-found` (not_found) when there is none,
/// and what World::readers throws.
std::vector<lpa::Reader> matching_readers(const World& world, const CardChoice& choice);

/// Those of `readers` that hold a card. Throws Error of kind card: `card.no-reader` when there is
/// no reader, `card.none` when none has a card.
std::vector<lpa::Reader> readers_with_card(std::vector<lpa::Reader> readers);

/// Locks and connects the card in `reader`. Throws Error of kind card: `card.busy` with who holds
/// it, and what World::connect throws.
OpenCard open_card(const World& world, const Observer& observer, const CardChoice& choice,
                   const std::string& reader);

/// What is remembered for the card of that name: nothing for one in no reader, and with
/// `choice.as_unknown`.
CardMemory card_memory(const World& world, const CardChoice& choice, const std::string& card);

/// How to look for the ISD-R of a card: as the user says, and as worked with its kind.
lpa::IsdrOptions isdr_options(const CardMemory& memory, const Observer& observer,
                              const CardChoice& choice, const lpa::Card& card);

/// An eUICC with its ISD-R selected.
class Session {
 public:
  /// `parting` is told at the end what turned out to work with the card.
  using Parting = std::function<void(const Session& session, const lpa::Habits& habits)>;

  Session(OpenCard card, std::unique_ptr<lpa::Isdr> isdr, Parting parting = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] const std::string& card_name() const { return card_.name; }
  [[nodiscard]] lpa::Card& card() const { return *card_.card; }
  [[nodiscard]] lpa::Isdr& isdr() { return *isdr_; }
  [[nodiscard]] const lpa::Eid& eid() const { return isdr_->eid(); }
  [[nodiscard]] lpa::Euicc& euicc() { return euicc_; }

  /// The downloads onto this card that were found broken off when it was opened.
  [[nodiscard]] const std::vector<Recovered>& recovered() const { return recovered_; }
  void set_recovered(std::vector<Recovered> recovered) { recovered_ = std::move(recovered); }

  /// The form of a switch (app::enable) that is tried first; set to the one that worked.
  [[nodiscard]] unsigned switch_form() const { return switch_form_; }
  void set_switch_form(unsigned form) { switch_form_ = form; }

 private:
  OpenCard card_;  // before the ISD-R, which says goodbye to it
  std::unique_ptr<lpa::Isdr> isdr_;
  lpa::Euicc euicc_;
  Parting parting_;
  unsigned switch_form_ = 0;
  std::vector<Recovered> recovered_;
};

/// Opens the eUICC that the user means.
///
/// Throws Error: `card.several` (usage) when there are several eUICCs and none is named;
/// `card.ambiguous` (not_found); of kind card: `card.no-reader`, `card.none`, `card.not-euicc`,
/// `card.no-eid`, `card.m2m`; and those of matching_readers, open_card and Isdr::find.
std::unique_ptr<Session> open_session(const World& world, const Observer& observer,
                                      const CardChoice& choice);

}  // namespace app
