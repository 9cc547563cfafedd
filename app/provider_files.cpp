#include "app/provider_files.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include "app/store.hpp"
#include "base/bytes.hpp"
#include "base/own_file.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "base/write_file.hpp"
#include "carriers/provider_file.hpp"
#include "carriers/provider_hashes.hpp"
#include "store/trusted_carriers.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
namespace fs = std::filesystem;

constexpr std::size_t largest_file = 256UL * 1024;

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw Error(ErrorKind::failure, "carrier.digest", "OpenSSL has no SHA-256 here");
  return base::lower(base::to_hex(base::ByteView(digest.data(), size)));
}

std::string shown(const fs::path& file) { return base::clean(file.string(), 1000); }

const carriers::ProviderHash* shipped(std::string_view id) {
  const auto known = carriers::provider_hashes();
  const auto found = std::ranges::find(known, id, &carriers::ProviderHash::id);
  return found == known.end() ? nullptr : &*found;
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
          "install esimctl again; a file of your own has an id of its own, and is trusted by "
          "`esimctl carrier trust FILE`");
}

Error no_file(const fs::path& file) {
  return Error(ErrorKind::usage, "carrier.no-file",
               fmt::format("cannot read “{}”: it is not there, no file, or larger than 256 KiB",
                           shown(file)))
      .hint("name a file in JSON; docs/adding-a-carrier.md has one to begin with");
}

/// A file that says where passwords are sent: nobody else may write it.
std::string own_text(const fs::path& file) {
  using Kind = base::FileFault::Kind;
  const auto read = base::read_own_file(file, largest_file, {.forbidden = S_IWGRP | S_IWOTH});
  if (const auto* const octets = std::get_if<base::Bytes>(&read))
    return {octets->begin(), octets->end()};
  const auto kind = std::get<base::FileFault>(read).kind;
  const auto exposed = [&](const char* why, std::string hint) {
    return Error(ErrorKind::usage, "carrier.exposed",
                 fmt::format("“{}” is not used, since it says where passwords go: {}", shown(file),
                             why))
        .hint(std::move(hint));
  };
  if (kind == Kind::link) throw exposed("it is a symbolic link", "name the file that it leads to");
  if (kind == Kind::foreign)
    throw exposed("it belongs to another user", "copy it, and look at what is in it");
  if (kind == Kind::exposed) {
    throw exposed("others may write it",
                  fmt::format("look at what is in it, then `chmod go-w {}`", shown(file)));
  }
  throw no_file(file);
}

bool plain_id(std::string_view id) {
  return !id.empty() && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

fs::path own_file(const World& world, std::string_view id) {
  return world.own_carriers / (std::string(id) + ".json");
}

std::optional<std::string> trusted_hash(const World& world, const std::string& id) {
  if (world.state_directory.empty()) return std::nullopt;
  return store::TrustedCarriers(world.state_directory).sha256(id);
}

struct OwnProvider {
  KnownProvider known;
  std::string text;
};

/// A file in the directory of the user's.
OwnProvider read_own(const World& world, const fs::path& file) {
  auto text = own_text(file);
  auto provider = carriers::read_provider(text, file.filename().string());
  if (provider.id != file.stem()) {
    throw Error(ErrorKind::usage, "carrier.file",
                fmt::format("{}: /id: is “{}”, and the file is not called {}.json",
                            base::clean(file.filename().string()), provider.id, provider.id));
  }
  if (shipped(provider.id) != nullptr) {
    throw Error(ErrorKind::usage, "carrier.exists",
                fmt::format("{} is not used: esimctl comes with a carrier “{}”",
                            base::clean(file.filename().string()), provider.id))
        .hint("give it another id, and call the file so");
  }
  const bool trusted = trusted_hash(world, provider.id) == sha256(text);
  return {{std::move(provider), Origin::own, trusted}, std::move(text)};
}

std::vector<fs::path> own_files(const World& world) {
  std::vector<fs::path> all;
  if (world.own_carriers.empty()) return all;
  std::error_code error;
  for (fs::directory_iterator each(world.own_carriers, error), end; !error && each != end;
       each.increment(error)) {
    const auto& file = each->path();
    if (file.extension() == ".json" && !file.filename().string().starts_with('.'))
      all.push_back(file);
  }
  std::ranges::sort(all);
  return all;
}

bool there(const fs::path& file) {
  std::error_code error;
  return fs::exists(fs::symlink_status(file, error));
}

/// Whether a file is there that can be used, with that in it.
bool has(const fs::path& file, const std::string& text) {
  try {
    return own_text(file) == text;
  } catch (const Error&) {
    return false;
  }
}

[[noreturn]] void unknown(const World& world, std::string_view id) {
  Error error(ErrorKind::not_found, "carrier.unknown",
              fmt::format("there is no carrier “{}”", base::clean(id, 80)));
  std::vector<std::string> ids;
  for (const auto& each : carriers::provider_hashes()) ids.emplace_back(each.id);
  for (const auto& file : own_files(world)) ids.push_back(file.stem().string());
  if (const auto near = base::nearest(id, ids); !near.empty())
    error.hint(fmt::format("did you mean “{}”?", base::clean(near, 80)));
  throw error.hint("`esimctl carrier list` shows them all");
}

}  // namespace

