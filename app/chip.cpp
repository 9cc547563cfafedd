#include "app/chip.hpp"

#include "lpa/issuers.hpp"

namespace app {

DownloadKind download_kind(const lpa::EuiccInfo2& info) {
  if (info.ci_for_signing.empty() || info.ci_for_verification.empty()) return DownloadKind::none;
  auto kind = DownloadKind::unknown;
  for (const auto& id : info.ci_for_signing) {
    const auto issuer = lpa::find_issuer(id);
    if (!issuer) continue;
    if (!issuer->test) return DownloadKind::production;
    kind = DownloadKind::test;
  }
  return kind;
}

std::optional<std::uint64_t> likely_profiles(const lpa::EuiccInfo2& info) {
  constexpr std::uint64_t common_size = 64UL * 1024;
  const auto free = info.resources.free_non_volatile_bytes;
  return free ? std::optional(*free / common_size) : std::nullopt;
}

ChipInfo chip_info(Session& session) {
  auto& isdr = session.isdr();
  auto& euicc = session.euicc();
  ChipInfo chip;
  chip.card = session.card_name();
  chip.atr = session.card().atr();
  chip.protocol = session.card().protocol();
  chip.isdr_aid = isdr.aid();
  chip.eid = isdr.eid();
  chip.select_version = isdr.version();
  chip.info = euicc.info2();
  chip.kind = chip.info.iot_specific_info ? CardKind::iot : CardKind::consumer;
  chip.addresses = euicc.addresses();
  chip.authorisation_table = euicc.authorisation_table();
  chip.brand = lpa::find_brand(session.card(), chip.isdr_aid, chip.eid, chip.info.firmware_version);
  return chip;
}

}  // namespace app
