#include "base/service_manager.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <system_error>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace base {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
  return value == nullptr ? std::string_view() : value;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  return fault == std::errc() && stop == end && value > 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

ServiceManager ServiceManager::of_environment() {
  std::optional<std::chrono::microseconds> watchdog;
  const auto process = environment("WATCHDOG_PID");
  if (process.empty() || number(process) == ::getpid()) {
    if (const auto length = number(environment("WATCHDOG_USEC")))
      watchdog = std::chrono::microseconds(*length);
  }
  return ServiceManager(std::string(environment("NOTIFY_SOCKET")), watchdog);
}

void ServiceManager::tell(std::string_view state) const {
  sockaddr_un address{};
  const bool known = socket_.starts_with('/') || socket_.starts_with('@');
  if (!known || socket_.size() < 2 || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::ranges::copy(socket_, static_cast<char*>(address.sun_path));
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.open()) return;
  const auto size = offsetof(sockaddr_un, sun_path) + socket_.size();
  static_cast<void>(::sendto(fd.number(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&address),
                             static_cast<socklen_t>(size)) < 0);
}

}  // namespace base
