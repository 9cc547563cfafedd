#include "app/code.hpp"

#include <cmath>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <turbojpeg.h>

#include "base/png.hpp"
#include "base/qr_reader.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/temporary_directory.hpp"

/// Activation codes from and to pictures, with the libraries that are installed.
namespace {

using base::Picture;

const base::OpenLibrary& installed() {
  static const base::OpenLibrary open = base::SharedLibrary::open;
  return open;
}

/// All libraries but one.
base::OpenLibrary without(const std::string& missing) {
  return [missing](const std::string& file) {
    return file == missing ? std::nullopt : base::SharedLibrary::open(file);
  };
}

Picture qr_picture(const std::string& text, std::size_t scale = 4) {
  return base::picture_of(base::make_qr(text, installed()), scale);
}

std::string png(const Picture& picture) {
  const auto octets = base::encode_png(picture, installed());
  return {octets.begin(), octets.end()};
}

std::string jpeg(const Picture& picture) {
  const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), tjDestroy);
  unsigned char* octets = nullptr;
  unsigned long size = 0;
  const int result =
      tjCompress2(encoder.get(), picture.grey.data(), static_cast<int>(picture.width), 0,
                  static_cast<int>(picture.height), TJPF_GRAY, &octets, &size, TJSAMP_GRAY, 80, 0);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(octets, tjFree);
  REQUIRE(result == 0);
  return {octets, octets + size};
}

/// Turned about its middle, with light around it.
Picture turned(const Picture& picture, double degrees) {
  const double angle = degrees * std::acos(-1.0) / 180;
  const auto side = picture.width * 3 / 2;
  Picture result{side, side, base::Bytes(side * side, 0xFF)};
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) {
      const double across = static_cast<double>(x) - static_cast<double>(side) / 2;
      const double down = static_cast<double>(y) - static_cast<double>(side) / 2;
      const double half = static_cast<double>(picture.width) / 2;
      const double from_x = std::floor(across * std::cos(angle) + down * std::sin(angle) + half);
      const double from_y = std::floor(down * std::cos(angle) - across * std::sin(angle) + half);
      if (from_x < 0 || from_y < 0 || from_x >= 2 * half || from_y >= 2 * half) continue;
      result.grey[y * side + x] = picture.grey[static_cast<std::size_t>(from_y) * picture.width +
                                               static_cast<std::size_t>(from_x)];
    }
  }
  return result;
}

Picture beside(const Picture& left, const Picture& right) {
  Picture both{left.width + right.width, std::max(left.height, right.height), {}};
  both.grey.assign(both.width * both.height, 0xFF);
  for (std::size_t y = 0; y < both.height; ++y) {
    for (std::size_t x = 0; x < both.width; ++x) {
      const auto& from = x < left.width ? left : right;
      const auto column = x < left.width ? x : x - left.width;
      if (y < from.height) both.grey[y * both.width + x] = from.grey[y * from.width + column];
    }
  }
  return both;
}

app::FoundCode read_picture(const std::string& file,
                            const base::OpenLibrary& open = base::SharedLibrary::open) {
  std::istringstream input(file);
  return app::read_code({.codes = {}, .file = {}, .picture = "-"}, input, open);
}

std::string error_of_picture(const std::string& file,
                             const base::OpenLibrary& open = base::SharedLibrary::open) {
  return test::error_code([&] { read_picture(file, open); });
}

/// ISO 3309, as a PNG has it behind each chunk.
std::uint32_t crc(std::string_view octets) {
  std::uint32_t value = 0xFFFFFFFF;
  for (const char each : octets) {
    value ^= static_cast<unsigned char>(each);
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 1U) != 0 ? value >> 1U ^ 0xEDB88320 : value >> 1U;
  }
  return ~value;
}

std::string big_endian(std::uint32_t value) {
  std::string octets;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) octets += static_cast<char>(value >> shift);
  return octets;
}

const std::string code_text = "LPA:1$smdp.example.com$04386-AGYFT-A74Y8-3F815";

}  // namespace

