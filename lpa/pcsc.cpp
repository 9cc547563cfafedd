#include "lpa/pcsc.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <winscard.h>

#include "base/error.hpp"
#include "base/within.hpp"
#include "lpa/atr.hpp"
#include "lpa/status.hpp"

namespace lpa::pcsc {
namespace {

/// Short commands get at most 258 octets; a reader that gathers a long answer by itself may give
/// more.
constexpr std::size_t largest_answer = MAX_BUFFER_SIZE_EXTENDED;

constexpr std::uint32_t number_of(LONG code) { return static_cast<std::uint32_t>(code); }

std::string_view code_of(LONG code) {
  switch (number_of(code)) {
    case number_of(SCARD_E_NO_SERVICE):
    case number_of(SCARD_E_SERVICE_STOPPED):
      return "pcsc.no-service";
    case number_of(SCARD_W_SECURITY_VIOLATION):
      return "pcsc.no-access";
    case number_of(SCARD_E_SHARING_VIOLATION):
      return "card.busy";
    case number_of(SCARD_W_REMOVED_CARD):
    case number_of(SCARD_E_NO_SMARTCARD):
    case number_of(SCARD_E_READER_UNAVAILABLE):
    case number_of(SCARD_E_UNKNOWN_READER):
      return "card.removed";
    case number_of(SCARD_W_RESET_CARD):
      return "card.reset";
    case number_of(SCARD_E_NOT_TRANSACTED):
    case number_of(SCARD_E_COMM_DATA_LOST):
      return "card.transmit";
    case number_of(SCARD_E_INSUFFICIENT_BUFFER):
      return "card.malformed-answer";
    case number_of(SCARD_E_PROTO_MISMATCH):
      return "card.protocol";
    default:
      return "pcsc.failed";
  }
}

/// What is known of `code`, or what can be said of one that is not.
Meaning meaning_of(LONG code) {
  constexpr Meaning unknown{0, "unknown code", "the PC/SC service failed", "restart pcscd"};
  return pcsc_meaning(number_of(code)).value_or(unknown);
}

base::Error error_for(LONG code, std::string_view what) {
  const auto meaning = meaning_of(code);
  return base::Error(base::ErrorKind::card, std::string(code_of(code)),
                     fmt::format("cannot {}: {} ({}, {:08X})", what, meaning.cause, meaning.name,
                                 number_of(code)))
      .hint(std::string(meaning.advice));
}

void check(LONG code, std::string_view what) {
  if (code != SCARD_S_SUCCESS) throw error_for(code, what);
}

std::chrono::seconds::rep seconds(std::chrono::milliseconds limit) {
  return std::chrono::ceil<std::chrono::seconds>(limit).count();
}

base::Error no_answer(std::string_view what, std::chrono::milliseconds limit) {
  return base::Error(base::ErrorKind::card, "card.mute",
                     fmt::format("cannot {}: no answer within {} seconds", what, seconds(limit)))
      .hint("take the card out and put it back in, then try again");
}

/// A context of the service; released when the last owner goes.
class Context {
 public:
  Context() {
    check(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &handle_),
          "reach the PC/SC service");
  }
  ~Context() { SCardReleaseContext(handle_); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] SCARDCONTEXT handle() const { return handle_; }

 private:
  SCARDCONTEXT handle_ = 0;
};

std::vector<std::string> reader_names(const Context& context) {
  DWORD size = 0;
  auto code = SCardListReaders(context.handle(), nullptr, nullptr, &size);
  if (code == SCARD_E_NO_READERS_AVAILABLE) return {};
  check(code, "list the readers");
  std::string names(size, '\0');
  code = SCardListReaders(context.handle(), nullptr, names.data(), &size);
  if (code == SCARD_E_NO_READERS_AVAILABLE) return {};
  check(code, "list the readers");
  std::vector<std::string> list;
  for (std::size_t at = 0; at < names.size() && names[at] != '\0';) {
    list.emplace_back(names.c_str() + at);
    at += list.back().size() + 1;
  }
  return list;
}

std::vector<Reader> readers_now() {
  const Context context;
  const auto names = reader_names(context);
  if (names.empty()) return {};
  std::vector<SCARD_READERSTATE> states(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    states[i].szReader = names[i].c_str();
    states[i].dwCurrentState = SCARD_STATE_UNAWARE;
  }
  check(SCardGetStatusChange(context.handle(), 0, states.data(), static_cast<DWORD>(states.size())),
        "look into the readers");
  std::vector<Reader> list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto size = std::min<std::size_t>(states[i].cbAtr, sizeof states[i].rgbAtr);
    list.push_back({names[i], (states[i].dwEventState & SCARD_STATE_PRESENT) != 0,
                    base::Bytes(states[i].rgbAtr, states[i].rgbAtr + size)});
  }
  return list;
}

DWORD flag(Protocol protocol) {
  return protocol == Protocol::t0 ? SCARD_PROTOCOL_T0 : SCARD_PROTOCOL_T1;
}

using Deadline = std::chrono::steady_clock::time_point;
constexpr auto poll_interval = std::chrono::milliseconds(100);

