#include "base/qr_reader.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include "base/error.hpp"

#ifdef ESIMCTL_WITH_ZBAR

namespace base {
namespace {

// zbar.h comes with the headers of ImageMagick and X11, for thirteen functions of libzbar.so.0.
// What is here of them is what zbar.h says; that it fits is seen by tests/app/code_test.cpp.
struct Scanner;
struct Image;
struct Symbol;
constexpr int all_symbols = 0;       // ZBAR_NONE
constexpr int qr_symbols = 64;       // ZBAR_QRCODE
constexpr int enable = 0;            // ZBAR_CFG_ENABLE
constexpr int test_inverted = 0x81;  // ZBAR_CFG_TEST_INVERTED; a zbar without it says no
constexpr unsigned long grey_format = 0x30303859;  // fourcc "Y800"

constexpr std::size_t fewest_modules = 21;  // of a QR code's side, ISO/IEC 18004 5.3.1

struct Zbar {
  explicit Zbar(const OpenLibrary& open)
      : library(needed_library(open, "libzbar.so.0", "code.no-zbar", "look for QR codes",
                               "libzbar0")) {}

  SharedLibrary library;
  Scanner* (*make_scanner)() = library.find<Scanner*()>("zbar_image_scanner_create");
  void (*end_scanner)(Scanner*) = library.find<void(Scanner*)>("zbar_image_scanner_destroy");
  int (*configure)(Scanner*, int, int, int) =
      library.find<int(Scanner*, int, int, int)>("zbar_image_scanner_set_config");
  int (*scan)(Scanner*, Image*) = library.find<int(Scanner*, Image*)>("zbar_scan_image");
  Image* (*make_image)() = library.find<Image*()>("zbar_image_create");
  void (*end_image)(Image*) = library.find<void(Image*)>("zbar_image_destroy");
  void (*set_format)(Image*, unsigned long) =
      library.find<void(Image*, unsigned long)>("zbar_image_set_format");
  void (*set_size)(Image*, unsigned, unsigned) =
      library.find<void(Image*, unsigned, unsigned)>("zbar_image_set_size");
  void (*set_data)(Image*, const void*, unsigned long, void (*)(Image*)) =
      library.find<void(Image*, const void*, unsigned long, void (*)(Image*))>(
          "zbar_image_set_data");
  const Symbol* (*first)(const Image*) =
      library.find<const Symbol*(const Image*)>("zbar_image_first_symbol");
  const Symbol* (*next)(const Symbol*) =
      library.find<const Symbol*(const Symbol*)>("zbar_symbol_next");
  const char* (*text)(const Symbol*) =
      library.find<const char*(const Symbol*)>("zbar_symbol_get_data");
  unsigned (*size)(const Symbol*) =
      library.find<unsigned(const Symbol*)>("zbar_symbol_get_data_length");
};

/// Half as wide and high, each pixel the mean of four: what blurs edges is blurred away.
Picture halved(const Picture& picture) {
  Picture half{picture.width / 2, picture.height / 2, {}};
  half.grey.reserve(half.width * half.height);
  for (std::size_t y = 0; y < half.height; ++y) {
    for (std::size_t x = 0; x < half.width; ++x) {
      const auto* upper = &picture.grey[2 * y * picture.width + 2 * x];
      const auto* lower = upper + picture.width;
      half.grey.push_back(
          static_cast<std::uint8_t>((upper[0] + upper[1] + lower[0] + lower[1]) / 4));
    }
  }
  return half;
}

std::vector<std::string> scan(const Zbar& zbar, Scanner& scanner, const Picture& picture) {
  const std::unique_ptr<Image, decltype(zbar.end_image)> image(zbar.make_image(), zbar.end_image);
  if (image == nullptr) throw std::bad_alloc();
  zbar.set_format(image.get(), grey_format);
  zbar.set_size(image.get(), static_cast<unsigned>(picture.width),
                static_cast<unsigned>(picture.height));
  zbar.set_data(image.get(), picture.grey.data(), picture.grey.size(), nullptr);
  std::vector<std::string> texts;
  if (zbar.scan(&scanner, image.get()) <= 0) return texts;
  for (const auto* symbol = zbar.first(image.get()); symbol != nullptr;
       symbol = zbar.next(symbol)) {
    std::string text(zbar.text(symbol), zbar.size(symbol));
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace

std::vector<std::string> read_qr(const Picture& picture, const OpenLibrary& open) {
  const Zbar zbar(open);
  const std::unique_ptr<Scanner, decltype(zbar.end_scanner)> scanner(zbar.make_scanner(),
                                                                     zbar.end_scanner);
  if (scanner == nullptr) throw std::bad_alloc();
  zbar.configure(scanner.get(), all_symbols, enable, 0);
  zbar.configure(scanner.get(), qr_symbols, enable, 1);
  zbar.configure(scanner.get(), all_symbols, test_inverted, 1);
  auto texts = scan(zbar, *scanner, picture);
  const auto narrow = std::min(picture.width, picture.height);
  if (texts.empty() && narrow / 2 >= fewest_modules) texts = scan(zbar, *scanner, halved(picture));
  return texts;
}

}  // namespace base

#else

namespace base {

std::vector<std::string> read_qr(const Picture& /*picture*/, const OpenLibrary& /*open*/) {
  throw left_out("code.no-zbar", "QR codes in pictures");
}

}  // namespace base

#endif
