#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"

/// One function a command; each prints what it found or did and returns the exit code. What goes
/// wrong is thrown as base::Error.
namespace cli {

struct TableOptions {
  std::vector<std::string> columns;
};

int cards(const Context& context, const TableOptions& options);
int info(const Context& context);
int list(const Context& context, const TableOptions& options);
int show(const Context& context, const std::string& profile);
int enable(const Context& context, const std::string& profile);
int disable(const Context& context, const std::string& profile);
int explain(const Context& context, const std::string& code);

}  // namespace cli
