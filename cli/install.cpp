#include "cli/install.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/profiles.hpp"
#include "base/error.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "cli/documents.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/prompt.hpp"
#include "lpa/device.hpp"

namespace cli {
namespace {

constexpr std::size_t largest_code_file = 1024;

/// What people read of each stage, in their order.
constexpr std::array<std::string_view, lpa::stage_names.size()> stage_sentences{
    "connecting to the server", "the card looks at the server", "asking the server what it has",
    "the card gets ready",      "fetching the profile",         "installing",
    "ending the session"};

base::Secret read_confirmation_code(const Context& context, const std::string& file) {
  auto text = base::read_named(file, context.terminal.in, largest_code_file);
  while (text && !text->empty() &&
         std::string_view(" \t\r\n").find(text->back()) != std::string_view::npos) {
    text->pop_back();
  }
  if (!text || text->empty()) {
    throw base::Error(base::ErrorKind::usage, "download.code-file",
                      fmt::format("there is no confirmation code in {}", base::clean(file, 200)))
        .hint("the file has the code and nothing else");
  }
  return base::Secret(*std::move(text));
}

std::string human_rules(const Json& rules) {
  std::string text;
  for (const auto& each : rules) {
    const auto name = each.get<std::string>();
    if (!text.empty()) text += "; ";
    text += name == "ppr1"   ? "cannot be disabled (PPR1)"
            : name == "ppr2" ? "cannot be deleted (PPR2)"
                             : name;
  }
  return text.empty() ? "none" : text;
}

std::string human_need(const Json& needed) { return needed.get<bool>() ? "needed" : "not needed"; }

std::vector<Field> offer_fields() {
  return {{"smdp_address", "Server (SM-DP+)"},
          {"provider", "Provider"},
          {"name", "Name"},
          {"iccid", "ICCID"},
          {"class", "Class"},
          {"icon_type", "Icon"},
          {"policy_rules", "Policy rules", human_rules},
          {"consent_required", "Consent to them", human_need},
          {"confirmation_code_required", "Confirmation code", human_need},
          {"free_bytes", "Free on the card",
           [](const Json& bytes) {
             return bytes.is_null() ? std::string("unknown")
                                    : fmt::format("{} bytes", bytes.get<std::uint64_t>());
           }},
          {"trust", "Server trusted by", [](const Json& trust) {
             return trust == "card" ? std::string("the issuers of the card")
                                    : trust.get<std::string>();
           }}};
}

/// The offer on standard error, beside the question about it.
void show_offer(const Context& context, const Json& offer) {
  auto terminal = context.terminal;
  const Terminal beside{.in = terminal.in,
                        .out = terminal.err,
                        .err = terminal.err,
                        .out_is_tty = terminal.err_is_tty,
                        .width = terminal.width,
                        .colour = terminal.colour};
  print_record({context.world, context.observer, beside, context.options, context.card}, offer,
               offer_fields());
}

app::Consent ask_for_consent(const Context& context, const app::Proposal& proposal) {
  if (context.options.yes) return app::Consent::yes;
  show_offer(context, offer_json(proposal));
  constexpr std::array<std::string_view, 3> answers{"yes", "no", "later"};
  constexpr std::array consents{app::Consent::yes, app::Consent::no, app::Consent::later};
  return consents.at(choose_answer(
      context, "Install it? `no` tells the operator that you refuse it, `later` leaves it there.",
      answers));
}

void print_installed(const Context& context, const app::Provisioned& installed) {
  const auto name = app::spoken_name(installed.profile);
  say(context, fmt::format("installed {}; it is disabled", name));
  if (!installed.told.sent) {
    suggest(context, fmt::format("the operator does not know of it yet: {}; notification {} waits "
                                 "on the card",
                                 installed.told.why_not, installed.told.sequence_number));
  }
  if (const auto& iccid = installed.profile.iccid) {
    suggest(context,
            fmt::format("`{}` enables it", command_line(context, "enable " + iccid->digits())));
  }
}

void print_report(const Context& context, const app::ProvisionReport& report) {
  if (context.options.json != JsonStyle::none) {
    print_event(context, download_json(report, context.session().eid()));
    return;
  }
  if (report.installed) {
    print_installed(context, *report.installed);
  } else {
    print_record(context, offer_json(report.proposal), offer_fields());
    suggest(context, "nothing was installed; the same command without --preview does it");
  }
}

}  // namespace

lpa::DeviceInfo device_of(const InstallOptions& options) {
  return options.imei ? lpa::device_with_imei(*options.imei) : lpa::unnamed_device();
}

Installation::Installation(const Context& context, const InstallOptions& options)
    : context_(context),
      request_{.code = {},
               .device = device_of(options),
               .trust = context.options.trust(),
               .test_profiles = context.options.test_profiles(),
               .preview = options.preview,
               .send = !context.options.no_send} {
  if (options.confirmation_code_file) {
    confirmation_code_ = read_confirmation_code(context, *options.confirmation_code_file);
  }
  if (!options.preview) require_answers(context);
}

app::ProvisionReport Installation::provision() {
  auto& code = confirmation_code_;
  if (!request_.preview && request_.code && request_.code->confirmation_code_required && !code) {
    require_secret(context_, "the confirmation code");
  }
  Progress progress(context_);
  const app::ProvisionDialogue dialogue{
      .stage =
          [&](lpa::DownloadStage stage) {
            progress.stage(lpa::stage_name(stage),
                           stage_sentences.at(static_cast<std::size_t>(stage)));
          },
      .consent =
          [&](const app::Proposal& proposal) {
            progress.clear();
            return request_.preview ? app::Consent::later : ask_for_consent(context_, proposal);
          },
      .confirmation_code =
          [&] {
            progress.clear();
            if (code) return std::exchange(*code, base::Secret());
            require_secret(context_, "a confirmation code");
            return ask_secret(context_, "The confirmation code of the operator:");
          },
      .progress = [&](std::size_t done, std::size_t all) { progress.bytes(done, all); }};
  auto report =
      app::provision(context_.world, context_.observer, context_.session(), request_, dialogue);
  if (code && !report.proposal.code_required) {
    progress.clear();
    suggest(context_, "the server wants no confirmation code, and was sent none");
  }
  return report;
}

void Installation::run(std::optional<lpa::ActivationCode> code) {
  request_.code = std::move(code);
  print_report(context_, provision());
}

int with_error_event(const Context& context, const std::function<void()>& work) {
  try {
    work();
    return 0;
  } catch (const base::Error& error) {
    if (context.options.json != JsonStyle::none) {
      print_event(context, {{"version", 1}, {"event", "error"}, {"error", error_json(error)}});
    }
    throw;
  }
}

}  // namespace cli
