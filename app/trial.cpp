#include "app/trial.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "app/one_time_codes.hpp"
#include "app/provider_client.hpp"
#include "app/provider_files.hpp"
#include "base/text.hpp"
#include "carriers/against.hpp"
#include "carriers/reading.hpp"
#include "carriers/sign_in.hpp"
#include "carriers/watcher.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t longest_text = 60;

/// "host:port", in lower case, and without the port that https has anyway.
std::string host_of(const std::string& url) {
  constexpr std::string_view scheme = "https://";
  constexpr std::string_view usual_port = ":443";
  auto host = url.starts_with(scheme) ? base::lower(url.substr(scheme.size())) : std::string();
  if (host.ends_with('/')) host.pop_back();
  if (host.ends_with(usual_port)) host.resize(host.size() - usual_port.size());
  const bool plain = std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("-.:[]").find(c) != std::string_view::npos;
  });
  if (!host.empty() && plain) return host;
  throw Error(ErrorKind::usage, "carrier.against",
              fmt::format("“{}” is not of the form https://HOST:PORT", base::clean(url, 200)))
      .hint("for example https://localhost:8443; `esimctl-sim carrier` is such a server");
}

/// One run through the file.
class Run final : public carriers::Watcher {
 public:
  Run(const World& world, Asker& asker, const carriers::Provider& provider, const NewAccount& given)
      : world_(world),
        asker_(asker),
        provider_(provider),
        http_(client_for(world, provider, given.ca)),
        exchange_(provider_, *http_, world.clock, this) {
    for (const auto& [name, value] : given.values) values_.emplace(name, base::Secret(value));
    for (const auto& [name, value] : given.secrets)
      values_.emplace(name, base::Secret(std::string(value.reveal())));
    if (asker.can_ask()) exchange_.stop_by(world.interrupts());
    if (!provider.device) return;
    for (const auto& name : provider.device->random) values_.insert_or_assign(name, random_value());
  }

  void all(Trial& trial) {
    trial_ = &trial;
    if (provider_.login && !part("sign-in", [&] { sign_in(); })) return;
    part("usage", [&] { usage(); });
    part("balance", [&] { balance(); });
    if (provider_.login) part("sign-out", [&] { carriers::sign_out(exchange_, own(), session_); });
  }

  void answered(const std::string& method, const std::string& address, int status) override {
    trial_->requests.push_back(
        {.method = method, .address = base::clean(address), .status = status});
  }
  void took(const std::string& name, const std::optional<std::string>& text) override {
    auto& requests = trial_->requests;
    if (requests.empty()) return;
    auto at = requests.size() - 1;
    if (name.starts_with("line.")) {
      if (!list_) list_ = at;
      at = *list_;
    }
    requests[at].taken.push_back(
        {name, text ? std::optional(base::clean(*text, longest_text)) : std::nullopt});
  }

 private:
  template <class Work>
  bool part(const char* name, const Work& work) {
    try {
      work();
      return true;
    } catch (const Error& error) {
      trial_->faults.push_back({name, error});
      return false;
    }
  }

  [[nodiscard]] carriers::Scope own() const { return carriers::Scope().with(values_); }

  base::Secret code(const carriers::Challenge& challenge) {
    const auto secret = values_.find("totp");
    if (secret != values_.end()) {
      const auto ahead = exchange_.ahead().value_or(std::chrono::seconds(0));
      return code_by_time(world_, secret->second, ahead, last_step_,
                          [&](std::uint64_t step) { last_step_ = step; });
    }
    if (asker_.can_ask()) return asker_.code(provider_.title, challenge);
    throw Error(ErrorKind::declined, "prompt.impossible",
                fmt::format("{} waits for a code, and there is nobody to ask", provider_.title))
        .hint(
            "run it on a terminal, or give the secret that codes are made of: a line `totp=…` "
            "of --secrets");
  }

