#pragma once

#include "usage/alarm.hpp"

namespace store {

/// An alarm as the history keeps it.
using KeptAlarm = usage::Alarm;

}  // namespace store
