#include "tests/support/scard_mock.hpp"

#include <algorithm>
#include <condition_variable>
#include <utility>

#include <winscard.h>

// libpcsclite's names and parameters are not ours.
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name,readability-identifier-naming)

namespace test::scard {
namespace {

std::mutex mutex;
std::condition_variable called;
Service service;
std::vector<std::string> log;
std::map<std::string, std::size_t> counts;

/// Notes the call and gives the code that it is to return.
LONG enter(const std::string& function, const std::string& arguments = {}) {
  std::function<void()> wait;
  std::uint32_t code = 0;
  {
    const std::lock_guard lock(mutex);
    log.push_back(function + "(" + arguments + ")");
    const auto number = counts[function]++;
    if (const auto found = service.codes.find(function); found != service.codes.end()) {
      code = found->second.at(std::min(number, found->second.size() - 1));
    }
    if (const auto found = service.before.find(function); found != service.before.end())
      wait = found->second;
  }
  called.notify_all();
  if (wait) wait();
  return static_cast<LONG>(code);
}

std::string protocols(DWORD which) {
  std::string text;
  if ((which & SCARD_PROTOCOL_T0) != 0) text += "T=0";
  if ((which & SCARD_PROTOCOL_T1) != 0) text += text.empty() ? "T=1" : " T=1";
  return text;
}

/// The one protocol that a connection gets.
DWORD chosen(DWORD asked) {
  const bool both =
      (asked & (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)) == (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1);
  return both ? service.preferred_protocol : asked;
}

}  // namespace

void start(Service told) {
  const std::lock_guard lock(mutex);
  service = std::move(told);
  log.clear();
  counts.clear();
}

std::vector<std::string> calls() {
  const std::lock_guard lock(mutex);
  return log;
}

std::size_t count(const std::string& function) {
  const std::lock_guard lock(mutex);
  return counts[function];
}

void wait_until_called(const std::string& function, std::size_t times) {
  std::unique_lock lock(mutex);
  called.wait(lock, [&] { return counts[function] >= times; });
}

}  // namespace test::scard

using namespace test::scard;

const SCARD_IO_REQUEST g_rgSCardT0Pci{SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardT1Pci{SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST)};

LONG SCardEstablishContext(DWORD /*scope*/, LPCVOID /*reserved1*/, LPCVOID /*reserved2*/,
                           LPSCARDCONTEXT context) {
  const auto code = enter("SCardEstablishContext");
  if (code == SCARD_S_SUCCESS) *context = 1;
  return code;
}

LONG SCardReleaseContext(SCARDCONTEXT /*context*/) { return enter("SCardReleaseContext"); }

LONG SCardListReaders(SCARDCONTEXT /*context*/, LPCSTR /*groups*/, LPSTR names, LPDWORD size) {
  if (const auto code = enter("SCardListReaders"); code != SCARD_S_SUCCESS) return code;
  const std::lock_guard lock(mutex);
  if (service.readers.empty()) return SCARD_E_NO_READERS_AVAILABLE;
  std::string list;
  for (const auto& reader : service.readers) list += reader.name + '\0';
  list += '\0';
  if (names != nullptr) {
    if (*size < list.size()) return SCARD_E_INSUFFICIENT_BUFFER;
    std::ranges::copy(list, names);
  }
  *size = list.size();
  return SCARD_S_SUCCESS;
}

LONG SCardGetStatusChange(SCARDCONTEXT /*context*/, DWORD /*timeout*/, SCARD_READERSTATE* states,
                          DWORD size) {
  if (const auto code = enter("SCardGetStatusChange"); code != SCARD_S_SUCCESS) return code;
  const std::lock_guard lock(mutex);
  for (DWORD i = 0; i < size; ++i) {
    const auto reader = std::ranges::find(service.readers, states[i].szReader, &MockReader::name);
    if (reader == service.readers.end()) return SCARD_E_UNKNOWN_READER;
    states[i].dwEventState = reader->present ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY;
    states[i].cbAtr = reader->atr.size();
    std::ranges::copy(reader->atr, states[i].rgbAtr);
  }
  return SCARD_S_SUCCESS;
}

LONG SCardConnect(SCARDCONTEXT /*context*/, LPCSTR reader, DWORD mode, DWORD asked,
                  LPSCARDHANDLE card, LPDWORD protocol) {
  const auto code = enter("SCardConnect", std::string(reader) + ", " + protocols(asked) +
                                              (mode == SCARD_SHARE_SHARED ? "" : ", not shared"));
  if (code == SCARD_S_SUCCESS) {
    const std::lock_guard lock(mutex);
    *card = 7;
    *protocol = chosen(asked);
  }
  return code;
}

LONG SCardReconnect(SCARDHANDLE /*card*/, DWORD mode, DWORD asked, DWORD how, LPDWORD protocol) {
  const std::string action = how == SCARD_UNPOWER_CARD ? "unpower"
                             : how == SCARD_RESET_CARD ? "reset"
                                                       : "leave";
  const auto code = enter("SCardReconnect", protocols(asked) + ", " + action +
                                                (mode == SCARD_SHARE_SHARED ? "" : ", not shared"));
  if (code == SCARD_S_SUCCESS) {
    const std::lock_guard lock(mutex);
    *protocol = chosen(asked);
  }
  return code;
}

LONG SCardDisconnect(SCARDHANDLE /*card*/, DWORD how) {
  return enter("SCardDisconnect", how == SCARD_LEAVE_CARD ? "leave" : "other");
}

LONG SCardBeginTransaction(SCARDHANDLE /*card*/) { return enter("SCardBeginTransaction"); }

LONG SCardEndTransaction(SCARDHANDLE /*card*/, DWORD how) {
  return enter("SCardEndTransaction", how == SCARD_LEAVE_CARD ? "leave" : "other");
}

LONG SCardTransmit(SCARDHANDLE /*card*/, const SCARD_IO_REQUEST* pci, LPCBYTE command, DWORD length,
                   SCARD_IO_REQUEST* /*received*/, LPBYTE answer, LPDWORD size) {
  const base::ByteView octets(command, length);
  const auto code =
      enter("SCardTransmit", protocols(pci->dwProtocol) + ", " + base::to_hex(octets));
  if (code != SCARD_S_SUCCESS) return code;
  const std::lock_guard lock(mutex);
  const auto result = service.card ? service.card(octets) : base::Bytes{0x90, 0x00};
  if (result.size() > *size) return SCARD_E_INSUFFICIENT_BUFFER;
  std::ranges::copy(result, answer);
  *size = result.size();
  return SCARD_S_SUCCESS;
}

// NOLINTEND(readability-inconsistent-declaration-parameter-name,readability-identifier-naming)
