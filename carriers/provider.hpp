#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "carriers/pointer.hpp"
#include "carriers/text_template.hpp"
#include "usage/cycle.hpp"
#include "usage/data_size.hpp"
#include "usage/snapshot.hpp"

/// What is known of a provider, as its file says (docs/schema/provider.json).
namespace carriers {

/// A value that an account has to have, or a device makes.
struct VariableSpec {
  std::string name;
  std::string title;  ///< what the user is asked for
  std::string help{};
  bool secret = false;
  bool optional = false;
  std::optional<std::string> value{};  ///< when the user gives none
  std::vector<std::string> choices{};  ///< the only values, if there are any
};

/// Something that an answer is; all that is there has to hold.
struct Condition {
  std::vector<int> statuses{};
  std::vector<Pointer> present{};  ///< there, and not null
  std::vector<Pointer> absent{};
  std::vector<std::pair<Pointer, std::string>> equal{};  ///< to a value, as JSON text
};

/// A name with a value; it is left out when a value that may be missing is.
struct NamedTemplate {
  std::string name;
  Template value;
};

struct NoBody {};
/// JSON in whose texts there may be values; a member whose value may be missing, and is, is left
/// out.
struct JsonBody {
  std::string json;
};
/// application/x-www-form-urlencoded.
struct FormBody {
  std::vector<NamedTemplate> fields;
};

struct RequestSpec {
  std::string method = "GET";
  Template url;  ///< https, its host written out
  std::vector<NamedTemplate> query{};
  std::vector<NamedTemplate> headers{};
  std::variant<NoBody, JsonBody, FormBody> body{};
  std::optional<std::pair<Template, Template>> basic{};  ///< user and password (RFC 7617)
};

/// A value that is taken from an answer: the first place that has a text, number or boolean.
struct ExtractSpec {
  std::string name;
  std::vector<Pointer> places{};
  std::string header{};  ///< of the answer, instead
  std::string jwt{};     ///< instead: of that value, a token,
  std::string claim{};   ///< this claim
  bool optional = false;
  bool in_addresses = false;  ///< no secret: it may stand in an address
};

/// When a session ends; the first that tells something counts.
struct LifetimeSpec {
  std::vector<Pointer> seconds{};  ///< from now on
  std::string jwt{};               ///< a value that is a token, with the claim `exp`
  std::optional<std::chrono::seconds> after{};
};

enum class FactorKind : std::uint8_t { totp, sms, email, any };

/// As a provider's file and JSON have it.
constexpr std::string_view to_string(FactorKind kind) {
  constexpr std::array<std::string_view, 4> names{"totp", "sms", "email", "any"};
  return names.at(static_cast<std::size_t>(kind));
}

/// A second factor that an answer asks for.
struct ChallengeSpec {
  Condition when;
  FactorKind kind = FactorKind::any;
  std::vector<ExtractSpec> extract{};
  std::vector<Pointer> target{};  ///< where the code went, as the provider shows it
  std::optional<std::chrono::seconds> lifetime{};
  unsigned tries = 3;
  std::optional<RequestSpec> answer{};  ///< empty: the same request again, with the code
  std::optional<Condition> wrong{};     ///< an answer to it that says that the code is not right
};

struct LoginStep {
  RequestSpec request;
  std::optional<ChallengeSpec> challenge{};
  std::vector<ExtractSpec> extract{};
};

/// A session that is made longer.
struct RefreshSpec {
  RequestSpec request;
  std::vector<ExtractSpec> extract;
};

struct LoginSpec {
  std::vector<LoginStep> steps;        ///< empty: only people can sign in, and bring the session
  std::vector<VariableSpec> import{};  ///< what a session consists of that they bring
  LifetimeSpec lifetime{};
  std::optional<RefreshSpec> refresh{};
  std::optional<RequestSpec> logout{};
  bool one_session = false;  ///< another one ends it
};

/// What makes a device known, so that it is not asked for a code each time.
struct DeviceSpec {
  std::vector<std::string> random;  ///< names of values that are made once, at random
  std::optional<std::chrono::days> trusted_for{};
};

/// How the next page of a list is found: a value `page` for the request.
struct PagesSpec {
  enum class Next : std::uint8_t {
    number,  ///< 1, 2, 3, …
    value,   ///< the last value at a place of the answer
    header,  ///< a header of the answer
    url      ///< the whole address is at a place of the answer
  };
  Next next = Next::number;
  std::uint64_t first = 1;
  std::optional<Pointer> place{};
  std::string header{};
  std::optional<Pointer> more{};      ///< true: there is another one
  std::optional<Pointer> last{};      ///< true: there is none
  std::optional<Pointer> pages{};     ///< how many there are
  std::string pages_header{};         ///< the same, in a header
  std::optional<std::size_t> full{};  ///< fewer things on a page: it is the last one
};

enum class Aggregate : std::uint8_t { first, sum, max, last };

/// An amount of data in an answer.
struct QuantitySpec {
  std::vector<std::vector<Pointer>> places{};  ///< alternatives; each of several places at once
  Aggregate aggregate = Aggregate::first;
  std::optional<usage::DataUnit> unit{};
  std::optional<Pointer> unit_place{};                               ///< where the answer names it
  std::map<std::string, usage::DataUnit, std::less<>> unit_names{};  ///< how it spells them
  std::vector<std::string> unlimited{};  ///< values that mean it, as JSON texts
  std::vector<std::string> unknown{};
  bool optional = false;  ///< it may be missing, and is unknown then
};

struct DateSpec {
  enum class Format : std::uint8_t { unix_seconds, unix_milliseconds, iso8601, pattern, from_now };
  std::vector<Pointer> places{};
  Format format = Format::iso8601;
  std::string pattern{};  ///< of %Y %m %d %H %M %S and text
  std::string zone = "UTC";
  std::vector<std::string> unknown{};
};

struct CycleSpec {
  usage::CycleRule rule = usage::CycleRule::none;
  std::optional<unsigned> day{};       ///< of the month, or 1 (Monday) to 7 of the week
  std::optional<Pointer> day_place{};  ///< where the answer has it
  std::optional<DateSpec> start{};
  std::optional<DateSpec> end{};
  std::string zone = "UTC";
};

/// Where the lines of an account are listed, and what they are known by.
struct LinesSpec {
  std::optional<RequestSpec> request{};  ///< empty: the account is the one line
  std::optional<PagesSpec> pages{};
  std::vector<Pointer> items{};
  std::optional<Condition> where{};
  std::vector<ExtractSpec> keys{};  ///< id, iccid, eid, msisdn, imsi; more for other requests
};

/// What is told of one line.
struct UsageSpec {
  std::optional<RequestSpec> request{};  ///< empty: the list of lines tells it
  std::vector<std::map<std::string, std::string, std::less<>>> variants{};  ///< values to try
  std::optional<Condition> next_variant{};
  std::optional<PagesSpec> pages{};
  std::optional<QuantitySpec> used{};
  std::optional<QuantitySpec> limit{};
  std::optional<QuantitySpec> remaining{};
  std::vector<Pointer> plan{};
  std::optional<DateSpec> as_of{};
  std::optional<DateSpec> expires{};
  std::optional<CycleSpec> cycle{};
  usage::LimitBehaviour behaviour = usage::LimitBehaviour::unknown;
  std::string confidence{};
};

struct BalanceSpec {
  RequestSpec request;
  std::vector<Pointer> amount;
  unsigned scale = 0;  ///< decimals of an amount that is a whole number of small units
  std::vector<Pointer> currency{};
  std::string fixed_currency{};
};

enum class FailureClass : std::uint8_t {
  signed_out,
  bad_credentials,
  wrong_code,
  locked,
  rate_limited,
  upstream,
  not_allowed
};

struct FailureSpec {
  Condition when;
  FailureClass means = FailureClass::upstream;
  std::optional<std::chrono::seconds> wait{};
};

enum class Evidence : std::uint8_t { documented, observed };

struct Provider {
  std::string id;
  std::string title;
  Evidence evidence = Evidence::documented;
  std::string checked{};  ///< when: YYYY-MM
  std::string notes{};
  std::vector<std::string> documentation{};
  std::vector<FactorKind> second_factors{};
  std::string unavailable{};  ///< why nothing can be read; then all that follows is empty
  std::vector<std::string> alternatives{};
  std::vector<std::string> hosts{};
  std::vector<std::string> stands_for{};  ///< hosts in whose place the first of `hosts` is asked
  std::chrono::seconds poll_floor{0};
  std::chrono::milliseconds spacing{0};  ///< between two requests
  std::vector<VariableSpec> variables{};
  std::optional<DeviceSpec> device{};
  std::optional<LoginSpec> login{};
  std::vector<NamedTemplate> auth_headers{};
  std::optional<std::pair<Template, Template>> auth_basic{};
  std::optional<LinesSpec> lines{};
  std::optional<UsageSpec> usage{};
  std::optional<BalanceSpec> balance{};
  std::vector<FailureSpec> failures{};
};

}  // namespace carriers
