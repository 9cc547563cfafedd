#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/world.hpp"
#include "base/error.hpp"
#include "carriers/provider.hpp"

namespace app {

/// Where the file of a provider is from.
enum class Origin : std::uint8_t { esimctl, own };

struct KnownProvider {
  carriers::Provider provider;
  Origin origin = Origin::esimctl;
  bool trusted = true;  ///< accounts can use it
};

/// A file of the user's that is none of a provider.
struct BrokenFile {
  std::string name;
  base::Error error;
};

struct Providers {
  std::vector<KnownProvider> known{};  ///< by title
  std::vector<BrokenFile> broken{};
};

/// Those that came with esimctl and those in files of the user's own. Throws Error
/// `carrier.altered` (failure) as provider_of.
Providers providers(const World& world);

/// The provider of that id, for accounts. One that came with esimctl comes first.
///
/// Throws Error `carrier.unknown` (not_found) with those that are near; `carrier.altered` (failure)
/// when its file is not the one that esimctl was built with, or is not there; of a file of the
/// user's, `carrier.untrusted` (usage) when it is not what was trusted, and as known_provider.
carriers::Provider provider_of(const World& world, std::string_view id);

/// The same for who looks at it, trusted or not. Throws Error `carrier.exposed` (usage) for a file
/// that others may write, `carrier.no-file` (usage), and as carriers::read_provider.
KnownProvider known_provider(const World& world, std::string_view id);

/// One of a file that is named, whatever is in it. Throws Error `carrier.no-file` (usage) when it
/// cannot be read, and as carriers::read_provider.
KnownProvider provider_in(const World& world, const std::filesystem::path& file);

/// A file that a user is to be asked about.
struct Candidate {
  carriers::Provider provider;
  std::string text;
  std::filesystem::path target;  ///< where it will be
  bool in_place = false;         ///< it is there
  bool replaces = false;         ///< another one is there
  bool trusted = false;          ///< as it is; nothing has to be asked
};

/// Changes nothing. Throws as known_provider, and Error `carrier.exists` (usage) for the id of a
/// provider that came with esimctl, `carrier.place` (usage) without a directory for such files.
Candidate candidate(const World& world, const std::filesystem::path& file);

/// Copies it to its place where it is elsewhere, and trusts what is in it now: a change ends that.
/// Throws Error `carrier.not-kept` (failure), and `store.place` (usage).
void trust(const World& world, const Candidate& candidate);

/// False when it was not trusted. Its file stays. Throws Error `carrier.unknown` (not_found) when
/// there is neither a file nor trust, `carrier.exists` (usage) for one that came with esimctl.
bool untrust(const World& world, std::string_view id);

}  // namespace app
