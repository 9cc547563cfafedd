#include "app/session.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "app/observed_card.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "lpa/status.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view try_without_hardware =
    "try it without a card: `esimctl --card sim list`";

/// SCHEME[:ARGUMENT] of a card that is in no reader; empty when `card` is not of that form.
struct Scheme {
  std::string name;
  std::string argument;
};
std::optional<Scheme> scheme_of(const World& world, const std::string& card) {
  const auto colon = card.find(':');
  auto name = card.substr(0, colon);
  if (!world.schemes.contains(name)) return std::nullopt;
  return Scheme{std::move(name),
                colon == std::string::npos ? std::string() : card.substr(colon + 1)};
}

std::vector<lpa::Reader> all_readers(const World& world) {
  try {
    return world.readers();
  } catch (Error& error) {
    error.hint(std::string(try_without_hardware));
    throw;
  }
}

std::string joined_names(const std::vector<lpa::Reader>& readers) {
  std::string text;
  for (const auto& reader : readers)
    text += (text.empty() ? "“" : ", “") + base::clean(reader.name) + "”";
  return text.empty() ? "none" : text;
}

/// A file name for the lock of `card`: what is no letter or digit becomes `_`; a long one keeps its
/// end and gets a number that tells it from others with the same end.
std::string lock_name(std::string card) {
  constexpr std::size_t longest = 180;
  const auto number = std::hash<std::string>{}(card);
  for (auto& c : card) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!plain && c != '-' && c != '.') c = '_';
  }
  if (card.size() > longest) {
    card = card.substr(card.size() - longest) + fmt::format("-{:016x}", number);
  }
  return card + ".lock";
}

std::optional<base::FileLock> lock(const World& world, const Observer& observer,
                                   const CardChoice& choice, const std::string& card) {
  for (const auto& directory : world.lock_directories) {
    std::error_code failed;
    if (std::filesystem::is_symlink(directory, failed)) {
      observer.note(directory.string() + " is a symbolic link; no locks are made there");
      continue;
    }
    if (std::filesystem::create_directories(directory, failed)) {
      // For everybody, and nobody removes what is another's.
      std::filesystem::permissions(
          directory, std::filesystem::perms::all | std::filesystem::perms::sticky_bit, failed);
    }
    try {
      auto result = base::FileLock::acquire(directory / lock_name(card), world.clock, choice.wait);
      if (auto* held = std::get_if<base::FileLock::Held>(&result)) {
        throw Error(ErrorKind::card, "card.busy",
                    fmt::format("cannot use {}: another esimctl has it ({})", base::clean(card),
                                held->by.empty() ? "it does not say which" : "process " + held->by))
            .hint("wait until it is done, or wait longer with --wait SECONDS");
      }
      return std::get<base::FileLock>(std::move(result));
    } catch (const Error& error) {
      if (error.code() != "lock.unusable") throw;
      observer.note(error.what());
    }
  }
  return std::nullopt;
}

Error no_isdr(const lpa::NoIsdr& found, const std::string& name, const CardChoice& choice) {
  const auto where = base::clean(name);
  if (const unsigned element = choice.secure_element.value_or(0); element > 0) {
    return Error(ErrorKind::not_found, "card.no-secure-element",
                 fmt::format("the card in {} has no secure element {}", where, element))
        .hint("leave out --se; `esimctl cards` shows what the card has");
  }
  if (found.m2m_eid) {
    return Error(ErrorKind::card, "card.m2m",
                 fmt::format("the card in {} is an SGP.02 (M2M) eUICC with EID {}: its profiles "
                             "are switched by "
                             "its operator over the air, not by a device",
                             where, found.m2m_eid->digits()))
        .hint("use a consumer eUICC (SGP.22) to manage profiles yourself");
  }
  const auto meaning = lpa::status_word_meaning(found.last_status);
  const auto status =
      fmt::format("{:04X}, {}", found.last_status, meaning ? meaning->name : "unknown status word");
  if (found.without_eid) {
    return Error(
               ErrorKind::card, "card.no-eid",
               fmt::format(
                   "the card in {} has an ISD-R ({}) that gives no readable EID (last answer: {})",
                   where, found.without_eid->hex(), status))
        .hint("take the card out and put it back in, then try again")
        .hint("if it has another ISD-R, name that with --aid HEX");
  }
  return Error(ErrorKind::card, "card.not-euicc",
               fmt::format("the card in {} is no eUICC that esimctl knows: it has no ISD-R {} "
                           "(last answer: {})",
                           where, choice.aid ? "of that identifier" : "of any known identifier",
                           status))
      .hint("an ordinary SIM card holds one profile for ever; it needs no esimctl")
      .hint("if it is an eUICC of a brand with its own ISD-R, name that with --aid HEX");
}

