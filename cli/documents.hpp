#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "app/cards.hpp"
#include "app/chip.hpp"
#include "app/deliver.hpp"
#include "app/discover.hpp"
#include "app/provision.hpp"
#include "app/store.hpp"
#include "base/error.hpp"
#include "lpa/activation_code.hpp"
#include "lpa/es10b.hpp"
#include "lpa/es10c.hpp"

/// The JSON shape of everything that commands print (docs/json.md): the one place where it is
/// decided.
namespace cli {

using Json = nlohmann::ordered_json;

/// A profile as `list` has it.
Json profile_json(const lpa::ProfileInfo& profile);

/// A profile as `show` has it: that, and what a list leaves out.
Json profile_details_json(const lpa::ProfileInfo& profile);

/// What every command prints that changes one profile, and who was told of it.
Json changed_json(bool changed, const lpa::Eid& eid, const lpa::ProfileInfo& profile,
                  std::span<const app::Delivery> told = {});

/// What became of notifications.
Json deliveries_json(std::span<const app::Delivery> deliveries);

/// What happened to a profile, by the bits of lpa::notification_event.
std::span<const std::string_view> event_names_by_bit();

Json notification_json(const lpa::NotificationMetadata& notification);

/// A notification as `notification show` has it: that, and what its signed part tells.
Json pending_notification_json(const lpa::PendingNotification& notification);

Json chip_json(const app::ChipInfo& chip);
Json card_json(const app::CardReport& report);
/// Those of `store`, for a file that does without the whole of nlohmann/json.hpp.
std::shared_ptr<const Json> store_path_json(const std::filesystem::path& file);
std::shared_ptr<const Json> store_backup_json(const std::filesystem::path& file,
                                              const std::filesystem::path& copy);
std::shared_ptr<const Json> store_journal_json(const std::vector<store::JournalSession>& sessions);
/// The downloads in it as lines of a table, each with its last step.
std::shared_ptr<const Json> store_journal_rows(const std::vector<store::JournalSession>& sessions);
std::shared_ptr<const Json> store_check_json(const app::JournalReport& report);

/// What a server offers for download.
Json offer_json(const app::Proposal& proposal);

/// The last event of a download; of a preview without a profile.
Json download_json(const app::ProvisionReport& report, const lpa::Eid& eid);

/// What waits for the card, and the list of it alone; for a file that does without the whole of
/// nlohmann/json.hpp.
std::shared_ptr<const Json> discovery_json(const app::Discovery& discovery, const lpa::Eid& eid);
std::shared_ptr<const Json> found_events_json(const app::Discovery& discovery);

Json code_json(const lpa::ActivationCode& code);
Json error_json(const base::Error& error);

/// An error as the whole document that goes to standard error, without an end of line.
std::string error_document(const base::Error& error);

}  // namespace cli
