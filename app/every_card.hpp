#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "app/session.hpp"
#include "app/world.hpp"

namespace app {

/// The names of all cards that are there and that `choice.card` fits, in the order of the readers.
/// Throws as matching_readers, and Error `card.no-reader`, `card.none` (card) when there is none.
std::vector<std::string> cards_that_are_there(const World& world, const CardChoice& choice);

/// Calls `work` with 0, 1, … below `count`, each on a thread of its own, and waits for all. An
/// exception that leaves one is thrown once all are done, the first of them.
void at_once(std::size_t count, const std::function<void(std::size_t)>& work);

/// `observer` for one of several cards that are used at once: one at a time reaches it, notes with
/// the card's name before them. Borrows all three.
Observer shared_observer(const Observer& observer, std::mutex& mutex, const std::string& card);

}  // namespace app
