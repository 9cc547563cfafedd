#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "app/line_links.hpp"
#include "app/plans.hpp"
#include "app/provider_files.hpp"
#include "app/standing.hpp"
#include "app/trial.hpp"
#include "app/unlock.hpp"
#include "base/utc.hpp"
#include "cli/document_parts.hpp"
#include "store/accounts.hpp"
#include "usage/line_match.hpp"

/// The JSON shape of what commands about carriers and plans print (docs/json.md); for files that do
/// without the whole of nlohmann/json.hpp.
namespace cli {

Document carrier_list_json(const app::Providers& providers);
Document carrier_json(const app::KnownProvider& known);
Document carrier_trusted_json(const app::Candidate& candidate, bool changed);
Document carrier_untrusted_json(const std::string& id, bool changed);
Document trial_json(const app::Trial& trial, base::UtcTime now);
Document account_list_json(std::span<const app::ListedAccount> accounts);
Document account_added_json(const store::Account& account);
Document account_removed_json(const std::string& name);
Document account_linked_json(const app::LineLinked& linked);
Document signed_in_json(const std::string& account, bool changed, std::optional<base::UtcTime> ends,
                        const std::optional<store::PendingCode>& pending = {});
Document unlocking_json(const app::Unlocking& unlocking, bool changed, bool tested);
Document usage_json(const app::Plans& plans, base::UtcTime now);
Document balance_json(const app::Plans& plans, base::UtcTime now);

/// The plan of a profile, by the line that is behind it; null when none is known.
Document profile_plan_json(const app::Plans& plans, const std::optional<usage::LineMatch>& match);

/// The list in a document, for a table.
const nlohmann::ordered_json& rows_of(const Document& document, const char* name);

/// The same with lists as one text each.
Document joined(const nlohmann::ordered_json& rows);

/// How people are shown an amount of data: "1.9 GB".
std::string human_bytes(const nlohmann::ordered_json& value);
std::string human_money(const nlohmann::ordered_json& value);
/// The limit of a line, which may be none.
Document with_human_limit(const nlohmann::ordered_json& rows);

}  // namespace cli
