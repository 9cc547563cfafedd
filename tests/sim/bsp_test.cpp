#include "sim/bsp.hpp"

#include <doctest/doctest.h>

#include "tests/sim/simulated.hpp"

// Octets of a commercial SM-DP+, traced and published by the osmocom project (pysim@597f1e0:
// tests/unittests/test_esim_bsp.py).

using sim::Protection;
using sim::test::hex;

namespace {

sim::SessionKeys traced_keys() {
  return {hex("406D507B448A699E7A36A38494DEBBDE"), hex("472F5BFADD97F21D34F3CE9B51B92751"),
          hex("9EC07F5B36A13E12A991D66E294E6242")};
}

const auto configure = hex("BF2400");
const auto configure_block = hex("8718F6FE031E4B9CFE87C8E1E62F3FDE85C49412D7722A6A2D89");
const auto metadata =
    hex("BF252D5A0A98001032547698103214910947534D415F54455354921147534D415F544553545F50524F46494C45"
        "950100");
const auto metadata_block =
    hex("8838BF252D5A0A98001032547698103214910947534D415F54455354921147534D415F544553545F50524F4649"
        "4C459501008A62CC9ADBB5CCBC");
const auto replace =
    hex("BF26368010000102030405060708090A0B0C0D0E0F8110010102030405060708090A0B0C0D0E0F821002010203"
        "0405060708090A0B0C0D0E0F");
const auto replace_block =
    hex("8748A14C800A001992351CD46AD2945654674369701D82B7B46567652BC8FBED234939FC57FBA748015525FD6C"
        "651E9D3D1330652D42A0CFAD950E912122AF4EC5362D3C0BC535729C40");

}  // namespace

TEST_CASE("session keys are derived as a commercial server derives them") {
  const auto keys = sim::derive_session_keys(
      hex("C9A993DD4879A8F7161F2085410EDD4F9652F1DF37BE097BA96BA2CA6BE528FE"),
      hex("8080808080808080"), hex("89049032123451234512345678901235"));
  CHECK(keys.chaining == traced_keys().chaining);
  CHECK(keys.encryption == traced_keys().encryption);
  CHECK(keys.mac == traced_keys().mac);
}

TEST_CASE("blocks are protected as a commercial server protects them") {
  Protection protection(traced_keys());
  CHECK(protection.wrap(0x87, configure) == configure_block);
  CHECK(protection.wrap_mac(0x88, metadata) == metadata_block);
  CHECK(protection.wrap(0x87, replace) == replace_block);
}

TEST_CASE("the blocks of a commercial server are opened") {
  Protection protection(traced_keys());
  CHECK(protection.unwrap(tlv::single(configure_block)) == configure);
  CHECK(protection.unwrap_mac(tlv::single(metadata_block)) == metadata);
  CHECK(protection.unwrap(tlv::single(replace_block)) == replace);
}

TEST_CASE("a block that is damaged, twice there or out of turn is not opened") {
  auto damaged = configure_block;
  for (std::size_t i = 0; i < damaged.size(); ++i) {
    if (i == 1) continue;  // the length: no element any more
    damaged[i] ^= 1U;
    Protection protection(traced_keys());
    CHECK_FALSE(protection.unwrap(tlv::single(damaged)));
    damaged[i] ^= 1U;
  }
  Protection protection(traced_keys());
  CHECK_FALSE(protection.unwrap_mac(tlv::single(metadata_block)));
  Protection another(traced_keys());
  CHECK(another.unwrap(tlv::single(configure_block)));
  CHECK_FALSE(another.unwrap(tlv::single(configure_block)));
}