/// A powered card. Shared with the threads that are still inside a call of it.
class Connection {
 public:
  /// A card that another program holds for itself is asked for again until `deadline`.
  Connection(const std::string& reader, base::Bytes atr, Deadline deadline) : atr_(std::move(atr)) {
    auto offered = offered_protocols(atr_);
    if (std::ranges::find(offered, Protocol::t0) != offered.end()) offered = {Protocol::t0};
    auto code = connect(reader, flag(offered.front()));
    while (code == SCARD_E_SHARING_VIOLATION && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(poll_interval);
      code = connect(reader, flag(offered.front()));
    }
    if (code == SCARD_E_PROTO_MISMATCH)
      code = connect(reader, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1);
    check(code, "talk to the card");
  }
  ~Connection() {
    if (held_) SCardEndTransaction(card_, SCARD_LEAVE_CARD);
    SCardDisconnect(card_, SCARD_LEAVE_CARD);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Waits until no other program has a transaction, and begins one.
  void hold() {
    auto code = SCardBeginTransaction(card_);
    if (code == SCARD_W_RESET_CARD) {
      // Somebody reset the card before we got in; it is ours to start anew.
      reconnect(SCARD_LEAVE_CARD);
      code = SCardBeginTransaction(card_);
    }
    check(code, "hold the card");
    held_ = true;
  }

  base::Bytes transmit(const base::Bytes& command) const {
    const auto* pci = protocol_ == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
    // Cleared, it would cost more than everything else that is done here for a command.
    const auto answer = std::make_unique_for_overwrite<std::array<std::uint8_t, largest_answer>>();
    DWORD size = largest_answer;
    check(SCardTransmit(card_, pci, command.data(), static_cast<DWORD>(command.size()), nullptr,
                        answer->data(), &size),
          "send a command to the card");
    return {answer->data(), answer->data() + std::min<std::size_t>(size, largest_answer)};
  }

  void reset() {
    // Power off and on: a reset alone does not reach every card.
    reconnect(SCARD_UNPOWER_CARD);
  }

  [[nodiscard]] const base::Bytes& atr() const { return atr_; }
  [[nodiscard]] Protocol protocol() const {
    return protocol_ == SCARD_PROTOCOL_T1 ? Protocol::t1 : Protocol::t0;
  }

 private:
  LONG connect(const std::string& reader, DWORD protocols) {
    return SCardConnect(context_.handle(), reader.c_str(), SCARD_SHARE_SHARED, protocols, &card_,
                        &protocol_);
  }
  void reconnect(DWORD how) {
    check(SCardReconnect(card_, SCARD_SHARE_SHARED, protocol_, how, &protocol_), "reset the card");
  }

  Context context_;  // before the card, so that it goes last
  base::Bytes atr_;
  SCARDHANDLE card_ = 0;
  DWORD protocol_ = 0;
  bool held_ = false;
};

class PcscCard final : public Card {
 public:
  PcscCard(std::shared_ptr<Connection> connection, std::chrono::milliseconds limit)
      : connection_(std::move(connection)), usual_limit_(limit) {}

  base::Bytes transmit(base::ByteView command) override {
    return limited(
        "send a command to the card",
        [connection = connection_, octets = base::Bytes(command.begin(), command.end())] {
          return connection->transmit(octets);
        });
  }

  void reset() override {
    limited("reset the card", [connection = connection_] {
      connection->reset();
      return base::Bytes{};
    });
  }

  void set_patience(std::optional<std::chrono::milliseconds> at_most) override {
    limit_ = at_most.value_or(usual_limit_);
  }

  [[nodiscard]] base::Bytes atr() const override { return atr_; }
  [[nodiscard]] Protocol protocol() const override { return protocol_; }

 private:
  base::Bytes limited(std::string_view what, std::function<base::Bytes()> work) {
    if (!connection_) throw no_answer(what, limit_);
    auto result = base::within(limit_, std::move(work));
    if (!result) {
      connection_.reset();  // the thread that waits has it now; to close it would wait as well
      throw no_answer(what, limit_);
    }
    return *std::move(result);
  }

  std::shared_ptr<Connection> connection_;
  std::chrono::milliseconds usual_limit_;
  std::chrono::milliseconds limit_ = usual_limit_;
  base::Bytes atr_ = connection_->atr();
  Protocol protocol_ = connection_->protocol();
};

}  // namespace

std::vector<Reader> readers_within(const Limits& limits) {
  auto list = base::within(limits.service, readers_now);
  if (!list) throw no_answer("list the readers", limits.service);
  return *std::move(list);
}

std::unique_ptr<Card> connect_within(const Limits& limits, const std::string& reader,
                                     std::chrono::milliseconds wait) {
  const auto list = readers_within(limits);
  const auto found = std::ranges::find(list, reader, &Reader::name);
  if (found == list.end()) throw error_for(SCARD_E_UNKNOWN_READER, "talk to the card");
  if (!found->card_present) throw error_for(SCARD_E_NO_SMARTCARD, "talk to the card");
  // The service lets nobody connect either while another program has a transaction.
  const auto limit = std::max(wait, limits.connecting);
  const auto deadline = std::chrono::steady_clock::now() + wait;
  auto connection = base::within(limit, [reader, atr = found->atr, deadline] {
    auto made = std::make_shared<Connection>(reader, atr, deadline);
    made->hold();
    return made;
  });
  if (!connection) {
    throw base::Error(
        base::ErrorKind::card, "card.busy",
        fmt::format("cannot hold the card: another program has kept it to itself for {} "
                    "seconds",
                    seconds(limit)))
        .hint(std::string(meaning_of(SCARD_E_SHARING_VIOLATION).advice));
  }
  return std::make_unique<PcscCard>(*std::move(connection), limits.command);
}

std::vector<Reader> readers() { return readers_within({}); }

std::unique_ptr<Card> connect(const std::string& reader, std::chrono::milliseconds wait) {
  return connect_within({}, reader, wait);
}

}  // namespace lpa::pcsc
