#include "usage/data_size.hpp"

#include <cstdint>
#include <string>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/error.hpp"
#include "tests/support/errors.hpp"

using usage::DataSize;
using usage::DataUnit;

namespace {

constexpr std::int64_t most = INT64_MAX;

std::int64_t bytes(const char* number, DataUnit unit) {
  return DataSize::parse(number, unit).bytes();
}

}  // namespace

TEST_CASE("a unit has the factor that its name says") {
  const auto of = [](const char* name) { return bytes("1", usage::data_unit(name).value()); };
  CHECK(of("B") == 1);
  CHECK(of("KB") == 1000);
  CHECK(of("kB") == 1000);
  CHECK(of("MB") == 1'000'000);
  CHECK(of("GB") == 1'000'000'000);
  CHECK(of("TB") == 1'000'000'000'000);
  CHECK(of("KiB") == 1024);
  CHECK(of("MiB") == 1'048'576);
  CHECK(of("GiB") == 1'073'741'824);
  CHECK(of("TiB") == 1'099'511'627'776);
}

TEST_CASE("a unit of another name is not guessed") {
  for (const auto* name : {"", "b", "Mb", "mb", "M", "Mbit", "MB ", "PB", "KIB"}) {
    CAPTURE(name);
    CHECK_FALSE(usage::data_unit(name));
  }
}

TEST_CASE("a decimal number and a unit are a number of bytes, to the byte") {
  CHECK(bytes("0", DataUnit::gb) == 0);
  CHECK(bytes("007", DataUnit::b) == 7);
  CHECK(bytes("1,657.56", DataUnit::mb) == 1'657'560'000);
  CHECK(bytes("1,657.56", DataUnit::mib) == 1'738'077'635);  // 1738077634.56
  CHECK(bytes("2.01", DataUnit::gb) == 2'010'000'000);       // cut short in floating point
  CHECK(bytes("0.000000001", DataUnit::gb) == 1);
  CHECK(bytes("1,000,000", DataUnit::kb) == 1'000'000'000);
  CHECK(bytes("5.00", DataUnit::gib) == 5'368'709'120);
}

TEST_CASE("a part of a byte is rounded to the nearest, and half a byte up") {
  CHECK(bytes("0.1", DataUnit::kib) == 102);  // 102.4
  CHECK(bytes("0.5", DataUnit::b) == 1);
  CHECK(bytes("0.49999999999999999999999999", DataUnit::b) == 0);
  CHECK(bytes("0.00048828125", DataUnit::kib) == 1);  // exactly half
  CHECK(bytes("0.00048828124999999999999999999", DataUnit::kib) == 0);
}

TEST_CASE("what is no number is an error, and a comma is no decimal point") {
  for (const auto* text :
       {"",          "-",
        ".",         "5.",
        ".5",        "1e9",
        "+5",        " 5",
        "5 ",        "5GB",
        "0x10",      "N/A",
        "Unlimited", "12,50",
        "1,6575",    "1,657,56",
        ",657",      "1,,657",
        "1657,560",  "1,657.5,6",
        "1.657.56",  "--5",
        "1,",        "1,657,",
        "\xD9\xA3",  "11111111111111111111111111111111111111111111111111111111111111111"}) {
    CAPTURE(text);
    CHECK(test::error_code([&] { DataSize::parse(text, DataUnit::mb); }) == "usage.size");
  }
}

TEST_CASE("less than nothing is an error") {
  CHECK(test::error_code([] { DataSize::parse("-1", DataUnit::b); }) == "usage.size");
  CHECK(test::error_code([] { DataSize::parse("-0.5", DataUnit::mb); }) == "usage.size");
  CHECK(test::error_code([] { DataSize::of_bytes(-1); }) == "usage.size");
  CHECK(test::error_code([] { DataSize::of_bytes(1) - DataSize::of_bytes(2); }) == "usage.size");
}

TEST_CASE("more than 2^63 - 1 bytes are an error, and never wrap around") {
  CHECK(bytes("9223372036854775807", DataUnit::b) == most);
  CHECK(bytes("9,223,372,036,854,775,807.4", DataUnit::b) == most);
  CHECK(bytes("8388607.999999999999", DataUnit::tib) == most);
  for (const auto& [number, unit] : {std::pair{"9223372036854775808", DataUnit::b},
                                     {"9223372036854775807.5", DataUnit::b},
                                     {"8388608", DataUnit::tib},
                                     {"9223372036854775.808", DataUnit::kb},
                                     {"99999999999999999999999999", DataUnit::b},
                                     {"9223372036854775807", DataUnit::kib}}) {
    CAPTURE(number);
    CHECK(test::error_code([&] { DataSize::parse(number, unit); }) == "usage.size");
  }
  CHECK(test::error_code([] { DataSize::of_bytes(most) + DataSize::of_bytes(1); }) == "usage.size");
}

TEST_CASE("sizes are added, subtracted and compared") {
  const auto two = DataSize::of_bytes(2);
  const auto five = DataSize::of_bytes(5);
  CHECK((two + five).bytes() == 7);
  CHECK((five - two).bytes() == 3);
  CHECK((two - two) == DataSize());
  CHECK(two < five);
}

TEST_CASE("bytes written with a point are read back") {
  CHECK(rc::check([] {
    const auto count = *rc::gen::inRange<std::int64_t>(0, most);
    RC_ASSERT(DataSize::parse(std::to_string(count), DataUnit::b).bytes() == count);
    auto decimals = std::to_string(count % 1'000'000);
    decimals.insert(0, 6 - decimals.size(), '0');
    const auto text = std::to_string(count / 1'000'000) + "." + decimals;
    RC_ASSERT(DataSize::parse(text, DataUnit::mb).bytes() == count);
  }));
}

TEST_CASE("for people a size is shown by 1000, to a tenth") {
  const auto text = [](std::int64_t count) { return to_text(DataSize::of_bytes(count)); };
  CHECK(text(0) == "0 B");
  CHECK(text(999) == "999 B");
  CHECK(text(1000) == "1.0 KB");
  CHECK(text(1'049) == "1.0 KB");
  CHECK(text(1'050) == "1.1 KB");
  CHECK(text(999'949) == "999.9 KB");
  CHECK(text(999'950) == "1.0 MB");
  CHECK(text(1'900'000'000) == "1.9 GB");
  CHECK(text(1'500'000'000'000) == "1.5 TB");
  CHECK(text(most) == "9223372.0 TB");
}
