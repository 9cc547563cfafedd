#include "lpa/bound_package.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/sim/download_driver.hpp"
#include "tests/support/errors.hpp"

// Packages of foreign servers with the segments that another LPA makes of them
// (tests/data/packages), and packages that are wrong in one thing.

using namespace sim::test;

namespace {

base::Bytes octets(base::ByteView view) { return {view.begin(), view.end()}; }

/// What cut_package says of a package that it refuses.
std::string fault(const base::Bytes& package) {
  try {
    static_cast<void>(lpa::cut_package(package));
  } catch (const base::Error& error) {
    CHECK(error.code() == "package.malformed");
    CHECK(error.kind() == base::ErrorKind::refused);
    const std::string what = error.what();
    return what.substr(what.find("BoundProfilePackage"));
  }
  return "none";
}

/// The parts of a sound package, to be changed before they are put together.
struct Parts {
  base::Bytes channel = tlv_of("BF23", tlv_of("82", hex("01")) + tlv_of("80", hex("0A0B")));
  base::Bytes first = tlv_of("A0", tlv_of("87", base::Bytes(16, 0x11)));
  base::Bytes metadata = tlv_of("A1", tlv_of("88", hex("BF2503910141") + base::Bytes(8, 0x22)));
  base::Bytes second;
  base::Bytes elements = tlv_of("A3", tlv_of("86", base::Bytes(300, 0x33)));

  [[nodiscard]] base::Bytes package() const {
    return tlv_of("BF36", channel + first + metadata + second + elements);
  }
};

}  // namespace

TEST_CASE("packages of foreign servers are cut as another LPA cuts them") {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(ESIMCTL_TEST_DATA) / "packages")) {
    CAPTURE(entry.path());
    ++files;
    std::ifstream stream(entry.path());
    const auto vector = nlohmann::json::parse(stream);
    CHECK_FALSE(vector.at("origin").get<std::string>().empty());
    std::vector<base::Bytes> expected;
    base::Bytes package;
    for (const auto& segment : vector.at("segments")) {
      expected.push_back(hex(segment.get<std::string>()));
      package = package + expected.back();
    }
    const auto cut = lpa::cut_package(package);
    REQUIRE(cut.segments.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(octets(cut.segments[i]) == expected[i]);
    CHECK(base::to_hex(cut.metadata).starts_with("BF25"));
    CHECK_FALSE(cut.transaction_id.empty());
  }
  CHECK(files == 2);
}

TEST_CASE("several blocks of one sequence are segments of their own but for the first 87") {
  Parts parts;
  const auto block = [](const char* tag) { return tlv_of(tag, base::Bytes(9, 0x44)); };
  parts.first = tlv_of("A0", block("87") + block("87"));
  parts.second = tlv_of("A2", block("87") + block("87"));
  parts.elements = tlv_of("A3", block("86") + block("86"));
  const auto package = parts.package();
  const auto cut = lpa::cut_package(package);
  std::vector<std::string> begins;
  for (const auto& segment : cut.segments) {
    begins.push_back(base::to_hex(segment).substr(0, 8));
  }
  CHECK(begins == std::vector<std::string>{"BF3664BF", "A0168709", "87094444", "A110", "880EBF25",
                                           "A2168709", "87094444", "A316", "86094444", "86094444"});
  CHECK(cut.transaction_id == hex("0A0B"));
  CHECK(cut.metadata == hex("BF2503910141"));
}

TEST_CASE("lengths that could be shorter stay as the server wrote them") {
  Parts parts;
  parts.first = hex("A082001287810F") + base::Bytes(15, 0x11);
  parts.metadata = hex("A1811188810EBF2503910141") + base::Bytes(8, 0x22);
  const auto package = parts.package();
  const auto cut = lpa::cut_package(package);
  base::Bytes all;
  for (const auto& segment : cut.segments) all = all + octets(segment);
  CHECK(all == package);
  CHECK(base::to_hex(cut.segments[1]).starts_with("A082001287810F11"));
  CHECK(base::to_hex(cut.segments[2]) == "A18111");
}

