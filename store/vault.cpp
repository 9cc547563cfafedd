#include "store/vault.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace store {

void require_secret_name(std::string_view name) {
  const bool control = std::ranges::any_of(name, [](char each) {
    const auto octet = static_cast<unsigned char>(each);
    return octet < 0x20 || octet == 0x7F;
  });
  if (name.empty() || name.size() > longest_secret_name || control || !base::valid_utf8(name)) {
    throw base::Error(
        base::ErrorKind::usage, "secrets.name",
        fmt::format("a secret cannot be called “{}”: names are 1 to {} octets of text",
                    base::clean(name, 60), longest_secret_name));
  }
}

void require_secret_value(const base::Secret& secret) {
  const auto text = secret.reveal();
  if (text.size() > longest_secret) {
    throw base::Error(base::ErrorKind::usage, "secrets.value",
                      fmt::format("a secret has at most {} octets, and this one has {}",
                                  longest_secret, text.size()));
  }
  if (text.find('\0') != std::string_view::npos || !base::valid_utf8(text)) {
    throw base::Error(base::ErrorKind::usage, "secrets.value",
                      "a secret is text in UTF-8, and this one is not");
  }
}

}  // namespace store
