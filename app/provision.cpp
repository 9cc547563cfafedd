#include "app/provision.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "app/default_smdp.hpp"
#include "app/deliver.hpp"
#include "app/manageable.hpp"
#include "app/profiles.hpp"
#include "app/servers.hpp"
#include "app/store.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "lpa/download.hpp"
#include "store/journal.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

/// The journal has to hold the package: the largest ones are a few hundred thousand octets.
constexpr std::uintmax_t room_for_package = 1024UL * 1024;

/// No profile is smaller.
constexpr std::uint64_t smallest_profile = 1024;

store::Journal open_journal(const World& world, const Observer& observer) {
  static_cast<void>(journal_file(world));
  auto journal = store::Journal::open(world.state_directory, observer.note);
  std::error_code error;
  const auto space = std::filesystem::space(world.state_directory, error);
  if (!error && space.available < room_for_package) {
    throw Error(ErrorKind::failure, "store.full",
                fmt::format("{} has room for {} bytes only, and a profile is kept there until the "
                            "card has it",
                            base::clean(world.state_directory.string(), 200), space.available))
        .hint("make room, or set XDG_STATE_HOME to another directory; nothing was asked for yet");
  }
  return journal;
}

std::string server_address(Session& session, const ProvisionRequest& request) {
  if (request.code) return request.code->smdp_address;
  auto address = base::lower(default_smdp(session).address);
  if (address.empty()) {
    throw Error(ErrorKind::usage, "smdp.none",
                "no activation code is given, and the card has no default SM-DP+")
        .hint("esimctl download 'LPA:1$smdp.example.com$MATCHING-ID', or --qr PICTURE");
  }
  check_smdp_address(address);
  return address;
}

Error too_small(std::uint64_t free, std::uint64_t needed, const std::string& what) {
  return Error(ErrorKind::refused, "card.full",
               fmt::format("{} about {} bytes, and the card has {} free: {} are missing", what,
                           needed, free, needed - free))
      .hint("delete a profile that is no longer needed: `esimctl list`, `esimctl delete PROFILE`");
}

/// As the card will list it.
lpa::ProfileInfo profile_of(const lpa::ProfileMetadata& metadata) {
  lpa::ProfileInfo profile;
  profile.iccid = metadata.iccid;
  profile.provider = metadata.provider;
  profile.name = metadata.name;
  profile.icon_type = metadata.icon_type;
  profile.icon = metadata.icon;
  profile.profile_class = metadata.class_or_default();
  profile.notifications = metadata.notifications;
  profile.owner = metadata.owner;
  profile.policy_rules = metadata.policy_rules;
  return profile;
}

std::optional<lpa::ProfileInfo> listed(const std::vector<lpa::ProfileInfo>& profiles,
                                       const std::optional<lpa::Iccid>& iccid) {
  const auto found = std::ranges::find(profiles, iccid, &lpa::ProfileInfo::iccid);
  return found == profiles.end() ? std::nullopt : std::optional(*found);
}

/// The report of a download by this code that broke off and was found to have installed its
/// profile.
std::optional<ProvisionReport> recovered(Session& session, const ProvisionRequest& request) {
  if (!request.code || request.preview) return std::nullopt;
  const auto& all = session.recovered();
  const auto found = std::ranges::find_if(all, [&](const Recovered& each) {
    return each.outcome == lpa::DownloadOutcome::installed &&
           each.download.begun.smdp_address == request.code->smdp_address &&
           each.download.begun.matching_id == request.code->matching_id;
  });
  if (found == all.end()) return std::nullopt;
  auto profile = listed(session.euicc().profiles(lpa::ProfileFields::list), found->iccid);
  if (!profile) return std::nullopt;
  Proposal proposed{.smdp_address = request.code->smdp_address,
                    .trust = request.trust.value_or(lpa::CardTrust{}),
                    .profile = *profile,
                    .rules = {},
                    .code_required = false,
                    .free_bytes = {}};
  return ProvisionReport{std::move(proposed),
                         Provisioned{*std::move(profile),
                                     {.sequence_number = found->number,
                                      .sent = false,
                                      .why_not = "the download broke off before it was told"}}};
}

