#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/bytes.hpp"

/// A PC/SC service that does as a test says: it defines the functions of libpcsclite that
/// lpa/pcsc.cpp calls.
namespace test::scard {

struct MockReader {
  std::string name;
  bool present = true;
  base::Bytes atr;
};

/// What the service does from now on; calls come from threads of their own.
struct Service {
  std::vector<MockReader> readers;

  /// The code that the function of that name returns, by the order of its calls; the last goes on
  /// for ever. Without an entry it succeeds.
  std::map<std::string, std::vector<std::uint32_t>> codes;

  /// Called before the function of that name does anything; may wait.
  std::map<std::string, std::function<void()>> before;

  /// The card's answer to each command.
  std::function<base::Bytes(base::ByteView command)> card;

  /// The protocol that a connection gets when several are asked for.
  unsigned long preferred_protocol = 1;
};

/// Makes `told` what every call finds, with nothing called yet.
void start(Service told);

/// The calls so far, as "SCardConnect(Reader, T=0)".
std::vector<std::string> calls();

/// How often the function of that name was called.
std::size_t count(const std::string& function);

/// Waits until the function of that name was called that often, as threads that were left behind do
/// it late.
void wait_until_called(const std::string& function, std::size_t times);

}  // namespace test::scard
