#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/bytes.hpp"
#include "sim/apdu.hpp"
#include "sim/es10.hpp"
#include "sim/session.hpp"
#include "sim/state.hpp"
#include "sim/store_data.hpp"

namespace sim {

/// A consumer eUICC in process: command in, answer with status word out. It starts powered, as it
/// was left: channels open (Line::leaked_channels), the CAT busy; so it still is after the first
/// power_on().
class Card {
 public:
  using OnChange = std::function<void(const State&)>;

  /// `on_change` is called before the answer to a command that changed the state; what it throws
  /// leaves transmit() and the state as it was.
  explicit Card(State state, OnChange on_change = {});

  /// The answer, status word last; nothing at all without power.
  base::Bytes transmit(base::ByteView command);

  void power_on();
  void power_off();
  void reset();

  [[nodiscard]] base::Bytes atr() const;
  [[nodiscard]] const State& state() const { return state_; }

 private:
  enum class Application : std::uint8_t { none, isdr, ecasd };

  struct Channel {
    bool open = false;
    Application selected = Application::none;
    StoreData chain;
  };

  struct Answer {
    base::Bytes data;
    std::uint16_t status = 0x9000;
  };

  /// What GET RESPONSE will give, on the channel of the command that made it.
  struct Waiting {
    std::size_t channel = 0;
    Answer answer;
  };

  base::Bytes execute(const Command& command);
  base::Bytes get_response(const Command& command, std::optional<Waiting> waiting);
  Answer manage_channel(const Command& command, const Body& body);
  Answer select(const Command& command, const Body& body);
  Answer terminal_capability(const Command& command, const Body& body);
  Answer store_data(const Command& command, const Body& body);
  Answer get_data(const Command& command, const Body& body);
  [[nodiscard]] Es10Answer run(const base::Bytes& request) const;
  Answer es10(Es10Answer made, bool switches);

  base::Bytes deliver(std::size_t channel, Answer answer, const Body& body);
  base::Bytes hand_out(std::size_t channel, Answer answer, std::size_t count);
  [[nodiscard]] std::optional<std::uint16_t> wrong_length(const Body& body,
                                                          std::size_t available) const;
  [[nodiscard]] std::optional<std::uint16_t> wrong_length(const Body& body,
                                                          const base::Bytes& answer) const;
  void must_fit(const Body& body, std::size_t available) const;
  void as_found();

  State state_;
  OnChange on_change_;
  std::array<Channel, 20> channels_{};  // ETSI TS 102 221 8.7: 19 besides the basic one
  std::optional<Waiting> waiting_;
  Session session_;
  bool powered_ = true;
  bool found_ = false;    // and powered by a reader
  bool has_lpa_ = false;  // as TERMINAL CAPABILITY said
  bool busy_ = false;     // until reset
  CatBusy cat_busy_ = CatBusy::never;
  std::optional<State> listed_;  // with the profiles that the list tells until reset
};

}  // namespace sim
