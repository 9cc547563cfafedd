#include "app/one_time_codes.hpp"

#include <fmt/format.h>

#include "app/secrets.hpp"
#include "base/error.hpp"
#include "carriers/otpauth.hpp"
#include "store/printed_secret.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using store::CodeSource;

Error no_code(const std::string& why) {
  return {ErrorKind::sign_in, "carrier.no-code", "there is no one-time code: " + why};
}

}  // namespace

base::Secret code_by_time(const World& world, const base::Secret& otpauth,
                          std::chrono::seconds ahead, std::optional<std::uint64_t> last_step,
                          const std::function<void(std::uint64_t step)>& taken) {
  const auto key = carriers::read_otpauth(otpauth).key;
  const auto free = carriers::free_step(key.period, world.clock.utc(), ahead, last_step);
  taken(free.step);
  if (free.wait.count() > 0) world.clock.wait(free.wait);
  return carriers::code(key, free.instant).code;
}

OneTimeCodes::OneTimeCodes(const World& world, const store::Account& account, KeptSecrets& kept,
                           Asker* asker)
    : world_(world),
      account_(account),
      kept_(kept),
      asker_(asker != nullptr && asker->can_ask() ? asker : nullptr),
      left_(account.codes.begin(), account.codes.end()) {}

base::Secret OneTimeCodes::by_time(std::chrono::seconds ahead) {
  const auto text = kept_.get(secret_of(account_.name, "totp"));
  if (!text) throw no_code("the secret that codes are made of is not there");
  auto attempts = kept_.attempts(account_.name);
  return code_by_time(world_, *text, ahead, attempts.last_step, [&](std::uint64_t step) {
    attempts.last_step = step;  // written down, so that no step is used twice
    kept_.set_attempts(account_.name, attempts);
  });
}

std::optional<base::Secret> OneTimeCodes::take(CodeSource source, std::chrono::seconds ahead) {
  try {
    return source == CodeSource::totp ? by_time(ahead)
                                      : store::printed_secret(account_.command, no_code);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::sign_in && error.kind() != ErrorKind::usage) throw;
    faults_.emplace_back(error.what());
    tell(error.what());
    return std::nullopt;
  }
}

void OneTimeCodes::tell(const std::string& sentence) {
  if (asker_ != nullptr) asker_->tell(sentence);
}

std::optional<base::Secret> OneTimeCodes::made(std::chrono::seconds ahead) {
  while (!left_.empty() && left_.front() != CodeSource::prompt) {
    const auto source = left_.front();
    left_.pop_front();
    if (auto code = take(source, ahead)) return code;
  }
  return std::nullopt;
}

std::optional<base::Secret> OneTimeCodes::next(const carriers::Challenge& challenge,
                                               std::chrono::seconds ahead) {
  for (;;) {
    if (auto code = made(ahead)) return code;
    if (left_.empty()) return std::nullopt;
    if (asker_ != nullptr) return asker_->code(account_.name, challenge);
    left_.pop_front();
  }
}

}  // namespace app
