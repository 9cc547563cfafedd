#include "base/service_manager.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

/// A service manager's end: `name` is a path, or `@` and an abstract name.
class Listener {
 public:
  explicit Listener(const std::string& name)
      : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(name, static_cast<char*>(address.sun_path));
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = offsetof(sockaddr_un, sun_path) + name.size();
    REQUIRE(::bind(fd_.number(), reinterpret_cast<const sockaddr*>(&address),
                   static_cast<socklen_t>(size)) == 0);
  }
  [[nodiscard]] std::string heard() const {
    std::array<char, 1000> text{};
    const auto size = ::recv(fd_.number(), text.data(), text.size(), 0);
    return size < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(size));
  }

 private:
  base::Fd fd_;
};

}  // namespace

TEST_CASE("a service manager hears of the program on a path or an abstract name") {
  const test::TemporaryDirectory directory;
  for (const auto& name :
       {(directory.path() / "notify").string(), "@esimctl-test-" + std::to_string(::getpid())}) {
    const Listener listener(name);
    CHECK(listener.heard() == "nothing");  // counter-run
    base::ServiceManager(name).tell("READY=1\nSTATUS=fine");
    CHECK(listener.heard() == "READY=1\nSTATUS=fine");
  }
}

TEST_CASE("where no service manager listens nothing happens") {
  for (const auto& name : {std::string(), std::string("@"), std::string("vsock:1"),
                           std::string("/nowhere/notify"), "/" + std::string(200, 'x')})
    base::ServiceManager(name).tell("READY=1");
  CHECK_FALSE(base::ServiceManager().watchdog());
}

TEST_CASE("the watchdog is for this process alone") {
  const auto watchdog = [](const std::string& length, const std::string& process) {
    // NOLINTBEGIN(concurrency-mt-unsafe): there is no other thread
    ::setenv("WATCHDOG_USEC", length.c_str(), 1);
    ::setenv("WATCHDOG_PID", process.c_str(), 1);
    const auto found = base::ServiceManager::of_environment().watchdog();
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("WATCHDOG_PID");
    // NOLINTEND(concurrency-mt-unsafe)
    return found;
  };
  const auto own = std::to_string(::getpid());
  CHECK(watchdog("30000000", own) == std::chrono::seconds(30));
  CHECK_FALSE(watchdog("30000000", "1"));
  CHECK_FALSE(watchdog("a while", own));
  CHECK_FALSE(watchdog("-1", own));
}
