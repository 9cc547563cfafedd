#include "store/secret_entries.hpp"

#include <cstdint>
#include <utility>

#include "base/error.hpp"
#include "store/vault.hpp"

namespace store {
namespace {

constexpr std::size_t name_size = 2;
constexpr std::size_t secret_size = 4;

void append_size(std::string& to, std::size_t size, std::size_t octets) {
  for (std::size_t left = octets; left > 0; --left)
    to.push_back(static_cast<char>(static_cast<unsigned char>(size >> (8 * (left - 1)))));
}

/// A size, then as many octets; taken off the front.
std::optional<std::string_view> take(std::string_view& octets, std::size_t size_octets,
                                     std::size_t most) {
  if (octets.size() < size_octets) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t at = 0; at < size_octets; ++at)
    size = size << 8U | static_cast<unsigned char>(octets[at]);
  octets.remove_prefix(size_octets);
  if (size > most || size > octets.size()) return std::nullopt;
  const auto part = octets.substr(0, size);
  octets.remove_prefix(size);
  return part;
}

}  // namespace

base::Secret to_octets(const SecretEntries& entries) {
  std::size_t total = 0;
  for (const auto& [name, secret] : entries)
    total += name_size + name.size() + secret_size + secret.reveal().size();
  if (total > longest_secret_entries) {
    throw base::Error(base::ErrorKind::usage, "secrets.full",
                      "there is no room for another secret in the file of secrets")
        .hint("remove accounts that are not used any more");
  }
  std::string octets;
  octets.reserve(total);  // a string that grows would leave copies behind
  for (const auto& [name, secret] : entries) {
    append_size(octets, name.size(), name_size);
    octets += name;
    append_size(octets, secret.reveal().size(), secret_size);
    octets += secret.reveal();
  }
  return base::Secret(std::move(octets));
}

std::optional<SecretEntries> read_secret_entries(std::string_view octets) {
  if (octets.size() > longest_secret_entries) return std::nullopt;
  SecretEntries entries;
  while (!octets.empty()) {
    const auto name = take(octets, name_size, longest_secret_name);
    const auto secret = name ? take(octets, secret_size, longest_secret) : std::nullopt;
    if (!secret || name->empty()) return std::nullopt;
    if (!entries.empty() && entries.rbegin()->first >= *name) return std::nullopt;
    entries.emplace_hint(entries.end(), *name, base::Secret(std::string(*secret)));
  }
  return entries;
}

}  // namespace store