TEST_CASE("metadata in several blocks is put together without their check values") {
  Parts parts;
  const base::Bytes mac(8, 0x22);
  parts.metadata =
      tlv_of("A1", tlv_of("88", hex("BF2503") + mac) + tlv_of("88", hex("910141") + mac));
  const auto package = parts.package();
  CHECK(lpa::cut_package(package).metadata == hex("BF2503910141"));
}

TEST_CASE("a package that ends early or goes on is refused at every octet") {
  const auto package = Parts().package();
  REQUIRE(fault(package) == "none");
  for (std::size_t size = 0; size < package.size(); ++size) {
    CHECK(fault({package.begin(), package.begin() + static_cast<std::ptrdiff_t>(size)}) != "none");
  }
  CHECK(fault(package + hex("00")) == "BoundProfilePackage: 1 octets after its end");
}

TEST_CASE("a package whose parts are missing, in another order or too many is refused by name") {
  const auto with = [](auto change) {
    Parts parts;
    change(parts);
    return fault(parts.package());
  };
  CHECK(fault(hex("BF3700")) == "BoundProfilePackage: tag BF37, not BF36");
  CHECK(fault(hex("BF3600")) == "BoundProfilePackage.initialiseSecureChannelRequest: missing");
  CHECK(with([](Parts& p) { p.channel = tlv_of("BF23", tlv_of("82", hex("01"))); }) ==
        "BoundProfilePackage.initialiseSecureChannelRequest.transactionId: missing");
  CHECK(with([](Parts& p) { p.channel = tlv_of("BF23", tlv_of("80", base::Bytes(17, 1))); }) ==
        "BoundProfilePackage.initialiseSecureChannelRequest.transactionId: 17 octets, not 1 to 16");
  CHECK(with([](Parts& p) { p.first.clear(); }) ==
        "BoundProfilePackage.firstSequenceOf87: tag A1, not A0");
  CHECK(with([](Parts& p) { std::swap(p.first, p.metadata); }) ==
        "BoundProfilePackage.firstSequenceOf87: tag A1, not A0");
  CHECK(with([](Parts& p) { p.metadata = tlv_of("A1", {}); }) ==
        "BoundProfilePackage.sequenceOf88[0]: missing");
  CHECK(with([](Parts& p) { p.metadata = tlv_of("A1", tlv_of("88", base::Bytes(7, 1))); }) ==
        "BoundProfilePackage.sequenceOf88[0]: shorter than its MAC");
  CHECK(with([](Parts& p) { p.metadata = tlv_of("A1", tlv_of("88", base::Bytes(8, 1))); }) ==
        "BoundProfilePackage.sequenceOf88: empty");
  CHECK(with([](Parts& p) { p.elements.clear(); }) == "BoundProfilePackage.sequenceOf86: missing");
  CHECK(with([](Parts& p) { p.elements = p.elements + p.elements; }) ==
        "BoundProfilePackage: 308 octets after its last part");
  CHECK(with([](Parts& p) { p.elements = tlv_of("A3", tlv_of("87", base::Bytes(9, 1))); }) ==
        "BoundProfilePackage.sequenceOf86[0]: tag 87, not 86");
  CHECK(with([](Parts& p) { p.first = hex("A0028705"); }) ==
        "BoundProfilePackage.firstSequenceOf87[0]: 87 claims 5 octets, 0 are there");
}

TEST_CASE("a package or a block that is too large is refused") {
  CHECK(fault(base::Bytes(lpa::largest_package + 1)) ==
        "BoundProfilePackage: 4194305 octets, more than 4194304");
  Parts parts;
  parts.elements = tlv_of("A3", tlv_of("86", base::Bytes(lpa::largest_segment)));
  CHECK(fault(parts.package()) ==
        "BoundProfilePackage.sequenceOf86[0]: 16004 octets at once, more than 16000");
}
