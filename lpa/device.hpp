#pragma once

#include <string_view>

#include "lpa/es10b.hpp"

namespace lpa {

/// The device as a server is told of it, by its IMEI: 15 digits, or 14 without the check digit
/// (3GPP TS 23.003 6.2.1). Throws Error `device.imei` (usage).
DeviceInfo device_with_imei(std::string_view imei);

/// A device that does not tell its IMEI, of a type that servers know.
DeviceInfo unnamed_device();

}  // namespace lpa