TEST_CASE("a code of any length that is written as PNG is read back as the same code") {
  const test::TemporaryDirectory directory;
  for (const std::size_t size : {0U, 1U, 20U, 64U, 150U, 255U}) {
    CAPTURE(size);
    lpa::ActivationCode code{"smdp.example.com",
                             "smdp.example.com",
                             std::string(size, 'A'),
                             "1.3.6.1.4.1.31746",
                             true,
                             {}};
    if (size == 20) code.smdp_address_as_given = "SMDP.Example.COM";
    if (size == 255) code.further_fields = std::string(600, 'x') + "$＄";
    const auto file = directory.path() / (std::to_string(size) + ".png");
    app::write_png(app::qr_of(code, installed()), file, installed());
    std::istringstream nothing;
    const auto found =
        app::read_code({.codes = {}, .file = {}, .picture = file.string()}, nothing, installed());
    CHECK(found.code == code);
    CHECK(found.other_qr_codes == 0);
  }
}

TEST_CASE("a QR code is found in a JPEG, and in one whose end is missing") {
  auto file = jpeg(qr_picture(code_text));
  CHECK(lpa::to_text(read_picture(file).code) == code_text);
  file.resize(file.size() - 40);
  CHECK(lpa::to_text(read_picture(file).code) == code_text);
}

TEST_CASE("a QR code is found when it is turned, or light on dark") {
  for (const double degrees : {17.0, 45.0, 90.0, 180.0, 270.0, 300.0}) {
    CAPTURE(degrees);
    const auto picture = turned(qr_picture(code_text, 6), degrees);
    CHECK(lpa::to_text(read_picture(png(picture)).code) == code_text);
    CHECK(lpa::to_text(read_picture(jpeg(picture)).code) == code_text);
  }
  auto inverted = qr_picture(code_text);
  for (auto& each : inverted.grey) each = static_cast<std::uint8_t>(0xFF - each);
  CHECK(lpa::to_text(read_picture(png(inverted)).code) == code_text);
}

TEST_CASE("a picture is written for its owner alone, and never in place of another file") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "code.png";
  const auto qr = base::make_qr(code_text, installed());
  app::write_png(qr, file, installed());
  struct stat status{};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
  const auto again = [&](const std::filesystem::path& path) {
    return test::error_code([&] { app::write_png(qr, path, installed()); });
  };
  std::ofstream(directory.path() / "other") << "mine";
  std::filesystem::create_symlink("nowhere", directory.path() / "link");
  CHECK(again(file) == "code.png-file");
  CHECK(again(directory.path() / "other") == "code.png-file");
  CHECK(again(directory.path() / "link") == "code.png-file");
  CHECK(again(directory.path() / "no/such/directory.png") == "code.png-file");
  CHECK(again("/dev/full") == "code.png-file");
  CHECK(std::filesystem::file_size(directory.path() / "other") == 4);
}

TEST_CASE(
    "two different codes in a picture are refused with their number; twice the same are one") {
  const auto first = qr_picture(code_text);
  const auto second = qr_picture("LPA:1$smdp.example.com$OTHER");
  const auto error = test::error_of([&] { read_picture(png(beside(first, second))); });
  REQUIRE(error);
  CHECK(error->code() == "code.several-qr");
  CHECK(error->kind() == base::ErrorKind::not_found);
  CHECK(std::string(error->what()).find("2 different") != std::string::npos);
  CHECK(lpa::to_text(read_picture(png(beside(first, first))).code) == code_text);
  const auto without_prefix = qr_picture("1$smdp.example.com$04386-AGYFT-A74Y8-3F815$");
  CHECK(lpa::to_text(read_picture(png(beside(first, without_prefix))).code) == code_text);
}

TEST_CASE("another QR code beside an activation code is counted; without one it is an error") {
  const auto site = qr_picture("https://www.example.com/");
  const auto found = read_picture(png(beside(qr_picture(code_text), site)));
  CHECK(lpa::to_text(found.code) == code_text);
  CHECK(found.other_qr_codes == 1);
  CHECK(error_of_picture(png(site)) == "code.malformed");
  CHECK(error_of_picture(png(beside(site, qr_picture("other text")))) == "code.no-qr");
  CHECK(error_of_picture(png({40, 40, base::Bytes(1600, 0x80)})) == "code.no-qr");
}