/// One run of `provision`.
class Provision {
 public:
  Provision(const World& world, const Observer& observer, Session& session,
            const ProvisionRequest& request, const ProvisionDialogue& dialogue)
      : world_(world),
        observer_(observer),
        session_(session),
        request_(request),
        dialogue_(dialogue),
        journal_(open_journal(world, observer)),
        info1_(session.euicc().info1()),
        trust_(server_trust(request.trust, info1_.value, request.test_profiles)),
        anchors_(lpa::http_trust(trust_, world.clock.utc())),
        address_(server_address(session, request)),
        stop_(world.interrupts()),
        http_(client(address_)),
        smdp_(*http_, address_, info1_.value.svn, stop_),
        download_({.euicc = session.euicc(),
                   .smdp = smdp_,
                   .journal = journal_,
                   .trust = trust_,
                   .stop = stop_,
                   .now = [&world] { return world.clock.utc(); },
                   .stage = dialogue.stage,
                   .note = observer.note}) {}

  ProvisionReport run() {
    ProvisionReport report{proposal(begin()), {}};
    agree(report.proposal);
    if (request_.preview) {
      download_.cancel(lpa::CancelReason::postponed);
    } else {
      fetch(report.proposal);
      report.installed = install(report.proposal);
    }
    const auto counted = http_->counters();
    observer_.note(fmt::format("{} requests over {} connections to {}", counted.requests,
                               counted.connections, address_));
    return report;
  }

 private:
  std::unique_ptr<base::HttpClient> client(const std::string& server) {
    auto settings = settings_for(server, anchors_);
    settings.connected = [this](const base::HttpConnection& made) { connections_.push_back(made); };
    return world_.http(std::move(settings));
  }

  /// What the card has to say before anything is sent; on a thread of its own.
  lpa::Challenge prepare_card() {
    auto& euicc = session_.euicc();
    const auto info2 = euicc.info2();
    require_manageable(session_, info2);
    free_bytes_ = info2.resources.free_non_volatile_bytes;
    if (free_bytes_ && *free_bytes_ < smallest_profile) {
      throw too_small(*free_bytes_, smallest_profile, "the smallest profiles need");
    }
    table_ = euicc.authorisation_table();
    profiles_ = euicc.profiles(lpa::ProfileFields::state);
    return euicc.challenge();
  }

  const lpa::Offer& begin() {
    lpa::DownloadContext context{.matching_id = {}, .device = request_.device};
    std::optional<std::string> oid;
    if (request_.code) {
      if (!request_.code->matching_id.empty()) context.matching_id = request_.code->matching_id;
      oid = request_.code->smdp_oid;
    }
    const auto& offer = download_.begin({.context = std::move(context),
                                         .smdp_oid = std::move(oid),
                                         .info1 = info1_,
                                         .challenge = [this] { return prepare_card(); }});
    // Not from the callback: the card may be talking then.
    for (const auto& made : connections_) {
      observer_.note(made.proxy.empty()
                         ? fmt::format("connected to {} at {}", made.host, made.address)
                         : fmt::format("connected to {} by the proxy {}", made.host, made.proxy));
    }
    return offer;
  }

  Proposal proposal(const lpa::Offer& offer) const {
    Proposal proposed{.smdp_address = address_,
                      .trust = trust_,
                      .profile = profile_of(offer.metadata),
                      .rules = {},
                      .code_required = offer.code_required,
                      .free_bytes = free_bytes_};
    for (const auto rule : {lpa::policy_rule::no_disable, lpa::policy_rule::no_delete}) {
      if (!offer.metadata.has_rule(rule)) continue;
      proposed.rules.push_back({rule, lpa::judge(rule, offer.metadata.owner, table_)});
    }
    return proposed;
  }

  /// Ends the session for a reason of ours.
  [[noreturn]] void end(lpa::CancelReason reason, const Error& why) {
    download_.cancel(reason);
    throw why;
  }

  /// Asks; what is thrown in place of an answer postpones the profile.
  template <class Ask>
  auto asked(Ask ask) -> decltype(ask()) {
    try {
      must_go_on();
      return ask();
    } catch (...) {
      download_.cancel(lpa::CancelReason::postponed);
      must_go_on();
      throw;
    }
  }

  void must_go_on() const {
    if (world_.interrupts().stop_requested()) throw lpa::download_interrupted();
  }

