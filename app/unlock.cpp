#include "app/unlock.hpp"

#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "app/secrets.hpp"
#include "app/store.hpp"
#include "base/error.hpp"
#include "base/program.hpp"
#include "store/passphrase.hpp"
#include "store/printed_secret.hpp"
#include "store/unlock_command.hpp"
#include "store/vault_file.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using namespace std::string_view_literals;

/// Nobody is there.
class Nobody final : public Asker {
 public:
  [[nodiscard]] bool can_ask() const override { return false; }
  std::string text(const std::string& /*question*/) override { none(); }
  base::Secret secret(const std::string& /*question*/) override { none(); }
  std::size_t choice(const std::string& /*question*/,
                     std::span<const std::string_view> /*answers*/) override {
    none();
  }
  std::vector<std::string> program(const std::string& /*question*/) override { none(); }
  void tell(const std::string& /*sentence*/) override {}
  base::Secret code(const std::string& /*account*/,
                    const carriers::Challenge& /*challenge*/) override {
    none();
  }
  base::Secret passphrase(store::PassphraseFor /*purpose*/) override { none(); }

 private:
  [[noreturn]] static void none() {
    throw Error(ErrorKind::declined, "prompt.impossible", "there is nobody to ask");
  }
};

void require_no_keyring(const World& world) {
  if (store::chosen_vault(world.state_directory) != store::VaultKind::secret_service) return;
  throw Error(ErrorKind::usage, "secrets.chosen",
              "secrets are kept in the desktop's keyring, which has no passphrase of ours")
      .hint("the keyring opens with your session at the desktop");
}

void require_opens(const World& world, const std::vector<std::string>& command) {
  const auto printed = store::passphrase_of_command(command);
  store::FileVault vault(world.state_directory, [&](store::PassphraseFor) {
    return base::Secret(std::string(printed.reveal()));
  });
  try {
    static_cast<void>(vault.names());
  } catch (const Error& error) {
    if (error.code() != "secrets.wrong-passphrase") throw;
    throw Error(ErrorKind::sign_in, "secrets.wrong-passphrase",
                fmt::format("{} prints another passphrase than that of the file of secrets",
                            base::shown_program(command)))
        .hint("nothing was recorded");
  }
}

/// Until a program opens the file, or the user gives up.
void ask_program(const World& world, Asker& asker) {
  for (;;) {
    try {
      const auto command =
          asker.program("The program that prints the passphrase, with its arguments, or nothing:");
      if (command.empty()) return;
      unlock_by(world, command);
      asker.tell(fmt::format("{} opens the file of secrets, and is recorded",
                             base::shown_program(command)));
      return;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::sign_in && error.kind() != ErrorKind::usage) throw;
      asker.tell(error.what());
    }
  }
}

}  // namespace

Unlocking unlocking(const World& world) {
  static_cast<void>(journal_file(world));
  return {.kept_in = store::chosen_vault(world.state_directory),
          .command = store::unlock_command(world.state_directory),
          .credential = credential(world).has_value()};
}

void unlock_by(const World& world, const std::vector<std::string>& command) {
  static_cast<void>(journal_file(world));
  require_no_keyring(world);
  require_opens(world, command);
  store::set_unlock_command(world.state_directory, command);
  store::choose_vault(world.state_directory, store::VaultKind::file);
}

void unlock_by_nothing(const World& world) {
  static_cast<void>(journal_file(world));
  if (!store::unlock_command(world.state_directory).empty())
    store::set_unlock_command(world.state_directory, {});
}

void try_unlocking(const World& world) {
  static_cast<void>(journal_file(world));
  std::error_code fault;
  const bool file =
      std::filesystem::exists(store::FileVault::file_in(world.state_directory), fault);
  const auto kind = store::chosen_vault(world.state_directory);
  if (!kind || (*kind == store::VaultKind::file && !file)) {
    throw Error(ErrorKind::not_found, "secrets.not-there", "no secrets are kept yet")
        .hint("`esimctl account add CARRIER` keeps the first ones");
  }
  Nobody nobody;
  static_cast<void>(open_secrets(world, nobody)->names());
}

void ask_unlocking(const World& world, Asker& asker) {
  constexpr std::array answers{"program"sv, "systemd"sv, "no"sv};
  try {
    asker.tell(
        "the secrets are in a file under that passphrase. When nobody is there to type it (a "
        "timer, "
        "a script), a program may print it, or systemd hand it over");
    const auto chosen = asker.choice("How is the file opened then?", answers);
    if (chosen == 0) ask_program(world, asker);
    if (chosen == 1) {
      asker.tell(
          "nothing has to be recorded for that: the unit needs "
          "`LoadCredentialEncrypted=esimctl:FILE`, "
          "and `systemd-creds encrypt --name=esimctl - FILE` makes the file. It cannot be tried "
          "from "
          "here; `esimctl account unlock --test` in the unit says whether it works");
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::declined && error.kind() != ErrorKind::interrupted) throw;
  }
  if (store::unlock_command(world.state_directory).empty())
    asker.tell("`esimctl account unlock --command PROGRAM` can name a program later");
}

}  // namespace app
