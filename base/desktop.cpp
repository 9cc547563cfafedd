#include "base/desktop.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <system_error>
#include <utility>

#include "base/text.hpp"
#include "base/within.hpp"

namespace base {
namespace {

constexpr std::chrono::seconds longest_wait{10};
constexpr const char* service = "org.freedesktop.Notifications";
constexpr const char* object = "/org/freedesktop/Notifications";

// As libsystemd 252 declares them; it keeps these for good (soname 0).
struct SdBus;
struct SdBusMessage;
struct SdBusError {
  const char* name;
  const char* message;
  int need_free;
};

/// The functions that are used.
struct Library {
  int (*open_user)(SdBus**);
  SdBus* (*flush_close_unref)(SdBus*);
  int (*call_method)(SdBus*, const char* destination, const char* path, const char* interface,
                     const char* member, SdBusError*, SdBusMessage** reply, const char* types, ...);
  void (*error_free)(SdBusError*);

  explicit Library(const OpenLibrary& open) {
    const auto library = needed_library(open, "libsystemd.so.0", "desktop.library",
                                        "show anything on the desktop", "libsystemd0");
    open_user = library.find<int(SdBus**)>("sd_bus_open_user");
    flush_close_unref = library.find<SdBus*(SdBus*)>("sd_bus_flush_close_unref");
    call_method =
        library.find<int(SdBus*, const char*, const char*, const char*, const char*, SdBusError*,
                         SdBusMessage**, const char*, ...)>("sd_bus_call_method");
    error_free = library.find<void(SdBusError*)>("sd_bus_error_free");
  }
};

Error unreachable(const std::string& why) {
  return Error(ErrorKind::failure, "desktop.unreachable",
               "the desktop shows no notification: " + why)
      .hint("log in to the desktop, or use --run in place of --notify");
}

/// Bodies may have markup, which foreign text must not.
std::string plain(const std::string& text) {
  std::string made;
  for (const char c : text) {
    if (c == '<') {
      made += "&lt;";
    } else if (c == '&') {
      made += "&amp;";
    } else {
      made += c;
    }
  }
  return made;
}

bool send(const Library& library, const DesktopNotification& notification) {
  SdBus* opened = nullptr;
  const int number = library.open_user(&opened);
  if (number < 0) throw unreachable(std::generic_category().message(-number));
  const std::unique_ptr<SdBus, SdBus* (*)(SdBus*)> bus(opened, library.flush_close_unref);
  SdBusError error{};
  constexpr std::uint32_t replaces = 0;
  constexpr std::int32_t until_taken_away = 0;
  const int urgency = notification.urgent ? 2 : 1;
  const auto body = plain(notification.body);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): sd_bus_call_method(3) is so
  const int result = library.call_method(
      bus.get(), service, object, service, "Notify", &error, nullptr, "susssasa{sv}i", "esimctl",
      replaces, "dialog-warning", notification.summary.c_str(), body.c_str(), 0, 1, "urgency", "y",
      urgency, until_taken_away);
  const std::string why =
      error.message != nullptr ? clean(error.message) : std::generic_category().message(-result);
  library.error_free(&error);
  if (result < 0) throw unreachable(why);
  return true;
}

}  // namespace

void notify_desktop(const OpenLibrary& open, const DesktopNotification& notification) {
  const auto sent = within(longest_wait, [library = Library(open), notification] {
    return send(library, notification);
  });
  if (!sent) throw unreachable("it does not answer");
}

}  // namespace base
