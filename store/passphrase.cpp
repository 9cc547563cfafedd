#include "store/passphrase.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "store/printed_secret.hpp"
#include "store/private_file.hpp"

namespace store {
namespace {

using base::Error;
using base::ErrorKind;

Error none(const std::string& why) {
  return {ErrorKind::sign_in, "secrets.no-passphrase",
          "there is no passphrase for the file of secrets: " + why};
}

}  // namespace

base::Secret passphrase_of_command(const std::vector<std::string>& command,
                                   std::chrono::milliseconds limit) {
  const auto refusal = [](const std::string& why) {
    return none(why).hint(
        "`esimctl account unlock --command PROGRAM` names another program, once it was tried");
  };
  return printed_secret(command, refusal, limit);
}

std::optional<base::Secret> passphrase_of_systemd(const std::filesystem::path& directory) {
  const std::string credential = "systemd's credential";
  auto octets =
      read_private_file(directory / "esimctl", longest_printed_secret + 1, Readers::root_as_well);
  if (!octets) return std::nullopt;
  std::string text(octets->begin(), octets->end());
  ::explicit_bzero(octets->data(), octets->size());
  auto passphrase = without_end_of_line(base::Secret(std::move(text)));
  if (passphrase.reveal().size() > longest_printed_secret)
    throw none(fmt::format("{} gave more than {} octets", credential, longest_printed_secret));
  if (passphrase.empty()) throw none(credential + " gave nothing");
  return passphrase;
}

}  // namespace store
