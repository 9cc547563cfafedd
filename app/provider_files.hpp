#pragma once

#include <string_view>
#include <vector>

#include "app/world.hpp"
#include "carriers/provider.hpp"

namespace app {

/// Every provider whose file came with esimctl, by title. Throws as provider_of.
std::vector<carriers::Provider> providers(const World& world);

/// The provider of that id. Throws Error `carrier.unknown` (not_found) with those that are near,
/// `carrier.altered` (failure) when its file is not the one that esimctl was built with, or is not
/// there, and as carriers::read_provider.
carriers::Provider provider_of(const World& world, std::string_view id);

/// One of a file that is named, whatever is in it. Throws Error `carrier.no-file` (usage) when it
/// cannot be read, and as carriers::read_provider.
carriers::Provider provider_in(const std::filesystem::path& file);

}  // namespace app
