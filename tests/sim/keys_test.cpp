#include "sim/keys.hpp"

#include <doctest/doctest.h>

#include "tests/sim/simulated.hpp"

using sim::Curve;
using sim::PrivateKey;
using sim::PublicKey;
using sim::test::hex;

TEST_CASE("a scalar gives the point of the published example") {
  // RFC 6979 A.2.5 (P-256) and RFC 7027 A.1 (brainpoolP256r1, party A)
  CHECK(base::to_hex(PrivateKey::from_scalar(
                         Curve::nist,
                         hex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"))
                         .public_key()
                         .point()) ==
        "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E9"
        "5628BC64F2F1B20C2D7E9F5177A3C294D4462299");
  CHECK(base::to_hex(PrivateKey::from_scalar(
                         Curve::brainpool,
                         hex("81DB1EE100150FF2EA338D708271BE38300CB54241D79950F77B063039804F1D"))
                         .public_key()
                         .point()) ==
        "0444106E913F92BC02A1705D9953A8414DB95E1AAA49E81D9E85F929A8E3100BE58AB4846F11CACCB73CE49CBD"
        "D120F5A900A69FD32C272223F789EF10EB089BDC");
}

TEST_CASE("the signature of the published example is verified, and no other") {
  // RFC 6979 A.2.5: SHA-256, message "sample"
  const auto key = PublicKey::from_point(
      Curve::nist,
      hex("0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9"
          "E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"));
  REQUIRE(key);
  auto signature =
      hex("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1"
          "B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");
  CHECK(key->verifies(hex("73616D706C65"), signature));
  CHECK_FALSE(key->verifies(hex("73616D706C66"), signature));
  signature[63] ^= 1U;
  CHECK_FALSE(key->verifies(hex("73616D706C65"), signature));
  signature.pop_back();
  CHECK_FALSE(key->verifies(hex("73616D706C65"), signature));
}

TEST_CASE("both sides of a key agreement come to the published secret") {
  // RFC 7027 A.1
  const auto a = PrivateKey::from_scalar(
      Curve::brainpool, hex("81DB1EE100150FF2EA338D708271BE38300CB54241D79950F77B063039804F1D"));
  const auto b = PrivateKey::from_scalar(
      Curve::brainpool, hex("55E40BC41E37E3E2AD25C3C6654511FFA8474A91A0032087593852D3E7D76BD3"));
  const auto secret = hex("89AFC39D41D3B327814B80940B042590F96556EC91E6AE7939BCE31F3A18BF2B");
  CHECK(a.agree(b.public_key()) == secret);
  CHECK(b.agree(a.public_key()) == secret);
}

TEST_CASE("a signature has 64 octets and survives the way through X.509") {
  const auto key = PrivateKey::generate(Curve::nist);
  for (int i = 0; i < 40; ++i) {  // about every second r or s has its first bit set
    const auto signature = key.sign(hex("00"));
    CHECK(signature.size() == sim::signature_size);
    CHECK(key.public_key().verifies(hex("00"), signature));
    CHECK(sim::signature_from_der(sim::signature_to_der(signature)) == signature);
  }
  CHECK_FALSE(sim::signature_from_der(hex("3006020101020200FF")));
  CHECK_FALSE(sim::signature_from_der(hex("3006020101020101")) == std::nullopt);
  CHECK_FALSE(sim::signature_from_der(hex("30060201010201FF")));    // negative
  CHECK_FALSE(sim::signature_from_der(hex("300702010102020001")));  // a needless zero
  CHECK_FALSE(sim::signature_from_der(hex("3009020101020101020101")));
}

TEST_CASE("a point beside the curve is no key") {
  auto point = PrivateKey::generate(Curve::nist).public_key().point();
  CHECK(PublicKey::from_point(Curve::nist, point));
  CHECK_FALSE(PublicKey::from_point(Curve::brainpool, point));
  point[64] ^= 1U;
  CHECK_FALSE(PublicKey::from_point(Curve::nist, point));
  point.pop_back();
  CHECK_FALSE(PublicKey::from_point(Curve::nist, point));
  CHECK_FALSE(PublicKey::from_point(Curve::nist, {}));
}
