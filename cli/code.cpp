#include "app/code.hpp"

#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/output.hpp"
#include "cli/qr_drawing.hpp"

namespace cli {
namespace {

std::vector<Field> fields(const lpa::ActivationCode& code) {
  return {{"smdp_address", "Server (SM-DP+)",
           [&code](const Json&) { return code.smdp_address_as_given; }},
          {"matching_id", "Matching ID", {}},
          {"smdp_oid", "Server's OID", {}},
          {"confirmation_code_required", "Confirmation code", [](const Json& required) {
             return required.get<bool>() ? "needed: it comes from the operator, by another way"
                                         : "not needed";
           }}};
}

void draw_code(const Context& context, const lpa::ActivationCode& code) {
  const auto qr = app::qr_of(code, context.world.open_library);
  const auto width = drawn_width(qr);
  if (context.terminal.out_is_tty && width > context.terminal.width) {
    throw base::Error(base::ErrorKind::usage, "code.narrow",
                      fmt::format("the QR code is {} cells wide, and the terminal {}", width,
                                  context.terminal.width))
        .hint("make the window wider or its letters smaller, or write a picture: --png FILE");
  }
  context.terminal.out << draw(qr, context.colour());
  if (context.terminal.out_is_tty && !context.colour())
    suggest(context, "without colours it is drawn for light text on a dark ground");
}

void explain_code(const Context& context, const lpa::ActivationCode& code) {
  print_record(context, code_json(code), fields(code));
  if (!context.terminal.out_is_tty) return;
  say(context, code.matching_id.empty()
                   ? fmt::format("A download contacts https://{}, which has to know the EID, since "
                                 "there is no matching ID.",
                                 code.smdp_address)
                   : fmt::format("A download contacts https://{} and asks for what waits under the "
                                 "matching ID.",
                                 code.smdp_address));
}

}  // namespace

int code(const Context& context, const CodeOptions& options) {
  const bool json = context.options.json != JsonStyle::none;
  if (json && options.draw) {
    throw base::Error(base::ErrorKind::usage, "usage.argument",
                      "--draw and --json exclude each other")
        .hint("--png FILE goes with --json");
  }
  const auto found =
      app::read_code(options.source, context.terminal.in, context.world.open_library);
  if (options.png) {
    app::write_png(app::qr_of(found.code, context.world.open_library), *options.png,
                   context.world.open_library);
    say(context, fmt::format("the QR code is in “{}” now, for you alone to read",
                             base::clean(*options.png)));
  }
  if (options.draw) draw_code(context, found.code);
  if (json) {
    print_json(context, code_json(found.code));
  } else if (!options.draw && !options.png) {
    explain_code(context, found.code);
  }
  if (found.other_qr_codes > 0)
    suggest(context, fmt::format("other QR codes in the picture, which are no activation codes: {}",
                                 found.other_qr_codes));
  if (!found.code.further_fields.empty())
    suggest(context, "the code has further fields, as of SGP.22 v3; esimctl does not use them");
  return 0;
}

}  // namespace cli
