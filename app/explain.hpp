#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace app {

/// One thing that a code can mean.
struct Explanation {
  std::string kind;    ///< "status word", "EnableProfile result", "server status", "exit code", …
  std::string code;    ///< as it is usually written
  std::string name;    ///< the specification's
  std::string cause;   ///< one clause
  std::string advice;  ///< one clause, or empty
};

/// Everything that `code` can mean: a status word in hex (6A82), a PC/SC code in hex or by name,
/// the number of a result or of an exit (both are told), a result by name (catBusy), a server's
/// subject and reason (8.2.6/3.8, or one of them), a code `http.*`; a word before it narrows
/// (`enable 5`, `exit 5`, `curl 28`, `tls 10`, `http 404`, `subject 8.1`, `pe 4`; `install 5 10` is
/// the command and the reason of a download that failed). Throws Error `code.unknown` (not_found).
std::vector<Explanation> explain(std::string_view code);

}  // namespace app
