#include "store/sealed.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>
#include <openssl/evp.h>

#include "base/openssl.hpp"
#include "store/secret_entries.hpp"
#include "store/vault.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"

namespace {

/// Derived once: each key takes a good part of a second.
struct Derived {
  store::Derivation derivation = store::new_derivation(store::least_cost);
  base::Secret key = store::derive_key(derivation, base::Secret("correct horse"));
};

const Derived& derived() {
  static const Derived made;
  return made;
}

base::Bytes sealed(const std::string& text = "what nobody is to know") {
  return store::seal(derived().derivation, derived().key, base::Secret(text));
}

std::string opened(const base::Bytes& octets, const base::Secret& key = derived().key) {
  return std::string(store::unseal(store::read_sealed(octets), key).reveal());
}

std::string code(const base::Bytes& octets, const base::Secret& key = derived().key) {
  return test::error_code([&] { opened(octets, key); });
}

/// What somebody who knows the format, and not the passphrase, does after a change.
base::Bytes with_right_sum(base::Bytes octets) {
  const auto body = octets.size() - 32;
  REQUIRE(EVP_Digest(octets.data(), body, octets.data() + body, nullptr, EVP_sha256(), nullptr) ==
          1);
  return octets;
}

constexpr std::size_t cost_at = 17;
constexpr std::size_t salt_at = 20;
constexpr std::size_t check_at = 52;
constexpr std::size_t nonce_at = 68;
constexpr std::size_t size_at = 80;
constexpr std::size_t encrypted_at = 84;

}  // namespace

TEST_CASE("what was sealed is opened with its key") {
  for (const auto* text : {"", "a", "what nobody is to know"}) CHECK(opened(sealed(text)) == text);
  const std::string large(store::longest_sealed_text, 'x');
  CHECK(opened(sealed(large)) == large);
  CHECK(store::read_sealed(sealed()).derivation == derived().derivation);
}

TEST_CASE("the same text is sealed differently each time") {
  std::set<std::string> nonces;
  for (int round = 0; round < 100; ++round) {
    const auto octets = sealed();
    nonces.insert(test::hex(store::read_sealed(octets).nonce));
  }
  CHECK(nonces.size() == 100);
  CHECK(store::new_derivation().salt != store::new_derivation().salt);
  CHECK(store::new_derivation().cost == 15);
}

TEST_CASE("a key of another passphrase or salt is told from damage") {
  const auto octets = sealed();
  const auto other = store::derive_key(derived().derivation, base::Secret("correct house"));
  CHECK(code(octets, other) == "secrets.wrong-passphrase");
  auto salted = derived().derivation;
  salted.salt[31] ^= 1U;
  CHECK(code(octets, store::derive_key(salted, base::Secret("correct horse"))) ==
        "secrets.wrong-passphrase");
  const auto again = store::derive_key(derived().derivation, base::Secret("correct horse"));
  CHECK(opened(octets, again) == "what nobody is to know");
}

TEST_CASE("a file with any octet changed, missing or added is damaged") {
  const auto octets = sealed();
  for (std::size_t at = 0; at < octets.size(); ++at) {
    CAPTURE(at);
    for (const unsigned bit : {0x01U, 0x80U, 0xFFU}) {
      auto changed = octets;
      changed[at] ^= static_cast<std::uint8_t>(bit);
      const auto found = code(changed);
      const bool version = at == 16;  // as good as one of a newer esimctl
      REQUIRE((found == "secrets.damaged" || (version && found == "secrets.newer")));
    }
    REQUIRE(code({octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(at)}) ==
            "secrets.damaged");
  }
  auto longer = octets;
  longer.push_back(0);
  CHECK(code(longer) == "secrets.damaged");
}

TEST_CASE("a file that somebody changed, sum and all, is refused whichever octet it is") {
  const auto octets = sealed();
  REQUIRE(with_right_sum(octets) == octets);
  for (std::size_t at = 0; at < octets.size() - 32; ++at) {
    CAPTURE(at);
    auto changed = octets;
    changed[at] ^= 0x01U;
    const auto found = code(with_right_sum(changed));
    const bool check = at >= check_at && at < nonce_at;
    REQUIRE(found == (check ? "secrets.wrong-passphrase" : "secrets.damaged"));
  }
  auto newer = octets;
  newer[16] = 2;
  CHECK(code(newer) == "secrets.newer");
}

