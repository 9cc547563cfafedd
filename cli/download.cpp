#include <optional>

#include "app/code.hpp"
#include "app/default_smdp.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/install.hpp"

namespace cli {
namespace {

base::Error wrong(const std::string& message) {
  return base::Error(base::ErrorKind::usage, "usage.argument", "download: " + message)
      .hint("`esimctl download --help` shows what there is");
}

std::optional<lpa::ActivationCode> code_of(const Context& context, const DownloadOptions& options) {
  const auto& source = options.source;
  const bool named = !source.codes.empty() || source.file || source.picture;
  if (options.matching_id && !options.smdp) throw wrong("--matching-id goes with --smdp");
  if (options.smdp && named) throw wrong("--smdp and an activation code exclude each other");
  if (options.smdp) {
    app::check_smdp_address(*options.smdp);
    lpa::ActivationCode code;
    code.smdp_address = base::lower(*options.smdp);
    code.smdp_address_as_given = *options.smdp;
    code.matching_id = options.matching_id.value_or("");
    return code;
  }
  if (!named) return std::nullopt;
  return app::read_code(source, context.terminal.in, context.world.open_library).code;
}

}  // namespace

int download(const Context& context, const DownloadOptions& options) {
  return with_error_event(context, [&] {
    auto code = code_of(context, options);
    Installation(context, options.install).run(std::move(code));
  });
}

}  // namespace cli