  void sign_in() {
    auto result = carriers::sign_in(exchange_, own());
    while (auto* const challenge = std::get_if<carriers::Challenge>(&result)) {
      const auto given = code(*challenge);
      result = carriers::answer(exchange_, own(), std::move(*challenge), given);
    }
    if (auto* const session = std::get_if<carriers::Session>(&result)) {
      session_ = std::move(*session);
      return;
    }
    throw Error(ErrorKind::sign_in, "carrier.wrong-code",
                fmt::format("{} asks for a code again: it does not take this one, or something "
                            "that was sent before it",
                            provider_.title))
        .hint("compare the condition `when` of the challenge with what the server answers");
  }

  void usage() {
    const auto& spec = provider_.usage;
    if (!spec) return;
    carriers::read_usage(
        exchange_, own().with(session_.values), provider_.title, [&](usage::Snapshot line) {
          const auto size = [](const usage::DataSize& amount) {
            return fmt::format("{} ({} bytes)", usage::to_text(amount), amount.bytes());
          };
          const auto time = [](base::UtcTime at) { return base::to_rfc3339(at); };
          const auto same = [](const std::string& text) { return text; };
          const auto* const limit = std::get_if<usage::DataSize>(&line.limit);
          const bool unlimited = std::holds_alternative<usage::Unlimited>(line.limit);
          tell("used", spec->used, line.used, size);
          tell("remaining", spec->remaining, line.remaining, size);
          if (unlimited) took("limit", "unlimited");
          if (!unlimited)
            tell("limit", spec->limit, limit != nullptr ? std::optional(*limit) : std::nullopt,
                 size);
          if (!spec->plan.empty()) tell("plan", std::optional(spec->plan), line.plan, same);
          tell("as_of", spec->as_of, line.as_of, time);
          tell("expires", spec->expires, line.expires_at, time);
          if (spec->cycle)
            tell("cycle/end", spec->cycle->end, line.cycle ? line.cycle->end : std::nullopt, time);
          trial_->lines.push_back(std::move(line));
        });
  }

  void balance() {
    trial_->balance = carriers::read_balance(exchange_, own().with(session_.values));
    if (trial_->balance)
      took("balance", trial_->balance->amount() + " " + trial_->balance->currency());
  }

  /// What was found of a value that the file looks for, or that it was not.
  template <class Spec, class Value, class Show>
  void tell(const std::string& name, const std::optional<Spec>& spec,
            const std::optional<Value>& value, const Show& show) {
    if (!spec) return;
    if (value) return took(name, show(*value));
    const auto known = std::ranges::find(trial_->missing, name, &MissingValue::name);
    if (known == trial_->missing.end()) trial_->missing.push_back({name, places(*spec)});
  }

  static std::vector<std::string> places(const std::vector<carriers::Pointer>& pointers) {
    std::vector<std::string> all;
    for (const auto& each : pointers) all.push_back(each.text());
    return all;
  }
  static std::vector<std::string> places(const carriers::DateSpec& spec) {
    return places(spec.places);
  }
  static std::vector<std::string> places(const carriers::QuantitySpec& spec) {
    std::vector<std::string> all;
    for (const auto& each : spec.places) std::ranges::copy(places(each), std::back_inserter(all));
    return all;
  }

  const World& world_;
  Asker& asker_;
  const carriers::Provider& provider_;
  std::unique_ptr<base::HttpClient> http_;
  carriers::Exchange exchange_;
  carriers::Variables values_;
  carriers::Session session_;
  std::optional<std::uint64_t> last_step_{};  ///< of time, that a code was made for
  Trial* trial_ = nullptr;
  std::optional<std::size_t> list_{};  ///< the request that told of lines
};

}  // namespace

Trial try_provider(const World& world, Asker& asker, const std::filesystem::path& file,
                   const std::string& url, NewAccount given) {
  Trial trial{.provider = {}, .host = host_of(url)};
  trial.provider = provider_in(world, file).provider;
  require_available(trial.provider);
  fill_values(trial.provider, asker, given);
  trial.provider = carriers::against(std::move(trial.provider), trial.host);
  Run(world, asker, trial.provider, given).all(trial);
  return trial;
}

}  // namespace app