TEST_CASE("a file cannot ask for more work or memory than the bounds") {
  const auto octets = sealed();
  for (const unsigned cost : {0U, 14U, 18U, 63U, 255U}) {
    CAPTURE(cost);
    auto changed = octets;
    changed[cost_at] = static_cast<std::uint8_t>(cost);
    CHECK(code(with_right_sum(changed)) == "secrets.damaged");
  }
  auto size = octets;
  for (std::size_t at = size_at; at < encrypted_at; ++at) size[at] = 0xFF;
  CHECK(code(with_right_sum(size)) == "secrets.damaged");
  CHECK(code(base::Bytes(store::longest_sealed + 1, 0)) == "secrets.damaged");
  auto huge = octets;
  huge.resize(store::longest_sealed + 1);
  CHECK(code(with_right_sum(huge)) == "secrets.damaged");
}

TEST_CASE("the key is scrypt's, and the text AES-256-GCM's") {
  auto derivation = derived().derivation;
  for (std::size_t at = 0; at < derivation.salt.size(); ++at)
    derivation.salt.at(at) = static_cast<std::uint8_t>(at);
  const auto octets = store::seal(derivation, store::derive_key(derivation, base::Secret("esim")),
                                  base::Secret("text"));
  CHECK(octets[cost_at] == 15);
  CHECK(octets[salt_at + 31] == 31);
  // Python: hashlib.scrypt(b"esim", salt=bytes(range(32)), n=1<<15, r=8, p=3, maxmem=1<<27,
  // dklen=48)
  const auto parts = store::read_sealed(octets);
  CHECK(test::hex(parts.key_check) == "886343BAC8F992DD5214F9C8979425A9");
  const auto key = test::hex("B626EAEEECA8F6A7A41F68BBCBAF95002355E90BC1F33FAE621B8470DEADE397");
  base::Bytes text(parts.encrypted.size());
  int size = 0;
  base::Bytes tag(parts.tag.begin(), parts.tag.end());
  const base::OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> cipher(EVP_CIPHER_CTX_new());
  EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), parts.nonce.data());
  EVP_DecryptUpdate(cipher.get(), nullptr, &size, octets.data(), int(encrypted_at));
  EVP_DecryptUpdate(cipher.get(), text.data(), &size, octets.data() + encrypted_at, 4);
  EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, 16, tag.data());
  CHECK(EVP_DecryptFinal_ex(cipher.get(), text.data() + size, &size) == 1);
  CHECK(std::string(text.begin(), text.end()) == "text");
}

TEST_CASE("entries are read as they were written, and nothing else is read") {
  store::SecretEntries entries;
  entries.emplace("account/a/password", base::Secret("one"));
  entries.emplace("account/b/password", base::Secret(std::string(store::longest_secret, 'x')));
  entries.emplace("account/c/token", base::Secret(""));
  const auto octets = store::to_octets(entries);
  const auto read = store::read_secret_entries(octets.reveal());
  REQUIRE(read);
  CHECK(read->size() == 3);
  CHECK(read->at("account/a/password").reveal() == "one");
  CHECK(store::to_octets(*read).reveal() == octets.reveal());
  CHECK(store::read_secret_entries("")->empty());

  using std::string_literals::operator""s;
  for (const auto& wrong :
       {"\0"s, "\0\1"s, "\0\1a"s, "\0\1a\0\0\0"s, "\0\1a\0\0\0\1"s, "\0\0\0\0\0\0"s,
        "\0\1a\0\1\0\1"s + std::string(0x10001, 'x'), "\1\0"s + std::string(256, 'n') + "\0\0\0\0"s,
        "\0\1a\0\0\0\0\0\1a\0\0\0\0"s, "\0\1b\0\0\0\0\0\1a\0\0\0\0"s, "\0\1a\xFF\xFF\xFF\xFF"s}) {
    CAPTURE(wrong.size());
    CHECK_FALSE(store::read_secret_entries(wrong));
  }
}
