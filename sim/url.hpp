#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/http_message.hpp"

/// Queries, forms and paths (WHATWG URL 5, RFC 3986).
namespace sim {

/// The pairs of a query or of a form; empty when an escape is none.
std::optional<HttpFields> decode_form(std::string_view text);

/// The value of a field; empty when it is not there.
std::optional<std::string> field(const HttpFields& fields, std::string_view name);

/// `text` with everything escaped that is not unreserved (RFC 3986 2.3).
std::string escaped(std::string_view text);

/// What stands in `path` where `pattern` has {}, decoded; empty when it is another path.
std::optional<std::vector<std::string>> match_path(std::string_view path, std::string_view pattern);

}  // namespace sim
