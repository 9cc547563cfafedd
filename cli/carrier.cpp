#include "app/provider_files.hpp"
#include "cli/output.hpp"
#include "cli/plan_commands.hpp"
#include "cli/plan_documents.hpp"

namespace cli {
namespace {

std::vector<Field> list_fields() {
  return {{"id", "CARRIER", {}},        {"title", "NAME", {}},
          {"reads", "TELLS", {}},       {"second_factors", "SECOND FACTORS", {}},
          {"evidence", "EVIDENCE", {}}, {"poll_floor_seconds", "SECONDS BETWEEN", {}}};
}

std::vector<Field> show_fields() {
  return {{"id", "Carrier", {}},
          {"title", "Name", {}},
          {"reads", "Tells", {}},
          {"second_factors", "Second factors", {}},
          {"evidence", "Evidence", {}},
          {"checked", "Checked", {}},
          {"poll_floor_seconds", "Seconds between two looks", {}},
          {"hosts", "Hosts", {}},
          {"values", "Needs", {}},
          {"unavailable", "Cannot be asked", {}},
          {"alternatives", "What works", {}},
          {"notes", "Notes", {}},
          {"documentation", "Documentation", {}}};
}

int print(const Context& context, const carriers::Provider& provider) {
  const auto document = carrier_json(provider);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
  } else {
    print_record(context, *joined(rows_of(document, "carrier")), show_fields());
  }
  return 0;
}

}  // namespace

int carrier_list(const Context& context) {
  const auto all = app::providers(context.world);
  const auto document = carrier_list_json(all);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
  } else {
    print_table(context, *joined(rows_of(document, "carriers")), list_fields(),
                [](const Json&) { return false; });
    suggest(context, "`esimctl carrier show CARRIER` tells what works with one that tells nothing");
  }
  return 0;
}

int carrier_show(const Context& context, const std::string& id) {
  return print(context, app::provider_of(context.world, id));
}

int carrier_check(const Context& context, const std::string& file) {
  return print(context, app::provider_in(file));
}

}  // namespace cli
