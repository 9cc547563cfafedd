#include "base/desktop.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "tests/support/errors.hpp"

/// Run by with-bus: on a bus of its own (ESIMCTL_TEST_BUS=own), or without one (none).
namespace {

struct sd_bus;
struct sd_bus_message;

bool there_is_a_bus() {
  const char* bus = std::getenv("ESIMCTL_TEST_BUS");  // NOLINT(concurrency-mt-unsafe)
  REQUIRE(bus != nullptr);
  return std::string(bus) == "own";
}

template <class Function>
Function* function(const char* name) {
  static const auto library = base::SharedLibrary::open("libsystemd.so.0");
  REQUIRE(library);
  return library->find<Function>(name);
}

struct Heard {
  std::string application, summary, body;
};

/// A desktop that takes one notification.
class Desktop {
 public:
  Desktop() {
    REQUIRE(function<int(sd_bus**)>("sd_bus_open_user")(&bus_) >= 0);
    REQUIRE(function<int(sd_bus*, const char*, std::uint64_t)>("sd_bus_request_name")(
                bus_, "org.freedesktop.Notifications", 0) >= 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~Desktop() {
    if (thread_.joinable()) thread_.join();
    function<sd_bus*(sd_bus*)>("sd_bus_flush_close_unref")(bus_);
  }
  Desktop(const Desktop&) = delete;
  Desktop& operator=(const Desktop&) = delete;

  std::optional<Heard> heard() {
    thread_.join();
    return heard_;
  }

 private:
  void serve() {
    const auto process = function<int(sd_bus*, sd_bus_message**)>("sd_bus_process");
    const auto wait = function<int(sd_bus*, std::uint64_t)>("sd_bus_wait");
    const auto is_call =
        function<int(sd_bus_message*, const char*, const char*)>("sd_bus_message_is_method_call");
    const auto read = function<int(sd_bus_message*, const char*, ...)>("sd_bus_message_read");
    const auto reply =
        function<int(sd_bus_message*, const char*, ...)>("sd_bus_reply_method_return");
    const auto drop = function<sd_bus_message*(sd_bus_message*)>("sd_bus_message_unref");
    base::SystemClock clock;
    const auto end = clock.now() + std::chrono::seconds(30);
    while (!heard_ && clock.now() < end) {
      sd_bus_message* message = nullptr;
      if (process(bus_, &message) == 0) wait(bus_, 100'000);
      if (message == nullptr) continue;
      if (is_call(message, "org.freedesktop.Notifications", "Notify") > 0) {
        const char* application = nullptr;
        const char* icon = nullptr;
        const char* summary = nullptr;
        const char* body = nullptr;
        std::uint32_t replaces = 0;
        // NOLINTBEGIN(cppcoreguidelines-pro-type-vararg): sd-bus is so
        if (read(message, "susss", &application, &replaces, &icon, &summary, &body) > 0)
          heard_ = Heard{application, summary, body};
        reply(message, "u", 7U);
        // NOLINTEND(cppcoreguidelines-pro-type-vararg)
      }
      drop(message);
    }
  }

  sd_bus* bus_ = nullptr;
  std::optional<Heard> heard_;
  std::thread thread_;
};

const base::DesktopNotification leak{"Mobile data", "85 % <used> & more", true};

}  // namespace

TEST_CASE("the desktop shows a notification, in which foreign text has no markup") {
  if (!there_is_a_bus()) return;
  Desktop desktop;
  base::notify_desktop(base::SharedLibrary::open, leak);
  const auto heard = desktop.heard();
  REQUIRE(heard);
  CHECK(heard->application == "esimctl");
  CHECK(heard->summary == "Mobile data");
  CHECK(heard->body == "85 % &lt;used> &amp; more");
}

TEST_CASE("where there is no desktop it is said, and what else there is") {
  const auto error = test::error_of([] { base::notify_desktop(base::SharedLibrary::open, leak); });
  REQUIRE(error);
  CHECK(error->code() == "desktop.unreachable");
  CHECK(error->hints().at(0).find("--run") != std::string::npos);
}

TEST_CASE("without libsystemd the package to install is named") {
  const auto nothing = [](const std::string&) { return std::optional<base::SharedLibrary>(); };
  const auto error = test::error_of([&] { base::notify_desktop(nothing, leak); });
  REQUIRE(error);
  CHECK(error->code() == "desktop.library");
  CHECK(error->hints().at(0).find("libsystemd0") != std::string::npos);
}
