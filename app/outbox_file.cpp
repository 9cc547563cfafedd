#include "app/outbox_file.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/store.hpp"
#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "base/write_file.hpp"
#include "lpa/outbox.hpp"
#include "lpa/rsp_server.hpp"
#include "store/journal.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using Json = nlohmann::ordered_json;

/// A notification of the text.
struct Carried {
  lpa::OutboxNotification notification;
  bool sent = false;
};

Error wrong(const std::string& what) {
  return Error(ErrorKind::usage, "notification.file",
               "this is no outbox that `notification export` wrote: " + what)
      .hint("nothing was imported; export it again where it comes from");
}

Json json_of(const lpa::OutboxNotification& each, bool sent) {
  return {{"eid", each.eid.digits()},
          {"number", each.sequence_number},
          {"address", base::clean(each.address, 300)},
          {"put_at", base::to_rfc3339(each.put_at)},
          {"sent", sent},
          {"pending_notification", base::to_base64(each.pending_notification)}};
}

/// The value of that member, if `read` can read it; `at` is the place in the text.
template <class Value, class Read>
auto member(const Json& object, const std::string& at, const char* name, Read read) {
  const auto found = object.find(name);
  if (found != object.end()) {
    if (const auto* value = found->get_ptr<const Value*>()) {
      if (auto made = read(*value)) return *std::move(made);
    }
  }
  throw wrong(fmt::format("{}/{} is missing, or is not what it should be", at, name));
}

std::optional<lpa::Eid> eid_of(const std::string& text) {
  lpa::Eid eid;
  const auto octets = base::from_hex(text);
  if (!octets || octets->size() != eid.octets.size()) return std::nullopt;
  std::ranges::copy(*octets, eid.octets.begin());
  return eid.plausible() ? std::optional(eid) : std::nullopt;
}

bool is_at(const std::string& server, const std::string& host) {
  return server == host || server.starts_with(host + ":");
}

Carried carried_of(const Json& object, const std::string& at) {
  using String = Json::string_t;
  const auto same = [](const auto& value) { return std::optional(value); };
  if (!object.is_object()) throw wrong(at + " is not an object");
  Carried made;
  auto& told = made.notification;
  told.eid = member<String>(object, at, "eid", eid_of);
  told.sequence_number = member<Json::number_unsigned_t>(object, at, "number", same);
  told.address = member<String>(object, at, "address", same);
  told.put_at = member<String>(object, at, "put_at", base::from_rfc3339);
  made.sent = member<Json::boolean_t>(object, at, "sent", same);
  told.pending_notification = member<String>(object, at, "pending_notification", base::from_base64);
  // The number and the server are the card's word, which is signed; the port is not.
  const auto about = lpa::read_pending_notification(told.pending_notification);
  if (!about || about->sequence_number != told.sequence_number ||
      !is_at(lpa::server_of(told.address), lpa::server_of(about->address))) {
    throw wrong(at + "/pending_notification is none, or tells of another number or server");
  }
  return made;
}

std::vector<Carried> parse(std::string_view text) {
  constexpr int deepest = 4;
  const auto shallow = [](int depth, Json::parse_event_t, const Json&) { return depth <= deepest; };
  const auto document = Json::parse(text, shallow, false);
  if (!document.is_object() || document.value("version", Json()) != 1) {
    throw wrong("it is not JSON of version 1");
  }
  const auto list = document.find("notifications");
  if (list == document.end() || !list->is_array()) throw wrong("/notifications is not an array");
  std::vector<Carried> all;
  for (const auto& each : *list)
    all.push_back(carried_of(each, fmt::format("/notifications/{}", all.size())));
  return all;
}

/// What the outbox has under a number; an Error when that is another event that nobody was told of.
bool knows(store::Journal& journal, const lpa::OutboxNotification& told) {
  const auto known = journal.find(told.eid, told.sequence_number);
  if (!known) return false;
  if (known->pending_notification == told.pending_notification) return true;
  throw Error(ErrorKind::failure, "store.conflict",
              fmt::format("the outbox has another notification {} of the eUICC {}",
                          told.sequence_number, told.eid.digits()))
      .hint("nothing was imported; `esimctl notification send --outbox` sends what is here first");
}

}  // namespace

OutboxText export_outbox(const World& world, const Observer& observer) {
  static_cast<void>(journal_file(world));
  auto journal = store::Journal::open(world.state_directory, observer.note);
  auto list = Json::array();
  for (const auto& each : journal.unsent()) list.push_back(json_of(each, false));
  for (const auto& each : journal.unremoved()) list.push_back(json_of(each, true));
  OutboxText text{.json = {}, .notifications = list.size()};
  text.json = Json{{"version", 1}, {"notifications", std::move(list)}}.dump(2) + "\n";
  return text;
}

void write_outbox(const OutboxText& text, const std::filesystem::path& file) {
  try {
    base::write_new_file(file, text.json);
  } catch (const std::system_error& error) {
    throw Error(
        ErrorKind::usage, "notification.file",
        fmt::format("cannot write “{}”: {}", base::clean(file.string()), error.code().message()))
        .hint("name a file that is not there yet, in a directory that is: no file is replaced");
  }
}

std::string read_outbox(const std::string& file, std::istream& input) {
  constexpr std::size_t largest = 16UL * 1024 * 1024;
  auto text = base::read_named(file, input, largest);
  if (!text) {
    throw Error(ErrorKind::usage, "notification.file",
                fmt::format("cannot read {}: it is not there, no file, or larger than 16 MiB",
                            file == "-" ? "standard input" : base::clean(file)))
        .hint("name a file that `esimctl notification export` wrote, or `-` for standard input");
  }
  return *std::move(text);
}

ImportedOutbox import_outbox(const World& world, const Observer& observer, std::string_view json) {
  static_cast<void>(journal_file(world));
  const auto all = parse(json);
  auto journal = store::Journal::open(world.state_directory, observer.note);
  ImportedOutbox made;
  for (const auto& each : all) ++(knows(journal, each.notification) ? made.known : made.added);
  const auto unsent = [&] { return journal.contents().unsent; };
  for (const auto& each : all) journal.put(each.notification);
  const auto before = unsent();
  for (const auto& [told, sent] : all) {
    if (sent) journal.sent(told.eid, told.sequence_number, world.clock.utc());
  }
  made.sent = static_cast<std::size_t>(before - unsent());
  return made;
}

}  // namespace app