Providers providers(const World& world) {
  Providers all;
  for (const auto& each : carriers::provider_hashes())
    all.known.push_back({.provider = read(world, each)});
  for (const auto& file : own_files(world)) {
    try {
      all.known.push_back(read_own(world, file).known);
    } catch (const Error& error) {
      all.broken.push_back({base::clean(file.filename().string()), error});
    }
  }
  std::ranges::sort(all.known, {}, [](const KnownProvider& each) {
    return std::pair(base::lower(each.provider.title), each.provider.id);
  });
  return all;
}

KnownProvider known_provider(const World& world, std::string_view id) {
  if (const auto* const known = shipped(id)) return {.provider = read(world, *known)};
  const bool own = plain_id(id) && !world.own_carriers.empty() && there(own_file(world, id));
  if (!own) unknown(world, id);
  return read_own(world, own_file(world, id)).known;
}

carriers::Provider provider_of(const World& world, std::string_view id) {
  auto found = known_provider(world, id);
  if (found.trusted) return std::move(found.provider);
  const bool before = trusted_hash(world, found.provider.id).has_value();
  throw Error(ErrorKind::usage, "carrier.untrusted",
              fmt::format("the carrier “{}” is of a file that {}", found.provider.id,
                          before ? "has changed since you trusted it" : "you do not trust yet"))
      .hint(fmt::format("`esimctl carrier trust {}` shows where it sends what, and asks",
                        shown(own_file(world, id))));
}

KnownProvider provider_in(const World& world, const fs::path& file) {
  const auto text = base::read_file(file, largest_file);
  if (!text) throw no_file(file);
  auto provider = carriers::read_provider(*text, file.filename().string());
  const auto hash = sha256(*text);
  if (const auto* const known = shipped(provider.id); known != nullptr && known->sha256 == hash)
    return {.provider = std::move(provider)};
  const bool trusted = trusted_hash(world, provider.id) == hash;
  return {std::move(provider), Origin::own, trusted};
}

Candidate candidate(const World& world, const fs::path& file) {
  if (world.own_carriers.empty()) {
    throw Error(ErrorKind::usage, "carrier.place", "there is no directory for carriers of your own")
        .hint("set XDG_CONFIG_HOME or HOME to an absolute path");
  }
  static_cast<void>(journal_file(world));
  Candidate made{.provider = {}, .text = own_text(file), .target = {}};
  made.provider = carriers::read_provider(made.text, file.filename().string());
  const auto& id = made.provider.id;
  if (shipped(id) != nullptr) {
    throw Error(
        ErrorKind::usage, "carrier.exists",
        fmt::format("esimctl comes with a carrier “{}”; no other file can stand for it", id))
        .hint("give it another id");
  }
  made.target = own_file(world, id);
  made.in_place = has(made.target, made.text);
  made.replaces = !made.in_place && there(made.target);
  made.trusted = made.in_place && trusted_hash(world, id) == sha256(made.text);
  return made;
}

void trust(const World& world, const Candidate& candidate) {
  if (!candidate.in_place) {
    try {
      if (fs::create_directories(world.own_carriers))
        fs::permissions(world.own_carriers, fs::perms::owner_all);
      base::replace_file(candidate.target, candidate.text);
    } catch (const std::system_error& fault) {
      throw Error(ErrorKind::failure, "carrier.not-kept",
                  fmt::format("cannot copy the file to “{}”: {}", shown(candidate.target),
                              fault.code().message()));
    }
  }
  store::TrustedCarriers(world.state_directory)
      .trust(candidate.provider.id, sha256(candidate.text));
}

bool untrust(const World& world, std::string_view id) {
  if (shipped(id) != nullptr) {
    throw Error(ErrorKind::usage, "carrier.exists",
                fmt::format("“{}” came with esimctl, and is used as it came", id))
        .hint("an account is forgotten by `esimctl account remove`");
  }
  if (!plain_id(id)) unknown(world, id);
  static_cast<void>(journal_file(world));
  const bool was = store::TrustedCarriers(world.state_directory).untrust(std::string(id));
  const bool file = !world.own_carriers.empty() && there(own_file(world, id));
  if (!was && !file) unknown(world, id);
  return was;
}

}  // namespace app