  void agree(const Proposal& proposed) {
    const auto name = spoken_name(proposed.profile);
    if (std::ranges::find(proposed.rules, lpa::RuleVerdict::forbidden, &ProposedRule::verdict) !=
        proposed.rules.end()) {
      end(lpa::CancelReason::policy_rule_not_allowed,
          Error(ErrorKind::refused, "card.policy-forbids",
                fmt::format("cannot install {}: it has a policy rule that the card does not allow "
                            "its operator",
                            name))
              .hint("`esimctl info` shows the rules of the card; ask the operator for another "
                    "profile"));
    }
    if (listed(profiles_, proposed.profile.iccid)) {
      end(lpa::CancelReason::postponed,
          Error(ErrorKind::refused, "card.iccid-exists",
                fmt::format("{} is on the card already", name))
              .hint("`esimctl list` shows it; delete it first if the operator gives it out again"));
    }
    asked([&] { require_allowed(request_.test_profiles, proposed.profile, "install"); });
    const auto consent = asked([&] { return dialogue_.consent(proposed); });
    if (request_.preview || consent == Consent::yes) return;
    if (consent == Consent::later) {
      end(lpa::CancelReason::postponed,
          Error(ErrorKind::declined, "download.declined",
                fmt::format("{} was not installed; it waits at the server", name))
              .hint("the same code works again"));
    }
    end(lpa::CancelReason::end_user_rejection,
        Error(
            ErrorKind::declined, "download.declined",
            fmt::format("{} was not installed, and its operator was told that you refuse it", name))
            .hint("to have it after all, ask the operator: the code may not work again"));
  }

  void fetch(const Proposal& proposed) {
    std::optional<base::Secret> code;
    if (proposed.code_required) code = asked([&] { return dialogue_.confirmation_code(); });
    const auto& package = download_.fetch(code);
    all_ = 0;
    for (const auto& segment : package.segments) all_ += segment.size();
    if (free_bytes_ && *free_bytes_ < all_) {
      end(lpa::CancelReason::postponed,
          too_small(*free_bytes_, all_, spoken_name(proposed.profile) + " needs"));
    }
  }

  Provisioned install(const Proposal& proposed) {
    const auto result =
        download_.install([&](std::size_t taken) { dialogue_.progress(taken, all_); });
    auto told = tell(result);
    if (const auto* error = std::get_if<lpa::InstallationError>(&result.value.data.outcome)) {
      auto failure = lpa::not_installed(*error);
      if (!told.sent) failure.hint("the operator does not know yet: " + told.why_not);
      throw failure;
    }
    auto profile =
        listed(session_.euicc().profiles(lpa::ProfileFields::list), proposed.profile.iccid);
    if (!profile) {
      throw Error(ErrorKind::refused, "card.not-installed",
                  "the card said that the profile is installed, and does not list it")
          .hint("take the card out and put it back in, then look with `esimctl list`");
    }
    return {*std::move(profile), std::move(told)};
  }

  /// The operator hears of it over the same connection; failing that, it waits.
  Told tell(const tlv::Signed<lpa::InstallationResult>& result) {
    const auto& about = result.value.data.metadata;
    Told told{.sequence_number = about.sequence_number, .sent = false, .why_not = {}};
    if (!request_.send) {
      told.why_not = "--no-send holds it back";
      return told;
    }
    const auto kept = journal_.find(session_.eid(), about.sequence_number);
    if (!kept || !lpa::same_event(kept->pending_notification, result.raw)) {
      told.why_not = "an older notification of that number has to be sent first";
      return told;
    }
    try {
      send(*kept);
      told.sent = true;
      journal_.sent(session_.eid(), about.sequence_number, world_.clock.utc());
      take_off_the_card(journal_, world_, observer_, session_);
    } catch (const Error& error) {
      if (told.sent) {
        observer_.note(fmt::format("the notification is still on the card: {}", error.what()));
      } else {
        told.why_not = error.what();
      }
    }
    return told;
  }

  void send(const lpa::OutboxNotification& kept) {
    const auto server = lpa::server_of(kept.address);
    if (server == address_) return smdp_.handle_notification(kept.pending_notification);
    const auto http = client(server);
    lpa::Smdp(*http, server, info1_.value.svn).handle_notification(kept.pending_notification);
  }

  const World& world_;
  const Observer& observer_;
  Session& session_;
  const ProvisionRequest& request_;
  const ProvisionDialogue& dialogue_;
  store::Journal journal_;
  tlv::Signed<lpa::EuiccInfo1> info1_;
  lpa::Trust trust_;
  lpa::HttpTrust anchors_;
  std::string address_;
  std::stop_token stop_;
  std::vector<base::HttpConnection> connections_;
  std::unique_ptr<base::HttpClient> http_;
  lpa::Smdp smdp_;
  lpa::Download download_;
  std::optional<std::uint64_t> free_bytes_;
  std::optional<lpa::RulesAuthorisationTable> table_;
  std::vector<lpa::ProfileInfo> profiles_;
  std::size_t all_ = 0;  ///< octets of the package
};

}  // namespace

ProvisionReport provision(const World& world, const Observer& observer, Session& session,
                          const ProvisionRequest& request, const ProvisionDialogue& dialogue) {
  if (auto done = recovered(session, request)) return *std::move(done);
  return Provision(world, observer, session, request, dialogue).run();
}

}  // namespace app
