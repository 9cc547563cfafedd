#pragma once

#include <functional>
#include <optional>

#include "app/provision.hpp"
#include "base/secret.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "lpa/activation_code.hpp"

namespace cli {

/// The device that servers are told of.
lpa::DeviceInfo device_of(const InstallOptions& options);

/// What `download` and `discover --install` have in common: the questions, how far it is, and what
/// came of it.
class Installation {
 public:
  /// Reads and checks all that can be before a server is asked. Throws as require_answers and
  /// lpa::chosen_trust, Error `download.code-file` and `device.imei` (both usage).
  Installation(const Context& context, const InstallOptions& options);

  /// Throws as app::provision and require_secret.
  void run(std::optional<lpa::ActivationCode> code);

 private:
  app::ProvisionReport provision();

  const Context& context_;
  app::ProvisionRequest request_;
  std::optional<base::Secret> confirmation_code_;
};

/// Runs `work`; with JSON an Error is the last event, and goes on.
int with_error_event(const Context& context, const std::function<void()>& work);

}  // namespace cli
