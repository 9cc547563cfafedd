#pragma once

#include <string>

#include "base/shared_library.hpp"

namespace base {

/// What is shown on the desktop until somebody takes it away.
struct DesktopNotification {
  std::string summary;
  std::string body;  ///< plain text
  bool urgent = false;
};

/// Hands it to the desktop of the user (org.freedesktop.Notifications, on the session's D-Bus), by
/// libsystemd, which is opened here. Waits for ten seconds at most. Throws Error `desktop.library`
/// (failure) without libsystemd, and `desktop.unreachable` (failure).
void notify_desktop(const OpenLibrary& open, const DesktopNotification& notification);

}  // namespace base
