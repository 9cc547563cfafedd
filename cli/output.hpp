#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "cli/context.hpp"

/// Documents on standard output: one JSON value, printed as JSON or, by a list of its fields, as
/// text. On a terminal text is aligned, coloured and fitted to the width; elsewhere fields are
/// separated by tabs, nothing is left out, and new fields only come at the end.
namespace cli {

using Json = nlohmann::ordered_json;

/// One field of a document as text shows it.
struct Field {
  std::string key;    ///< in the JSON; also its name where there is no terminal
  std::string label;  ///< on a terminal
  std::function<std::string(const Json&)> human{};  ///< how a terminal shows it; empty: as it is
};

/// `text` from outside, as a JSON string fit to be shown (base::clean).
Json text_value(std::string_view text);

void print_json(const Context& context, const Json& document);

/// One of several documents, on a line of its own that is there at once.
void print_event(const Context& context, const Json& event);

/// Objects as lines, a column for each field. `emphasis` says of an object that it stands out.
void print_table(const Context& context, const Json& rows, const std::vector<Field>& fields,
                 const std::function<bool(const Json&)>& emphasis);

/// One object, a line for each field.
void print_record(const Context& context, const Json& object, const std::vector<Field>& fields);

/// The fields that `keys` names, in its order; all of them when it is empty.
/// Throws Error `usage.column` for a name that no field has.
std::vector<Field> choose(const std::vector<Field>& fields, const std::vector<std::string>& keys);

std::vector<std::string> keys(const std::vector<Field>& fields);

/// A sentence for people about what was done: on standard output, unless they want JSON or quiet.
void say(const Context& context, std::string_view sentence);

/// What to type to do `command` with the card that this one works on.
std::string command_line(const Context& context, const std::string& command);

/// What to do next: on standard error, unless they want JSON or quiet.
void suggest(const Context& context, std::string_view sentence);

}  // namespace cli
