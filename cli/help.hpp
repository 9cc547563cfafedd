#pragma once

#include <memory>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class FormatterBase;
}

namespace cli {

/// How --help looks: examples first, since they are what people read, then the rest in our own
/// words. The examples are what the command has as its footer.
std::shared_ptr<CLI::FormatterBase> help_formatter();

}  // namespace cli
