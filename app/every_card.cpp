#include "app/every_card.hpp"

#include <exception>
#include <thread>

namespace app {

std::vector<std::string> cards_that_are_there(const World& world, const CardChoice& choice) {
  std::vector<std::string> names;
  for (const auto& reader : readers_with_card(matching_readers(world, choice)))
    names.push_back(reader.name);
  return names;
}

void at_once(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::vector<std::exception_ptr> thrown(count);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < count; ++i) {
      threads.emplace_back([&, i] {
        try {
          work(i);
        } catch (...) {
          thrown[i] = std::current_exception();
        }
      });
    }
  }
  for (const auto& each : thrown) {
    if (each) std::rethrow_exception(each);
  }
}

Observer shared_observer(const Observer& observer, std::mutex& mutex, const std::string& card) {
  Observer shared;
  shared.note = [&, card](const std::string& sentence) {
    const std::scoped_lock lock(mutex);
    observer.note(card + ": " + sentence);
  };
  shared.news = [&, card](const std::string& sentence) {
    const std::scoped_lock lock(mutex);
    observer.news(card + ": " + sentence);
  };
  shared.opened = [&](const std::string& name, const lpa::Card& opened) {
    const std::scoped_lock lock(mutex);
    observer.opened(name, opened);
  };
  shared.exchange = [&](const Exchange& exchange) {
    const std::scoped_lock lock(mutex);
    observer.exchange(exchange);
  };
  return shared;
}

}  // namespace app
