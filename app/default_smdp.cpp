#include "app/default_smdp.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/manageable.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "lpa/refusal.hpp"

namespace app {
namespace {

constexpr std::size_t longest_name = 253;  // RFC 1035 2.3.4
constexpr std::size_t longest_port = 5;
constexpr unsigned long highest_port = 65535;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool in_host_name(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
}

}  // namespace

DefaultSmdp default_smdp(Session& session) {
  const auto addresses = session.euicc().addresses().value_or(lpa::ConfiguredAddresses{});
  return {false, addresses.default_smdp.value_or(""), addresses.root_smds.value_or("")};
}

void check_smdp_address(const std::string& address) {
  const auto colon = address.find(':');
  const auto host = address.substr(0, colon);
  const auto port = colon == std::string::npos ? std::string("443") : address.substr(colon + 1);
  const bool host_fits =
      !host.empty() && host.size() <= longest_name && std::ranges::all_of(host, in_host_name) &&
      host.find("..") == std::string::npos && host.front() != '.' && host.front() != '-';
  const bool port_fits = !port.empty() && port.size() <= longest_port &&
                         std::ranges::all_of(port, is_digit) && std::stoul(port) <= highest_port;
  if (!host_fits || !port_fits) {
    throw base::Error(base::ErrorKind::usage, "smdp.address",
                      fmt::format("“{}” is no address of a server", base::clean(address, 80)))
        .hint(
            "an address is a host name, perhaps with a port: smdp.example.com, "
            "smdp.example.com:8443");
  }
}

DefaultSmdp set_default_smdp(Session& session, const std::string& address) {
  if (!address.empty()) check_smdp_address(address);
  auto now = default_smdp(session);
  if (now.address == address) return now;
  require_manageable(session);
  const auto result = session.euicc().set_default_smdp(address);
  if (result != lpa::SetDefaultSmdpResult::ok) {
    throw lpa::refusal("card.refused-smdp", "set the default SM-DP+", "SetDefaultDpAddress",
                       static_cast<std::uint32_t>(result));
  }
  now.address = address;
  now.changed = true;
  return now;
}

}  // namespace app