/// Opens the card and looks for its ISD-R.
struct Found {
  OpenCard card;
  CardMemory memory;
  std::variant<std::unique_ptr<lpa::Isdr>, lpa::NoIsdr> isdr;
};
Found look(const World& world, const Observer& observer, const CardChoice& choice,
           const std::string& reader) {
  auto card = open_card(world, observer, choice, reader);
  auto memory = card_memory(world, choice, reader);
  auto isdr = lpa::Isdr::find(*card.card, isdr_options(memory, observer, choice, *card.card));
  return {std::move(card), std::move(memory), std::move(isdr)};
}

std::unique_ptr<Session> session(Found found, const Observer& observer, const CardChoice& choice) {
  if (const auto* none = std::get_if<lpa::NoIsdr>(&found.isdr)) {
    throw no_isdr(*none, found.card.name, choice);
  }
  auto isdr = std::get<std::unique_ptr<lpa::Isdr>>(std::move(found.isdr));
  const auto known =
      found.memory.habits(found.card.card->atr(), isdr->eid()).value_or(lpa::Habits());
  auto parting = [memory = std::move(found.memory), known, &observer](const Session& ended,
                                                                      const lpa::Habits& habits) {
    if (habits == known) return;
    try {
      memory.keep(ended.card().atr(), ended.eid(), habits);
    } catch (const std::system_error& error) {
      observer.note(fmt::format("what works with this card could not be kept: {}", error.what()));
    }
  };
  auto session =
      std::make_unique<Session>(std::move(found.card), std::move(isdr), std::move(parting));
  session->set_switch_form(known.switch_form);
  return session;
}

/// Several cards and none named: the only one that is an eUICC, or an error that lists what is
/// there. A card that could not be asked may be one as well, so that too leaves the choice to the
/// user.
std::unique_ptr<Session> only_euicc(const World& world, const Observer& observer,
                                    const CardChoice& choice,
                                    const std::vector<lpa::Reader>& readers) {
  std::vector<std::unique_ptr<Session>> sessions;
  std::vector<std::string> unclear;
  std::vector<std::string> others;
  for (const auto& reader : readers) {
    try {
      sessions.push_back(session(look(world, observer, choice, reader.name), observer, choice));
    } catch (const Error& error) {
      const bool certain = error.code() == "card.not-euicc" || error.code() == "card.m2m" ||
                           error.code() == "card.no-secure-element";
      (certain ? others : unclear)
          .push_back(fmt::format("'{}': {}", base::clean(reader.name), error.what()));
    }
  }
  if (sessions.size() == 1 && unclear.empty()) return std::move(sessions.front());
  const bool none = sessions.empty();
  Error error(none ? ErrorKind::card : ErrorKind::usage, none ? "card.not-euicc" : "card.several",
              none ? "no card that is there can be used as an eUICC"
              : sessions.size() > 1
                  ? fmt::format("there are {} eUICCs, and none is named", sessions.size())
                  : "there are several cards, and none is named");
  for (const auto& each : sessions) {
    error.hint(fmt::format("--card '{}' (EID {})", base::clean(each->card_name()),
                           each->euicc().eid().digits()));
  }
  for (const auto& text : unclear) error.hint("--card " + text);
  if (none) {
    for (const auto& text : others) error.hint(text);
  }
  throw error;
}

}  // namespace

Session::Session(OpenCard card, std::unique_ptr<lpa::Isdr> isdr, Parting parting)
    : card_(std::move(card)),
      isdr_(std::move(isdr)),
      euicc_(*isdr_),
      parting_(std::move(parting)) {}

