#pragma once

#include "base/bytes.hpp"

namespace test {

/// The answer of a real card (an sysmoEUICC-IoT, published in onomondo/onomondo-eim@78810e9d0e:
/// doc/examples.md; the BF2B header is put back) to RetrieveNotificationsList, 9000 at its end:
/// number 2, an installation that failed in step 2 (storeMetadata) for reason 9, its ICCID being
/// there already.
inline base::Bytes pending_notification() {
  return *base::from_hex(
      "BF2B819FA0819CBF378198BF27528010E0F1356728A44720B219A3B70C9DF57EBF2F2E800102810207800C197465"
      "7374736D6470706C7573312E6578616D706C652E636F6D5A0A989444999999990930F1060388370AA208A1068001"
      "028101095F37407FA95E72677338D953EE62395D7BCDC365BF217DFE6DAF315A98503F9DEF97103EAFBA7EDB5E16"
      "621BA14061354A75390FF0E8332B26AC31C8E2C9FAA6C073589000");
}

}  // namespace test
