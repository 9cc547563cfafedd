#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace store {

constexpr std::size_t longest_printed_secret = 4096;
constexpr std::chrono::minutes longest_printing{2};

/// What a program prints, without one end of line after it. It is run without a shell, with no
/// standard input, and is ended when it takes longer than `limit`. Throws what `refusal` makes of a
/// reason when it does not succeed, or prints nothing or too much.
base::Secret printed_secret(const std::vector<std::string>& command,
                            const std::function<base::Error(const std::string& why)>& refusal,
                            std::chrono::milliseconds limit = longest_printing);

base::Secret without_end_of_line(const base::Secret& secret);

}  // namespace store