Session::~Session() {
  if (!parting_) return;
  auto habits = isdr_->habits();
  habits.switch_form = switch_form_;
  parting_(*this, habits);
}

std::vector<lpa::Reader> matching_readers(const World& world, const CardChoice& choice) {
  if (scheme_of(world, choice.card)) return {{choice.card, true, {}}};
  auto readers = all_readers(world);
  if (choice.card.empty() || choice.all_cards()) return readers;
  const auto exact = std::ranges::find(readers, choice.card, &lpa::Reader::name);
  if (exact != readers.end()) return {*exact};
  const auto part = base::lower(choice.card);
  auto matching = readers;
  std::erase_if(matching, [&](const lpa::Reader& reader) {
    return base::lower(reader.name).find(part) == std::string::npos;
  });
  if (matching.empty()) {
    throw Error(ErrorKind::not_found, "card.not-found",
                fmt::format("no reader is called “{}”", base::clean(choice.card)))
        .hint("readers: " + joined_names(readers))
        .hint(std::string(try_without_hardware));
  }
  return matching;
}

std::vector<lpa::Reader> readers_with_card(std::vector<lpa::Reader> readers) {
  if (readers.empty()) {
    throw Error(ErrorKind::card, "card.no-reader", "there is no smart card reader")
        .hint("plug a reader in; `esimctl cards` shows what is there")
        .hint(std::string(try_without_hardware));
  }
  const auto names = joined_names(readers);
  std::erase_if(readers, [](const lpa::Reader& reader) { return !reader.card_present; });
  if (readers.empty()) {
    throw Error(ErrorKind::card, "card.none", fmt::format("there is no card in {}", names))
        .hint("put the eUICC in (contacts down, notch as drawn on the reader)")
        .hint(std::string(try_without_hardware));
  }
  return readers;
}

OpenCard open_card(const World& world, const Observer& observer, const CardChoice& choice,
                   const std::string& reader) {
  OpenCard open{reader, std::nullopt, nullptr};
  if (const auto scheme = scheme_of(world, reader)) {
    if (!scheme->argument.empty()) {
      const auto file = std::filesystem::absolute(scheme->argument).lexically_normal();
      open.lock = lock(world, observer, choice, scheme->name + ":" + file.string());
    }
    open.card = world.schemes.at(scheme->name)(scheme->argument, observer);
  } else {
    open.lock = lock(world, observer, choice, reader);
    open.card = world.connect(reader, choice.wait);
  }
  observer.opened(reader, *open.card);
  open.card = observed(std::move(open.card), observer, world.clock);
  return open;
}

CardMemory card_memory(const World& world, const CardChoice& choice, const std::string& card) {
  const bool kept = !choice.as_unknown && !scheme_of(world, card);
  return CardMemory(kept ? world.state_directory : std::filesystem::path());
}

lpa::IsdrOptions isdr_options(const CardMemory& memory, const Observer& observer,
                              const CardChoice& choice, const lpa::Card& card) {
  lpa::IsdrOptions options;
  options.aid = choice.aid;
  options.secure_element = choice.secure_element;
  options.note = observer.note;
  const auto known = memory.habits(card.atr());
  for (const auto& habits : known) {
    if (habits.isdr) options.likely.push_back(*habits.isdr);
  }
  if (known.size() == 1) {  // else they may be another kind's
    options.block_size = known.front().block_size;
    options.le = known.front().le;
  }
  return options;
}

std::unique_ptr<Session> open_session(const World& world, const Observer& observer,
                                      const CardChoice& choice) {
  const auto readers = matching_readers(world, choice);
  if (!choice.card.empty() && readers.size() > 1) {
    throw Error(ErrorKind::not_found, "card.ambiguous",
                fmt::format("“{}” fits {} readers", base::clean(choice.card), readers.size()))
        .hint("readers: " + joined_names(readers));
  }
  const auto with_card = readers_with_card(readers);
  if (with_card.size() > 1) return only_euicc(world, observer, choice, with_card);
  return session(look(world, observer, choice, with_card.front().name), observer, choice);
}

}  // namespace app
