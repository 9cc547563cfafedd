#include "carriers/provider_file.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "carriers/names_in_use.hpp"
#include "carriers/spec_reader.hpp"

namespace carriers {
namespace {

using Json = nlohmann::ordered_json;  // what is asked for is asked for in the order of the file

constexpr std::size_t largest_file = 256UL * 1024;
constexpr int deepest = 24;
constexpr std::size_t most_members = 4000;

bool lower_case_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

FactorKind read_factor(const Node& node) {
  const auto text = node.text();
  if (text == "totp") return FactorKind::totp;
  if (text == "sms") return FactorKind::sms;
  if (text == "email") return FactorKind::email;
  if (text == "any") return FactorKind::any;
  node.wrong("is none of: totp, sms, email, any");
}

/// A host name with a dot in it and letters at its end: no address in numbers, no name of this
/// network alone, and no foreign letters in disguise (RFC 3492).
std::string read_host(const Node& node) {
  auto host = node.text();
  const auto last = host.substr(host.rfind('.') + 1);
  const bool plain = std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  const bool number = std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
  if (!plain || number || host.find('.') == std::string::npos ||
      host.find("..") != std::string::npos)
    node.wrong("is no host name in lower case, such as api.example.com");
  if (host.starts_with("xn--") || host.find(".xn--") != std::string::npos)
    node.wrong("has foreign letters, which may look like others");
  return host;
}

/// The whole file, in the order in which values come to be known.
class FileReader {
 public:
  FileReader(Node node) : node_(std::move(node)) {}

  Provider read() {
    about();
    if (made_.unavailable.empty()) {
      for (const auto& host : node_.required("hosts").elements())
        made_.hosts.push_back(read_host(host));
      if (const auto floor = node_.member("poll_floor_s")) made_.poll_floor = read_seconds(*floor);
      if (const auto spacing = node_.member("spacing_ms")) {
        constexpr std::uint64_t longest = 60'000;
        if (spacing->number() > longest) spacing->wrong("is longer than a minute");
        made_.spacing = std::chrono::milliseconds(spacing->number());
      }
      if (auto variables = node_.member("variables")) read_variables(*variables);
      if (auto device = node_.member("device")) read_device(*device);
      if (auto login = node_.member("login")) read_login(*login);
      if (auto auth = node_.member("auth")) read_auth(*auth);
      read_data();
      if (const auto errors = node_.member("errors")) {
        for (const auto& each : errors->elements()) made_.failures.push_back(failure(each));
      }
    }
    node_.done();
    return std::move(made_);
  }

 private:
  [[nodiscard]] RequestReader requests() const { return {made_.hosts, names_}; }

  void about() {
    static_cast<void>(node_.member("$schema"));
    const auto id = node_.required("id");
    made_.id = id.text();
    if (!lower_case_name(made_.id)) id.wrong("is not lower-case letters, digits, - and _");
    made_.title = node_.required("title").text();
    const auto evidence = node_.required("evidence");
    if (evidence.text() != "documented" && evidence.text() != "observed")
      evidence.wrong("is neither “documented” nor “observed”");
    made_.evidence = evidence.text() == "documented" ? Evidence::documented : Evidence::observed;
    if (const auto checked = node_.member("checked")) made_.checked = checked->text();
    if (const auto notes = node_.member("notes")) made_.notes = notes->text();
    if (const auto all = node_.member("documentation")) made_.documentation = read_texts(*all);
    if (const auto all = node_.member("second_factors")) {
      for (const auto& each : all->elements()) made_.second_factors.push_back(read_factor(each));
    }
    if (const auto why = node_.member("unavailable")) made_.unavailable = why->text();
    if (const auto all = node_.member("alternatives")) made_.alternatives = read_texts(*all);
  }

  void read_variables(Node& node) {
    for (auto& [name, spec] : node.members()) {
      check_name(spec, name);
      VariableSpec made{.name = name, .title = spec.required("title").text()};
      if (const auto help = spec.member("help")) made.help = help->text();
      if (const auto secret = spec.member("secret")) made.secret = secret->flag();
      if (const auto optional = spec.member("optional")) made.optional = optional->flag();
      if (const auto value = spec.member("default")) made.value = value->text();
      if (const auto choices = spec.member("choices")) made.choices = read_texts(*choices);
      spec.done();
      if (made.secret && made.value) spec.wrong("is secret, and has a default");
      names_.add(name, {.secret = made.secret, .may_be_missing = made.optional && !made.value});
      made_.variables.push_back(std::move(made));
    }
  }

  void read_device(Node& node) {
    DeviceSpec made;
    made.random = read_texts(node.required("random"));
    if (const auto days = node.member("trusted_days")) {
      constexpr std::uint64_t longest = 3650;
      if (days->number() > longest) days->wrong("is longer than ten years");
      made.trusted_for = std::chrono::days(days->number());
    }
    node.done();
    for (const auto& name : made.random) {
      check_name(node, name);
      names_.add(name, {.secret = true});
    }
    made_.device = std::move(made);
  }

