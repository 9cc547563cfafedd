#include "app/named_secrets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace app {

NamedSecrets read_named_secrets(const base::Secret& text, std::string_view what) {
  NamedSecrets all;
  auto rest = text.reveal();
  while (!rest.empty()) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      throw base::Error(base::ErrorKind::usage, "account.value",
                        fmt::format("a line of {} is not of the form NAME=VALUE", what))
          .hint("`esimctl carrier show CARRIER` has the names");
    }
    all.insert_or_assign(std::string(line.substr(0, equals)),
                         base::Secret(std::string(line.substr(equals + 1))));
  }
  return all;
}

}  // namespace app
