#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/utc.hpp"

/// What a simulated carrier keeps.
namespace sim {

/// A device that needs no second factor for a while.
struct TrustedDevice {
  std::string fingerprint{};
  std::string name{};
  std::string browser{};
  std::string operating_system{};
  std::uint64_t id = 0;
  std::uint64_t since = 0;  ///< seconds since 1970, as all times that are numbers
  std::uint64_t until = 0;
  bool operator==(const TrustedDevice&) const = default;
};

struct CarrierAccount {
  std::string user{};         ///< what one signs in as: e-mail address, name, number, SID
  std::string password{};     ///< or the API key, where there is nothing else
  std::string id{};           ///< the provider's own number of it
  std::string user_name{};    ///< of a user below the account (Soracom's SAM)
  std::string key_id{};       ///< of `key` (Soracom)
  std::string key{};          ///< that needs no second factor: AuthKey, application token
  std::string totp_secret{};  ///< Base32
  bool mfa = false;
  std::uint64_t last_step = 0;  ///< of the last one-time code that was taken
  std::uint64_t failures = 0;   ///< without a success in between
  std::uint64_t locked_until = 0;
  std::vector<TrustedDevice> trusted_devices{};
  bool operator==(const CarrierAccount&) const = default;
};

/// A token that was handed out.
struct CarrierSession {
  std::string kind{};  ///< `access`, `refresh`, or `challenge`: a second factor is waited for
  std::string token{};
  std::string key{};   ///< that goes with the token (Soracom's API key)
  std::string user{};  ///< of the account
  std::uint64_t expires = 0;
  std::uint64_t attempts = 0;  ///< wrong codes
  bool operator==(const CarrierSession&) const = default;
};

/// What went through a line on one day (UTC), in octets.
struct CarrierDay {
  std::string date{};  ///< 2027-03-15
  std::uint64_t upload = 0;
  std::uint64_t download = 0;
  bool operator==(const CarrierDay&) const = default;
};

struct CarrierLine {
  std::string iccid{};  ///< as printed, its check digit included
  std::string eid{};
  std::string imsi{};
  std::string msisdn{};
  std::string id{};        ///< the provider's own
  std::string other_id{};  ///< of what the line belongs to: endpoint, fleet, group, device
  std::string name{};
  std::string type{};    ///< Mint: PHONE, TABLET or INTERNET
  std::string status{};  ///< the provider's word
  std::string plan{};
  std::string plan_id{};
  std::uint64_t limit_bytes = 0;  ///< of a cycle; 0: none
  std::uint64_t used_bytes = 0;   ///< in this cycle, where the provider tells one number
  std::string cycle_start{};      ///< RFC 3339
  std::string cycle_end{};
  std::vector<CarrierDay> days{};  ///< where the provider tells a series
  bool operator==(const CarrierLine&) const = default;
};

struct CarrierBalance {
  std::string amount{};  ///< 12.50
  std::string currency{};
  bool operator==(const CarrierBalance&) const = default;
};

struct CarrierSettings {
  std::uint64_t token_seconds = 0;      ///< how long an access token lives
  std::uint64_t refresh_seconds = 0;    ///< how long a refresh token lives
  std::uint64_t challenge_seconds = 0;  ///< how long a second factor is waited for
  std::uint64_t most_failures = 0;      ///< after so many in a row it is locked; 0: never
  std::uint64_t lock_seconds = 0;
  std::uint64_t most_codes = 0;  ///< after so many wrong codes a challenge is over; 0: never
  std::uint64_t page_size = 0;   ///< of a list whose length nobody asks for
  std::uint64_t megabyte = 1'000'000;
  std::string client_id{};      ///< of the application (Particle; Mint's channel)
  std::string client_secret{};  ///< likewise (Mint's application token)
  bool operator==(const CarrierSettings&) const = default;
};

/// Something that the server is to do wrong.
struct CarrierFault {
  std::string method{};        ///< empty: any
  std::string path{};          ///< how it begins; empty: any
  std::string fault{};         ///< see sim/README.md
  std::uint64_t skip = 0;      ///< so many requests are answered well before
  std::uint64_t times = 0;     ///< so many are spoilt then; 0: all
  std::uint64_t status = 500;  ///< of `status`
  std::string retry_after{};   ///< of `status`: the header, when not empty
  std::string location{};      ///< of `redirect`
  std::string member{};        ///< of `rename`, `retype` and `replace`
  std::string becomes{};       ///< of `rename` and `replace`
  std::uint64_t pause = 20;    ///< of `slow_drip`: milliseconds
  bool operator==(const CarrierFault&) const = default;
};

struct CarrierState {
  std::string provider{};
  std::string now{};                      ///< RFC 3339: its clock stands there; empty: it goes
  std::int64_t clock_offset_seconds = 0;  ///< that its clock is ahead
  std::vector<CarrierAccount> accounts{};
  std::vector<CarrierSession> sessions{};
  std::vector<CarrierLine> lines{};
  CarrierBalance balance{};
  CarrierSettings settings{};
  std::vector<CarrierFault> faults{};
  bool operator==(const CarrierState&) const = default;
};

/// As the JSON that sim/README.md describes, and back; throws base::Error (usage, "sim.state").
std::string to_json(const CarrierState& state);
CarrierState carrier_from_json(std::string_view text, std::string_view source);

}  // namespace sim