  ChallengeSpec challenge(Node node) {
    ChallengeSpec made{.when = read_condition(node.required("when"))};
    made.kind = read_factor(node.required("kind"));
    if (const auto extract = node.member("extract")) made.extract = read_extract(*extract, names_);
    if (const auto target = node.member("target_at")) made.target = read_places(*target);
    if (const auto lifetime = node.member("lifetime_s")) made.lifetime = read_seconds(*lifetime);
    if (const auto tries = node.member("tries")) {
      constexpr std::uint64_t most = 20;
      if (tries->number() < 1 || tries->number() > most) tries->wrong("is not 1 to 20");
      made.tries = static_cast<unsigned>(tries->number());
    }
    if (const auto answer = node.member("answer")) {
      auto names = names_;
      names.add("otp", {.secret = true});
      made.answer = RequestReader(made_.hosts, names).request(*answer);
    }
    if (const auto wrong = node.member("wrong")) made.wrong = read_condition(*wrong);
    node.done();
    return made;
  }

  std::vector<VariableSpec> read_import(Node node) {
    std::vector<VariableSpec> all;
    for (auto& [name, spec] : node.members()) {
      check_name(spec, name);
      VariableSpec made{.name = name, .title = spec.required("title").text(), .secret = true};
      if (const auto help = spec.member("help")) made.help = help->text();
      if (const auto optional = spec.member("optional")) made.optional = optional->flag();
      spec.done();
      names_.add(name, {.secret = true, .may_be_missing = made.optional});
      all.push_back(std::move(made));
    }
    if (all.empty()) node.wrong("has no values");
    return all;
  }

  void read_login(Node& node) {
    names_.add("otp", {.secret = true, .may_be_missing = true});
    LoginSpec made;
    if (auto import = node.member("import")) made.import = read_import(*import);
    const auto steps = made.import.empty() ? node.required("steps") : node.member("steps");
    for (auto& step : steps ? steps->elements() : std::vector<Node>()) {
      LoginStep one{.request = requests().request(step.required("request"))};
      if (const auto asked = step.member("challenge")) one.challenge = challenge(*asked);
      if (const auto extract = step.member("extract")) one.extract = read_extract(*extract, names_);
      step.done();
      made.steps.push_back(std::move(one));
    }
    if (steps && made.steps.empty()) node.wrong("has no steps");
    if (const auto lifetime = node.member("lifetime"))
      made.lifetime = read_lifetime(*lifetime, names_);
    if (auto refresh = node.member("refresh")) {
      RefreshSpec one{requests().request(refresh->required("request")), {}};
      one.extract = read_extract(refresh->required("extract"), names_);
      refresh->done();
      made.refresh = std::move(one);
    }
    if (const auto logout = node.member("logout")) made.logout = requests().request(*logout);
    if (const auto one = node.member("one_session")) made.one_session = one->flag();
    node.done();
    made_.login = std::move(made);
  }

  void read_auth(Node& node) {
    if (const auto headers = node.member("headers"))
      made_.auth_headers = requests().headers(*headers);
    if (const auto basic = node.member("basic")) made_.auth_basic = requests().basic(*basic);
    node.done();
  }

  void read_data() {
    for (const auto* name :
         {"now.unix", "now.rfc3339", "month.unix", "month.rfc3339", "month.date"})
      names_.add(name, {});
    LinesSpec lines;
    if (auto node = node_.member("lines")) {
      if (const auto pages = node->member("pages")) lines.pages = read_pages(*pages);
      lines.request = paged(*node, lines.pages);
      if (const auto items = node->member("items")) lines.items = read_places(*items);
      if (const auto where = node->member("where")) lines.where = read_condition(*where);
      auto own = names_;
      lines.keys = read_extract(node->required("keys"), own);
      node->done();
      for (auto& key : lines.keys) key.in_addresses = true;
      for (const auto& key : lines.keys)
        names_.add("line." + key.name, {.may_be_missing = key.optional});
      if (lines.request.has_value() == lines.items.empty())
        node->wrong("“request” and “items” come together");
      made_.lines = std::move(lines);
    }
    if (auto node = node_.member("usage")) made_.usage = read_usage(*node);
    if (auto node = node_.member("balance")) made_.balance = read_balance(*node);
    if (made_.usage && !made_.lines) node_.wrong("has “usage”, and no “lines” that it is of");
    if (!made_.usage && !made_.balance) node_.wrong("has neither “usage” nor “balance”");
  }

  /// The request of a list, which knows the page.
  std::optional<RequestSpec> paged(Node& node, const std::optional<PagesSpec>& pages) {
    const auto request = node.member("request");
    if (!request) return std::nullopt;
    auto names = names_;
    if (pages) names.add("page", {.may_be_missing = pages->next != PagesSpec::Next::number});
    return RequestReader(made_.hosts, names).request(*request);
  }

