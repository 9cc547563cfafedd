#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace test {

/// The base::Error that `work` throws; empty when it throws none.
template <class Work>
std::optional<base::Error> error_of(Work&& work) {
  try {
    std::forward<Work>(work)();
  } catch (const base::Error& error) {
    return error;
  }
  return std::nullopt;
}

/// The code of the base::Error that `work` throws; "none" when it throws none.
template <class Work>
std::string error_code(Work&& work) {
  const auto error = error_of(std::forward<Work>(work));
  return error ? error->code() : "none";
}

}  // namespace test
