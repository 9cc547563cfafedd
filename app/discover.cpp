#include "app/discover.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "app/default_smdp.hpp"
#include "app/manageable.hpp"
#include "app/servers.hpp"
#include "base/text.hpp"
#include "lpa/discovery.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

/// Those that phones ask.
constexpr std::array<std::string_view, 3> known_servers{
    "lpa.ds.gsma.com", "lpa.live.esimdiscovery.com", "prod.smds.rsp.goog"};

std::vector<AskedSmds> servers_to_ask(const DiscoverRequest& request, const std::string& root) {
  std::vector<AskedSmds> servers;
  const auto add = [&](std::string_view address, SmdsOrigin origin) {
    auto server = lpa::server_of(std::string(address));
    if (server.empty()) return;
    if (std::ranges::find(servers, server, &AskedSmds::address) != servers.end()) return;
    servers.push_back({std::move(server), origin, {}});
  };
  for (const auto& each : request.servers) add(each, SmdsOrigin::named);
  if (!servers.empty()) return servers;
  add(root, SmdsOrigin::card);
  for (const auto each : known_servers) add(each, SmdsOrigin::known);
  return servers;
}

/// The first failure, when there is nothing else to tell.
void require_an_answer(const std::vector<AskedSmds>& servers) {
  if (std::ranges::any_of(servers, [](const AskedSmds& each) { return !each.error; })) return;
  std::optional<Error> told;
  for (const auto& each : servers) {
    if (!told) {
      told = each.error;
    } else if (each.error) {
      told->hint(each.error->what());
    }
  }
  if (told) throw Error(*std::move(told));
}

/// One run of `discover`.
class Discoverer {
 public:
  Discoverer(const World& world, const Observer& observer, Session& session,
             const DiscoverRequest& request)
      : world_(world),
        observer_(observer),
        session_(session),
        request_(request),
        info1_(session.euicc().info1()),
        trust_(server_trust(request.trust, info1_.value, request.test_profiles)),
        anchors_(lpa::http_trust(trust_, world.clock.utc())) {}

  Discovery run() {
    const auto configured = default_smdp(session_);
    Discovery found{trust_, servers_to_ask(request_, configured.root_smds), {}, configured.address};
    for (auto& server : found.servers) {
      try {
        for (const auto& each : ask(server.address)) add(found.events, each, server.address);
      } catch (Error& error) {
        if (error.kind() == ErrorKind::card && error.code() != "card.status") throw;
        server.error = error;
      }
    }
    require_an_answer(found.servers);
    return found;
  }

 private:
  std::vector<lpa::EventEntry> ask(const std::string& address) {
    check_smdp_address(address);
    observer_.note(fmt::format("asking {} what waits for the card", address));
    auto settings = settings_for(address, anchors_);
    settings.limits.connect = connect_by_the_way;
    const auto http = world_.http(std::move(settings));
    lpa::Smds smds(*http, address, info1_.value.svn);
    return lpa::discover({.euicc = session_.euicc(),
                          .smds = smds,
                          .info1 = info1_,
                          .device = request_.device,
                          .trust = trust_,
                          .now = world_.clock.utc(),
                          .note = observer_.note});
  }

  static void add(std::vector<FoundEvent>& events, const lpa::EventEntry& entry,
                  const std::string& smds) {
    const bool there = std::ranges::any_of(events, [&](const FoundEvent& each) {
      return each.event_id == entry.event_id && each.smdp_address == entry.server_address;
    });
    if (!there) events.push_back({entry.event_id, entry.server_address, smds});
  }

  const World& world_;
  const Observer& observer_;
  Session& session_;
  const DiscoverRequest& request_;
  tlv::Signed<lpa::EuiccInfo1> info1_;
  lpa::Trust trust_;
  lpa::HttpTrust anchors_;
};

}  // namespace

Discovery discover(const World& world, const Observer& observer, Session& session,
                   const DiscoverRequest& request) {
  for (const auto& each : request.servers) check_smdp_address(each);
  require_manageable(session);
  return Discoverer(world, observer, session, request).run();
}

lpa::ActivationCode code_of_event(const Discovery& discovery, std::size_t number) {
  const auto& events = discovery.events;
  if (number == 0 || number > events.size()) {
    throw Error(ErrorKind::not_found, "discover.no-event",
                events.empty() ? std::string("nothing waits for the card")
                               : fmt::format("there is no event {}: the last one is {}", number,
                                             events.size()))
        .hint("`esimctl discover` shows what there is");
  }
  const auto& event = events[number - 1];
  lpa::ActivationCode code;
  code.smdp_address = lpa::server_of(event.smdp_address);
  check_smdp_address(code.smdp_address);
  code.smdp_address_as_given = event.smdp_address;
  code.matching_id = event.event_id;
  return code;
}

}  // namespace app
