#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "store/printed_secret.hpp"

namespace store {

enum class PassphraseFor { file_there, new_file };

/// How the passphrase of a file of secrets is come by; asked when it is needed first. Who asks
/// people, asks them twice for that of a new file.
using Passphrase = std::function<base::Secret(PassphraseFor purpose)>;

/// What a command prints (printed_secret), or Error `secrets.no-passphrase` (sign_in).
base::Secret passphrase_of_command(const std::vector<std::string>& command,
                                   std::chrono::milliseconds limit = longest_printing);

/// The credential `esimctl` that systemd has put into $CREDENTIALS_DIRECTORY (systemd.exec(5)),
/// which is `directory`, likewise without an end of line; nothing when there is none. Throws as
/// read_private_file, and Error `secrets.no-passphrase` (sign_in) when it is empty or too large.
std::optional<base::Secret> passphrase_of_systemd(const std::filesystem::path& directory);

}  // namespace store
