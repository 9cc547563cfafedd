#include "base/jpeg.hpp"

#include <memory>

#include "base/error.hpp"

#ifdef ESIMCTL_WITH_JPEG

#include <turbojpeg.h>

namespace base {
namespace {

struct Jpeg {
  explicit Jpeg(const OpenLibrary& open)
      : library(needed_library(open, "libturbojpeg.so.0", "code.no-jpeg", "read JPEG pictures",
                               "libturbojpeg0")),
        begin(library.find<decltype(tjInitDecompress)>("tjInitDecompress")),
        read_header(library.find<decltype(tjDecompressHeader3)>("tjDecompressHeader3")),
        read(library.find<decltype(tjDecompress2)>("tjDecompress2")),
        error(library.find<decltype(tjGetErrorCode)>("tjGetErrorCode")),
        end(library.find<decltype(tjDestroy)>("tjDestroy")) {}

  SharedLibrary library;
  decltype(&tjInitDecompress) begin;
  decltype(&tjDecompressHeader3) read_header;
  decltype(&tjDecompress2) read;
  decltype(&tjGetErrorCode) error;
  decltype(&tjDestroy) end;
};

}  // namespace

Picture decode_jpeg(ByteView file, const OpenLibrary& open, std::size_t most) {
  const Jpeg jpeg(open);
  const std::unique_ptr<void, decltype(jpeg.end)> decoder(jpeg.begin(), jpeg.end);
  // A mere warning, such as a missing end, leaves a picture that may well do.
  const auto failed = [&](int result) {
    return result != 0 && jpeg.error(decoder.get()) != TJERR_WARNING;
  };
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colours = 0;
  const bool readable =
      decoder != nullptr && !failed(jpeg.read_header(decoder.get(), file.data(), file.size(),
                                                     &width, &height, &subsampling, &colours));
  if (readable) {
    require_size(static_cast<std::size_t>(width), static_cast<std::size_t>(height), most);
    Picture picture{static_cast<std::size_t>(width), static_cast<std::size_t>(height), {}};
    picture.grey.resize(picture.width * picture.height);
    if (!failed(jpeg.read(decoder.get(), file.data(), file.size(), picture.grey.data(), width, 0,
                          height, TJPF_GRAY, TJFLAG_LIMITSCANS)))
      return picture;
  }
  throw Error(ErrorKind::usage, "code.picture", "the JPEG picture is damaged")
      .hint("copy or save it once more");
}

}  // namespace base

#else

namespace base {

Picture decode_jpeg(ByteView /*file*/, const OpenLibrary& /*open*/, std::size_t /*most*/) {
  throw left_out("code.no-jpeg", "JPEG pictures");
}

}  // namespace base

#endif
