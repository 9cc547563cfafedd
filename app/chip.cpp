#include "app/chip.hpp"

namespace app {

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
