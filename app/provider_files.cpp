#include "app/provider_files.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "carriers/provider_file.hpp"
#include "carriers/provider_hashes.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t largest_file = 256UL * 1024;

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw Error(ErrorKind::failure, "carrier.digest", "OpenSSL has no SHA-256 here");
  return base::lower(base::to_hex(base::ByteView(digest.data(), size)));
}

carriers::Provider read(const World& world, const carriers::ProviderHash& known) {
  const auto name = std::string(known.id) + ".json";
  for (const auto& directory : world.carrier_directories) {
    const auto text = base::read_file(directory / name, largest_file);
    if (text && sha256(*text) == known.sha256) return carriers::read_provider(*text, name);
  }
  throw Error(ErrorKind::failure, "carrier.altered",
              fmt::format("the file of the carrier “{}” is not there, or was changed", known.id))
      .hint(
          "install esimctl again; a file of your own can be looked at with `esimctl carrier "
          "check FILE`");
}

}  // namespace

std::vector<carriers::Provider> providers(const World& world) {
  std::vector<carriers::Provider> all;
  for (const auto& each : carriers::provider_hashes()) all.push_back(read(world, each));
  std::ranges::sort(all, {},
                    [](const carriers::Provider& each) { return base::lower(each.title); });
  return all;
}

carriers::Provider provider_of(const World& world, std::string_view id) {
  const auto known = carriers::provider_hashes();
  const auto found = std::ranges::find(known, id, &carriers::ProviderHash::id);
  if (found != known.end()) return read(world, *found);
  Error error(ErrorKind::not_found, "carrier.unknown",
              fmt::format("there is no carrier “{}”", base::clean(id, 80)));
  std::vector<std::string> ids;
  for (const auto& each : known) ids.emplace_back(each.id);
  if (const auto near = base::nearest(id, ids); !near.empty())
    error.hint(fmt::format("did you mean “{}”?", near));
  throw error.hint("`esimctl carrier list` shows them all");
}

carriers::Provider provider_in(const std::filesystem::path& file) {
  const auto text = base::read_file(file, largest_file);
  if (!text) {
    throw Error(ErrorKind::usage, "carrier.no-file",
                fmt::format("cannot read “{}”: it is not there, no file, or larger than 256 KiB",
                            base::clean(file.string())))
        .hint("name a file in JSON; docs/adding-a-carrier.md has one to begin with");
  }
  return carriers::read_provider(*text, file.filename().string());
}

}  // namespace app