TEST_CASE("what is no picture, a damaged one, or one that would be too large is refused") {
  const auto good = png(qr_picture(code_text));
  CHECK(error_of_picture("") == "code.picture");
  CHECK(error_of_picture("GIF89a") == "code.picture");
  CHECK(error_of_picture(good.substr(0, good.size() / 2)) == "code.picture");
  CHECK(error_of_picture(good.substr(0, 8)) == "code.picture");
  CHECK(error_of_picture("\xFF\xD8\xFF\xE0") == "code.picture");
  CHECK(error_of_picture(good + std::string(16UL * 1024 * 1024, ' ')) == "code.file");

  // A few octets that say that they are 60,000 × 60,000 pixels: refused before they are unpacked.
  auto header = "IHDR" + big_endian(60000) + big_endian(60000) + good.substr(24, 5);
  const auto bomb = good.substr(0, 12) + header + big_endian(crc(header)) + good.substr(33);
  const auto error = test::error_of([&] { read_picture(bomb); });
  REQUIRE(error);
  CHECK(std::string(error->what()).find("60000 × 60000") != std::string::npos);
  auto large = jpeg(qr_picture(code_text));
  const auto frame = large.find("\xFF\xC0");
  REQUIRE(frame != std::string::npos);
  large.replace(frame + 5, 4, std::string("\xEA\x60\xEA\x60"));
  CHECK(error_of_picture(large) == "code.picture");
}

TEST_CASE("without a library each use of it says which package has it") {
  const auto file = png(qr_picture(code_text));
  CHECK(error_of_picture(file, without("libzbar.so.0")) == "code.no-zbar");
  CHECK(error_of_picture(file, without("libpng16.so.16")) == "code.no-png");
  CHECK(error_of_picture(jpeg(qr_picture(code_text)), without("libturbojpeg.so.0")) ==
        "code.no-jpeg");
  const auto error = test::error_of([] { base::make_qr(code_text, without("libqrencode.so.4")); });
  REQUIRE(error);
  CHECK(error->code() == "code.no-qrencode");
  CHECK(error->hints() ==
        std::vector<std::string>{"install libqrencode4: `sudo apt-get install libqrencode4`"});
  std::istringstream nothing;
  const auto none = [](const std::string&) { return std::optional<base::SharedLibrary>(); };
  CHECK(app::read_code({.codes = {code_text}, .file = {}, .picture = {}}, nothing, none)
            .code.matching_id == "04386-AGYFT-A74Y8-3F815");
}

TEST_CASE("a library without a function that it should have is told apart from none at all") {
  const auto other = [](const std::string&) { return base::SharedLibrary::open("libpng16.so.16"); };
  CHECK(test::error_code([&] { base::make_qr(code_text, other); }) == "code.library");
}

TEST_CASE("a text that no QR code holds is refused") {
  CHECK(test::error_code([] { base::make_qr(std::string(3000, 'x'), installed()); }) ==
        "code.qr-size");
}

TEST_CASE("exactly one source is read: a word, standard input or a file") {
  const test::TemporaryDirectory directory;
  const auto file = (directory.path() / "code.txt").string();
  std::ofstream(file) << "  " << code_text << "\r\n\n";
  const auto read = [&](const app::CodeSource& source) {
    std::istringstream input(code_text + "\n");
    return lpa::to_text(app::read_code(source, input, installed()).code);
  };
  CHECK(read({.codes = {code_text}, .file = {}, .picture = {}}) == code_text);
  CHECK(read({.codes = {"-"}, .file = {}, .picture = {}}) == code_text);
  CHECK(read({.codes = {}, .file = file, .picture = {}}) == code_text);
  CHECK(read({.codes = {}, .file = "-", .picture = {}}) == code_text);
  const auto error = [&](const app::CodeSource& source) {
    return test::error_code([&] { read(source); });
  };
  CHECK(error({}) == "code.source");
  CHECK(error({.codes = {code_text, "-"}, .file = {}, .picture = {}}) == "code.source");
  CHECK(error({.codes = {code_text}, .file = file, .picture = {}}) == "code.source");
  CHECK(error({.codes = {}, .file = file, .picture = file}) == "code.source");
  CHECK(error({.codes = {}, .file = file + "x", .picture = {}}) == "code.file");
  CHECK(error({.codes = {}, .file = directory.path().string(), .picture = {}}) == "code.file");
}
