// With the keyring of whoever runs it: tests/store/with-keyring gives it one of its own, or none.
#include "store/secret_service.hpp"

#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

namespace {

/// "own" or "none"; empty when with-keyring did not start this.
std::string keyring() {
  const auto* name = std::getenv("ESIMCTL_TEST_KEYRING");  // NOLINT(concurrency-mt-unsafe)
  return name == nullptr ? "" : name;
}

/// As a desktop does after a while.
void lock_keyring() {
  constexpr auto* command =
      "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets "
      "org.freedesktop.Secret.Service.Lock "
      "array:objpath:/org/freedesktop/secrets/collection/login >/dev/null";
  REQUIRE(std::system(command) == 0);  // NOLINT(concurrency-mt-unsafe,bugprone-command-processor)
}

void check_out_of_reach(store::Vault& vault, const std::string& name) {
  const auto error = test::error_of([&] { vault.put(name, base::Secret("hunter2")); });
  REQUIRE(error);
  CHECK(error->code() == "secrets.unavailable");
  CHECK(error->kind() == base::ErrorKind::sign_in);
  CHECK_FALSE(error->hints().empty());
  CHECK(std::string(error->what()).find("hunter2") == std::string::npos);
}

}  // namespace

TEST_CASE("an open keyring keeps secrets, and gives them to the next one who asks") {
  if (keyring() != "own") return;
  store::SecretService vault;
  CHECK(vault.names().empty());
  CHECK_FALSE(vault.get("account/roamwell/password"));
  vault.put("account/roamwell/password", base::Secret("hunter2"));
  vault.put("account/roamwell/totp", base::Secret("旅 otpauth\n"));
  vault.put("account/roamwell/empty", base::Secret(""));
  vault.put("account/roamwell/password", base::Secret("changed"));
  store::SecretService other;
  CHECK(other.get("account/roamwell/password")->reveal() == "changed");
  CHECK(other.get("account/roamwell/totp")->reveal() == "旅 otpauth\n");
  CHECK(other.get("account/roamwell/empty")->empty());
  CHECK(other.names() == std::vector<std::string>{"account/roamwell/empty",
                                                  "account/roamwell/password",
                                                  "account/roamwell/totp"});
  const std::string large(store::longest_secret, 'x');
  vault.put("large", base::Secret(large));
  CHECK(vault.get("large")->reveal() == large);
  for (const auto& name : vault.names()) CHECK(vault.erase(name));
  CHECK_FALSE(vault.erase("large"));
  CHECK_FALSE(vault.get("large"));
  CHECK(vault.names().empty());
}

TEST_CASE("a keyring that stays locked is out of reach, and what is in it is not taken for gone") {
  if (keyring() != "own") return;
  store::SecretService vault;
  vault.put("kept", base::Secret("hunter2"));
  lock_keyring();
  check_out_of_reach(vault, "kept");
  check_out_of_reach(vault, "new");
  CHECK(test::error_code([&] { vault.get("kept"); }) == "secrets.unavailable");
  CHECK(test::error_code([&] { vault.erase("kept"); }) == "secrets.unavailable");
  CHECK(vault.names() == std::vector<std::string>{"kept"});
}

TEST_CASE("without a keyring, secrets are out of reach") {
  if (keyring() != "none") return;
  store::SecretService vault;
  check_out_of_reach(vault, "kept");
  CHECK(test::error_code([&] { vault.get("kept"); }) == "secrets.unavailable");
  CHECK(test::error_code([&] { vault.erase("kept"); }) == "secrets.unavailable");
  CHECK(test::error_code([&] { vault.names(); }) == "secrets.unavailable");
}
