#include "base/error.hpp"

#include <array>
#include <utility>

namespace base {
namespace {

constexpr std::array<ExitCode, 15> table{{
    {0, "ok", "done; also when there was nothing to list or to change", ""},
    {1, "failure", "a failure that no other code names, such as a full disk",
     "read the message; with -v it tells the steps that led there"},
    {2, "usage",
     "the command line or the configuration is wrong, or does not say which card is meant",
     "`esimctl --help` and `esimctl COMMAND --help` show how it is written"},
    {3, "not_found", "no such profile, card or code, or several that fit",
     "the message lists the candidates; name one of them"},
    {4, "sign_in", "a password, a passphrase or a code is missing, or was not taken",
     "the message says which one; give it, then run the command again"},
    {5, "card", "no usable exchange with the reader or the card",
     "`esimctl cards` shows what is there; `esimctl explain CODE` explains a number"},
    {6, "network", "no usable exchange with a server: the network or the server failed",
     "look at the connection and at this machine's clock, then try again"},
    {7, "refused", "the card, server or carrier said no in so many words",
     "the message says which rule; repeating the command will not help"},
    {8, "over", "a limit is reached",
     "the message says which; buy more data, or use no more of it"},
    {9, "declined", "the user answered no, or a question could not be asked",
     "use --yes where no terminal can ask"},
    {10, "challenge", "a carrier waits for a code that nobody could be asked for",
     "`esimctl answer ACCOUNT` goes on with it"},
    {11, "warning", "a limit is near, or something is unusual",
     "`esimctl alarm list` says what, since when, and what to do"},
    {12, "stale", "what is known is older than was asked for, and could not be made newer",
     "the message says why, and when it can be asked again"},
    {125, "internal", "a bug in esimctl", "please report it with the output of -vv"},
    {130, "interrupted", "Ctrl-C came before everything was done",
     "the message says what was done until then; run the command again for the rest"},
}};

}  // namespace

std::span<const ExitCode> exit_codes() { return table; }

const ExitCode& exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::failure:
      return table[1];
    case ErrorKind::usage:
      return table[2];
    case ErrorKind::not_found:
      return table[3];
    case ErrorKind::sign_in:
      return table[4];
    case ErrorKind::card:
      return table[5];
    case ErrorKind::network:
      return table[6];
    case ErrorKind::refused:
      return table[7];
    case ErrorKind::over:
      return table[8];
    case ErrorKind::declined:
      return table[9];
    case ErrorKind::challenge:
      return table[10];
    case ErrorKind::warning:
      return table[11];
    case ErrorKind::stale:
      return table[12];
    case ErrorKind::internal:
      return table[13];
    case ErrorKind::interrupted:
      break;
  }
  return table[14];
}

Error::Error(ErrorKind kind, std::string code, const std::string& message)
    : std::runtime_error(message), kind_(kind), code_(std::move(code)) {}

Error& Error::hint(std::string text) & {
  hints_.push_back(std::move(text));
  return *this;
}

Error&& Error::hint(std::string text) && {
  hints_.push_back(std::move(text));
  return std::move(*this);
}

Error& Error::during(std::string step) {
  steps_.push_back(std::move(step));
  return *this;
}

}  // namespace base
