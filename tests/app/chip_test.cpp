#include "app/chip.hpp"

#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "lpa/issuers.hpp"

namespace {

lpa::EuiccInfo2 certified_by(const std::vector<std::string>& key_ids) {
  lpa::EuiccInfo2 info;
  for (const auto& id : key_ids) info.ci_for_signing.push_back(*base::from_hex(id));
  info.ci_for_verification = info.ci_for_signing;
  return info;
}

const std::string production = "81370F5125D0B1D408D4C3B232E6D25E795BEBFB";
const std::string test_nist = "F54172BDF98A95D65CBEB88A38A1C11D800A85C3";
const std::string stranger = "5BC99966F5D5D82FE7DC8E044B5C21B61243E05C";

}  // namespace

TEST_CASE("a chip can download what its issuers vouch for: real profiles, tests, or nothing") {
  CHECK(app::download_kind(certified_by({production})) == app::DownloadKind::production);
  CHECK(app::download_kind(certified_by({test_nist, production})) == app::DownloadKind::production);
  CHECK(app::download_kind(certified_by({stranger, test_nist})) == app::DownloadKind::test);
  CHECK(app::download_kind(certified_by({stranger})) == app::DownloadKind::unknown);
  CHECK(app::download_kind(certified_by({})) == app::DownloadKind::none);
}

TEST_CASE("a chip that trusts no issuer can download nothing, whoever vouches for it") {
  auto info = certified_by({production});
  info.ci_for_verification.clear();
  CHECK(app::download_kind(info) == app::DownloadKind::none);
}

TEST_CASE("an issuer is known by its whole key identifier") {
  CHECK(lpa::find_issuer(*base::from_hex(production))->name == "GSM Association - RSP2 Root CI1");
  CHECK(!lpa::find_issuer(*base::from_hex(production.substr(0, 38))));
  CHECK(!lpa::find_issuer({}));
}

TEST_CASE("as many profiles are likely to fit as go into the free memory") {
  lpa::EuiccInfo2 info;
  CHECK_FALSE(app::likely_profiles(info));
  info.resources.free_non_volatile_bytes = 65535;
  CHECK(app::likely_profiles(info) == 0);
  info.resources.free_non_volatile_bytes = 412876;
  CHECK(app::likely_profiles(info) == 6);
}
