#include "base/http.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace base {

std::optional<std::string_view> HttpResponse::header(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers, [wanted = lower(name)](const auto& header) { return lower(header.name) == wanted; });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

}  // namespace base
