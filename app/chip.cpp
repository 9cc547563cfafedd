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
  return chip;
}

}  // namespace app
