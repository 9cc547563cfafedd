#include "sim/card.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "tests/sim/simulated.hpp"

namespace {

using sim::test::Simulated;

constexpr auto select_isdr = "00A4040010A0000005591010FFFFFFFF890000010000";

}  // namespace

TEST_CASE("SELECT of the ISD-R on T=0 answers 61xx, and GET RESPONSE gives the FCI") {
  Simulated card;
  // The trace of a real card: omnikey-sw-info, euicc-lpa testdata (svn differs).
  CHECK(card(select_isdr) == "6121");
  CHECK(card("00C0000021") ==
        "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE0058203020300"
        "9000");
}
