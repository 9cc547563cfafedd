#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/default_smdp.hpp"
#include "app/profiles.hpp"
#include "app/remove.hpp"
#include "app/rename.hpp"
#include "app/reset.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/output.hpp"
#include "cli/prompt.hpp"
#include "cli/telling.hpp"

/// Commands that change what is on the card, switching apart.
namespace cli {
namespace {

constexpr std::size_t typed_digits = 4;

std::string last_digits(const std::string& number) {
  return number.substr(number.size() - std::min(number.size(), typed_digits));
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : text_value(text); }

int print_smdp(const Context& context, const app::DefaultSmdp& smdp, const lpa::Eid& eid) {
  if (context.options.json != JsonStyle::none) {
    print_json(context, {{"version", 1},
                         {"changed", smdp.changed},
                         {"eid", eid.digits()},
                         {"default_smdp", text_or_null(smdp.address)},
                         {"root_smds", text_or_null(smdp.root_smds)}});
    return 0;
  }
  const Json fields{{"default_smdp", text_or_null(smdp.address)},
                    {"root_smds", text_or_null(smdp.root_smds)}};
  print_record(context, fields, {{"default_smdp", "Default SM-DP+"}, {"root_smds", "Root SM-DS"}});
  return 0;
}

}  // namespace

int rename(const Context& context, const RenameOptions& options) {
  app::check_nickname(options.nickname);
  auto& session = context.session();
  const auto report = app::rename(session, options.profile, options.nickname);
  if (context.options.json != JsonStyle::none) {
    print_json(context, changed_json(report.changed, session.euicc().eid(), report.profile));
    return 0;
  }
  const auto name = app::spoken_name(report.profile);
  say(context,
      report.changed ? "the profile is called " + name + " now" : name + " is called so already");
  return 0;
}

int remove(const Context& context, const std::string& profile) {
  require_answers(context);
  auto& session = context.session();
  const auto confirm = [&](const lpa::ProfileInfo& found) {
    confirm_by_typing(
        context,
        fmt::format("{} will be deleted for good. Type the last {} digits of its ICCID:",
                    app::spoken_name(found), typed_digits),
        last_digits(found.iccid ? found.iccid->digits() : std::string()));
  };
  const auto deleted = app::remove(session, profile, confirm, context.options.test_profiles());
  say(context, "deleted " + app::spoken_name(deleted));
  const auto told =
      tell_operators(context, std::span(&deleted, 1), {lpa::notification_event::remove});
  if (context.options.json != JsonStyle::none) {
    print_json(context, changed_json(true, session.euicc().eid(), deleted, told));
  } else {
    suggest_to_send(context, told);
  }
  return 0;
}

int reset(const Context& context, const app::ResetChoice& choice) {
  if (choice.nothing()) {
    throw base::Error(base::ErrorKind::usage, "usage.argument", "reset: say what to erase")
        .hint("one or more of --operational-profiles, --test-profiles, --default-smdp");
  }
  require_answers(context);
  auto& session = context.session();
  std::vector<std::string> erased;
  std::string list;
  const auto add = [&](bool chosen, std::string_view name, std::string_view words) {
    if (!chosen) return;
    erased.emplace_back(name);
    list += (list.empty() ? "" : ", ") + std::string(words);
  };
  add(choice.operational_profiles, "operational_profiles", "all operational profiles");
  add(choice.test_profiles, "test_profiles", "the test profiles that were loaded later");
  add(choice.default_smdp, "default_smdp", "the default SM-DP+");
  const auto eid = session.euicc().eid().digits();
  confirm_by_typing(
      context,
      fmt::format("This erases from the eUICC for good: {}. Type the last {} digits of "
                  "its EID ({}):",
                  list, typed_digits, eid),
      last_digits(eid));
  const bool changed = app::reset(session, context.world.clock, choice);
  if (!changed) erased.clear();
  if (context.options.json != JsonStyle::none) {
    print_json(context, {{"version", 1}, {"changed", changed}, {"eid", eid}, {"erased", erased}});
    return 0;
  }
  say(context, changed ? "erased: " + list : "there was nothing to erase");
  return 0;
}

int smdp(const Context& context, const SmdpOptions& options) {
  const bool set = options.clear || options.address.has_value();
  if (options.clear && options.address) {
    throw base::Error(base::ErrorKind::usage, "usage.argument",
                      "smdp: an address and --clear do not go together");
  }
  const auto address = options.address.value_or("");
  if (!address.empty()) app::check_smdp_address(address);
  auto& session = context.session();
  const auto smdp = set ? app::set_default_smdp(session, address) : app::default_smdp(session);
  return print_smdp(context, smdp, session.euicc().eid());
}

}  // namespace cli
