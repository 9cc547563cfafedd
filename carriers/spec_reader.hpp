#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "carriers/names_in_use.hpp"
#include "carriers/node.hpp"
#include "carriers/provider.hpp"

/// The parts that the file of a provider is made of; all throw as Node::wrong.
namespace carriers {

std::vector<std::string> read_texts(const Node& node);
std::chrono::seconds read_seconds(const Node& node);
Pointer read_pointer(const Node& node);

/// One pointer, or several.
std::vector<Pointer> read_places(const Node& node);

Condition read_condition(Node node);

/// Reads requests whose values are those of `names`, to these hosts alone.
class RequestReader {
 public:
  RequestReader(const std::vector<std::string>& hosts, const NamesInUse& names)
      : hosts_(hosts), names_(names) {}

  [[nodiscard]] RequestSpec request(Node node) const;
  [[nodiscard]] std::vector<NamedTemplate> headers(Node node) const;
  [[nodiscard]] std::pair<Template, Template> basic(Node node) const;

 private:
  [[nodiscard]] Template text(const Node& node) const;
  [[nodiscard]] Template url(const Node& node) const;
  [[nodiscard]] std::vector<NamedTemplate> query(Node node) const;
  void check_json(const Node& node, const nlohmann::ordered_json& value) const;

  const std::vector<std::string>& hosts_;
  const NamesInUse& names_;
};

/// A name that a template can use: letters in lower case, digits and `_`.
void check_name(const Node& place, const std::string& name);

/// What each `name` is taken from, those that come of others last; adds them to `names`.
std::vector<ExtractSpec> read_extract(Node node, NamesInUse& names);
LifetimeSpec read_lifetime(Node node, const NamesInUse& names);
PagesSpec read_pages(Node node);
QuantitySpec read_quantity(Node node);
DateSpec read_date(Node node);
CycleSpec read_cycle(Node node);

}  // namespace carriers
