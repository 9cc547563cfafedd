#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/session.hpp"
#include "lpa/brands.hpp"
#include "lpa/es10a.hpp"
#include "lpa/es10b.hpp"

namespace app {

/// Which kind of card it is, by the specification that it follows.
enum class CardKind { consumer, iot, m2m, no_euicc };

/// Which servers a card can load profiles from, by the issuers that vouch for it.
enum class DownloadKind {
  production,  ///< a known issuer of real profiles
  test,        ///< issuers of test profiles alone
  unknown,     ///< issuers that are not known here
  none         ///< no issuer at all: the card can never load a profile
};
DownloadKind download_kind(const lpa::EuiccInfo2& info);

/// How many more profiles are likely to fit: free memory by the size of a common one (64 KiB).
/// Empty when the card does not tell its memory.
std::optional<std::uint64_t> likely_profiles(const lpa::EuiccInfo2& info);

/// What a card tells of itself. What it does not have, or refuses to tell, is empty.
struct ChipInfo {
  std::string card;
  base::Bytes atr;
  lpa::Protocol protocol{};
  lpa::Aid isdr_aid;
  lpa::Eid eid;
  CardKind kind = CardKind::consumer;
  std::optional<lpa::Version> select_version;
  lpa::EuiccInfo2 info;
  std::optional<lpa::Brand> brand;
  std::optional<lpa::ConfiguredAddresses> addresses;
  std::optional<lpa::RulesAuthorisationTable> authorisation_table;
};

/// Asks the card for all of it. Throws as lpa::Euicc.
ChipInfo chip_info(Session& session);

}  // namespace app
