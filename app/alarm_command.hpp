#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "store/alarms.hpp"

namespace app {

constexpr std::chrono::seconds longest_alarm_command(30);

/// Tells a program of an alarm, without a shell: `document` is its standard input, and who is
/// meant is in its environment (ESIMCTL_ALARM_ID, _KIND, _ACCOUNT, _LINE). What it prints goes to
/// our standard error. It is ended, with all that it started, after `limit` or when `stop` is asked
/// for. Throws Error `watch.command` (failure) when it does not succeed.
void run_alarm_command(const std::vector<std::string>& words, const store::KeptAlarm& alarm,
                       const std::string& document, const std::stop_token& stop,
                       std::chrono::milliseconds limit = longest_alarm_command);

}  // namespace app