  UsageSpec read_usage(Node& node) {
    UsageSpec made;
    if (const auto variants = node.member("variants")) {
      for (auto& each : variants->elements()) {
        auto& values = made.variants.emplace_back();
        for (const auto& [name, value] : each.members()) {
          values[name] = value.text();
          if (!made.variants.front().contains(name)) value.wrong("is not in the first variant");
          check_name(value, name);
          names_.add(name, {});
        }
        if (values.size() != made.variants.front().size())
          each.wrong("has fewer values than the first variant");
      }
    }
    if (const auto next = node.member("next_variant")) made.next_variant = read_condition(*next);
    if (const auto pages = node.member("pages")) made.pages = read_pages(*pages);
    made.request = paged(node, made.pages);
    if (const auto used = node.member("used")) made.used = read_quantity(*used);
    if (const auto limit = node.member("limit")) made.limit = read_quantity(*limit);
    if (const auto left = node.member("remaining")) made.remaining = read_quantity(*left);
    if (const auto plan = node.member("plan")) made.plan = read_places(*plan);
    if (const auto date = node.member("as_of")) made.as_of = read_date(*date);
    if (const auto date = node.member("expires")) made.expires = read_date(*date);
    if (const auto cycle = node.member("cycle")) made.cycle = read_cycle(*cycle);
    if (const auto behaviour = node.member("at_limit")) made.behaviour = at_limit(*behaviour);
    if (const auto why = node.member("confidence")) made.confidence = why->text();
    node.done();
    if (!made.used && !made.remaining) node.wrong("tells neither what is “used” nor “remaining”");
    if (made.next_variant.has_value() == made.variants.empty())
      node.wrong("“variants” and “next_variant” come together");
    if (!made.request && (made.pages || made.next_variant))
      node.wrong("“pages” and “variants” need a “request”");
    if (made.pages && made.next_variant) node.wrong("has “pages” and “variants”");
    return made;
  }

  static usage::LimitBehaviour at_limit(const Node& node) {
    const auto text = node.text();
    if (text == "throttled") return usage::LimitBehaviour::throttled;
    if (text == "billed") return usage::LimitBehaviour::billed;
    if (text == "disabled") return usage::LimitBehaviour::disabled;
    node.wrong("is none of: throttled, billed, disabled");
  }

  BalanceSpec read_balance(Node& node) {
    BalanceSpec made{requests().request(node.required("request")),
                     read_places(node.required("amount_at"))};
    if (const auto scale = node.member("scale")) {
      constexpr std::uint64_t most = 18;
      if (scale->number() > most) scale->wrong("is over 18");
      made.scale = static_cast<unsigned>(scale->number());
    }
    if (const auto places = node.member("currency_at")) made.currency = read_places(*places);
    if (const auto fixed = node.member("currency")) made.fixed_currency = fixed->text();
    node.done();
    if (made.currency.empty() == made.fixed_currency.empty())
      node.wrong("needs “currency”, or “currency_at”, where the answer names it");
    return made;
  }

  static FailureSpec failure(Node node) {
    FailureSpec made{.when = read_condition(node.required("when"))};
    const auto means = node.required("means");
    const auto text = means.text();
    using enum FailureClass;
    if (text == "signed-out")
      made.means = signed_out;
    else if (text == "bad-credentials")
      made.means = bad_credentials;
    else if (text == "wrong-code")
      made.means = wrong_code;
    else if (text == "locked")
      made.means = locked;
    else if (text == "rate-limited")
      made.means = rate_limited;
    else if (text == "upstream")
      made.means = upstream;
    else if (text == "not-allowed")
      made.means = not_allowed;
    else
      means.wrong(
          "is none of: signed-out, bad-credentials, wrong-code, locked, rate-limited, upstream, "
          "not-allowed");
    if (const auto wait = node.member("wait_s")) made.wait = read_seconds(*wait);
    node.done();
    return made;
  }

  Node node_;
  Provider made_;
  NamesInUse names_;
};

}  // namespace

Provider read_provider(std::string_view text, std::string_view source) {
  const auto shown = base::clean(source, 200);
  const auto refuse = [&](const std::string& why) {
    throw base::Error(base::ErrorKind::usage, "carrier.file", fmt::format("{}: {}", shown, why))
        .hint("docs/adding-a-carrier.md has a file to begin with");
  };
  if (text.size() > largest_file) refuse("is larger than 256 KiB");
  bool deep = false;
  std::size_t members = 0;
  const auto bounded = [&](int depth, Json::parse_event_t event, const Json&) {
    deep = deep || depth > deepest;
    if (event == Json::parse_event_t::key) ++members;  // each is looked for among those before it
    return !deep && members <= most_members;
  };
  const auto document = Json::parse(text, bounded, false);
  if (members > most_members) refuse("has more than 4000 members");
  if (deep || document.is_discarded() || !document.is_object()) refuse("is not a JSON object");
  return FileReader(Node(document, shown)).read();
}

}  // namespace carriers
