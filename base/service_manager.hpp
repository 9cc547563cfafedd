#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// The service manager that has started the program and wants to hear how it is: systemd, by the
/// datagrams of sd_notify(3). Where there is none, nothing is sent.
class ServiceManager {
 public:
  ServiceManager() = default;

  /// As NOTIFY_SOCKET has it: a path, or `@` and an abstract name. `watchdog`: the longest time
  /// without a sign of life that it takes.
  explicit ServiceManager(std::string socket,
                          std::optional<std::chrono::microseconds> watchdog = {})
      : socket_(std::move(socket)), watchdog_(watchdog) {}

  /// By what it has put into the environment for this process.
  static ServiceManager of_environment();

  [[nodiscard]] std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }

  /// `state` is a line each, such as "READY=1" and "STATUS=…". It is not waited for, and what does
  /// not arrive is lost.
  void tell(std::string_view state) const;

 private:
  std::string socket_;
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace base
