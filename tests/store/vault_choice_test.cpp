#include "store/vault_choice.hpp"

#include <fstream>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "store/vault_file.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using store::VaultKind;

base::Secret passphrase(store::PassphraseFor /*purpose*/) { return base::Secret("correct horse"); }

std::optional<base::SharedLibrary> no_library(const std::string& /*file*/) { return std::nullopt; }

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  REQUIRE(::chmod(file.c_str(), 0600) == 0);
}

}  // namespace

TEST_CASE("where secrets are kept is chosen once") {
  const test::TemporaryDirectory top;
  const auto directory = top.path() / "state";
  CHECK_FALSE(store::chosen_vault(directory));
  CHECK(store::open_vault(directory, passphrase) == nullptr);
  CHECK_FALSE(std::filesystem::exists(directory));

  store::choose_vault(directory, VaultKind::file);
  CHECK(store::chosen_vault(directory) == VaultKind::file);
  store::choose_vault(directory, VaultKind::file);
  CHECK(test::error_code([&] { store::choose_vault(directory, VaultKind::secret_service); }) ==
        "secrets.chosen");
  CHECK(store::chosen_vault(directory) == VaultKind::file);
  store::open_vault(directory, passphrase)->put("a", base::Secret("b"));
  CHECK(store::open_vault(directory, passphrase)->get("a")->reveal() == "b");
}

TEST_CASE("a file of secrets that is there is a choice") {
  const test::TemporaryDirectory top;
  const auto directory = top.path() / "state";
  store::FileVault(directory, passphrase, store::least_cost).put("a", base::Secret("b"));
  CHECK(store::chosen_vault(directory) == VaultKind::file);
  CHECK(test::error_code([&] { store::choose_vault(directory, VaultKind::secret_service); }) ==
        "secrets.chosen");
}

TEST_CASE("a keyring that was chosen and is not there is no reason to use a file") {
  const test::TemporaryDirectory top;
  const auto directory = top.path() / "state";
  store::choose_vault(directory, VaultKind::secret_service);
  const auto vault = store::open_vault(directory, passphrase, no_library);
  REQUIRE(vault != nullptr);
  const auto error = test::error_of([&] { vault->put("a", base::Secret("b")); });
  REQUIRE(error);
  CHECK(error->code() == "secrets.unavailable");
  CHECK(error->kind() == base::ErrorKind::sign_in);
  CHECK_FALSE(error->hints().empty());
  CHECK(test::error_code([&] { vault->get("a"); }) == "secrets.unavailable");
  CHECK(test::error_code([&] { vault->erase("a"); }) == "secrets.unavailable");
  CHECK(test::error_code([&] { vault->names(); }) == "secrets.unavailable");
  CHECK(test::error_code([&] { vault->put("", base::Secret("b")); }) == "secrets.name");
  CHECK_FALSE(std::filesystem::exists(store::FileVault::file_in(directory)));
}

TEST_CASE("a choice that is unknown, or that others may make, is none") {
  const test::TemporaryDirectory top;
  const auto directory = top.path() / "state";
  store::choose_vault(directory, VaultKind::file);
  const auto file = directory / "vault.place";
  for (const auto* text : {"", "file", "pass\n", "file\nfile\n"}) {
    CAPTURE(text);
    write(file, text);
    CHECK(test::error_code([&] { store::open_vault(directory, passphrase); }) ==
          "secrets.unavailable");
    CHECK(test::error_code([&] { store::choose_vault(directory, VaultKind::file); }) ==
          "secrets.unavailable");
  }
  write(file, "file\n");
  REQUIRE(::chmod(file.c_str(), 0620) == 0);
  CHECK(test::error_code([&] { store::chosen_vault(directory); }) == "secrets.exposed");
}
