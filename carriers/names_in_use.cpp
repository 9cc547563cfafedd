#include "carriers/names_in_use.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace carriers {
namespace {

constexpr std::size_t longest_name = 80;

}  // namespace

void NamesInUse::add(const std::string& name, NameUse use) {
  auto& known = known_[name];
  known = {.secret = known.secret || use.secret, .may_be_missing = use.may_be_missing};
}

void NamesInUse::check(const Node& place, const std::string& name) const {
  if (!known_.contains(name))
    place.wrong(fmt::format("nothing sets the value “{}”", base::clean(name, longest_name)));
}

void NamesInUse::check(const Node& place, const Template& text) const {
  for (const auto& name : text.names()) check(place, name);
  for (const auto& name : text.required_names()) {
    if (known_.at(name).may_be_missing)
      place.wrong(fmt::format("“{0}” may be missing, and is to be written ${{{0}?}}", name));
  }
}

void NamesInUse::check_address(const Node& place, const Template& text) const {
  check(place, text);
  for (const auto& name : text.names()) {
    if (known_.at(name).secret)
      place.wrong(fmt::format("the secret “{}” must not be in an address", name));
  }
}

}  // namespace carriers
