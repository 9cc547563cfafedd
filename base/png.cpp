#include "base/png.hpp"

#include "base/error.hpp"

#ifdef ESIMCTL_WITH_PNG

#include <png.h>

namespace base {
namespace {

/// The simplified interface of libpng 1.6, which keeps its long jumps to itself.
struct Png {
  explicit Png(const OpenLibrary& open)
      : library(needed_library(open, "libpng16.so.16", "code.no-png", "read or write PNG pictures",
                               "libpng16-16")),
        begin_read(library.find<decltype(png_image_begin_read_from_memory)>(
            "png_image_begin_read_from_memory")),
        finish_read(library.find<decltype(png_image_finish_read)>("png_image_finish_read")),
        write(library.find<decltype(png_image_write_to_memory)>("png_image_write_to_memory")),
        free(library.find<decltype(png_image_free)>("png_image_free")) {}

  SharedLibrary library;
  decltype(&png_image_begin_read_from_memory) begin_read;
  decltype(&png_image_finish_read) finish_read;
  decltype(&png_image_write_to_memory) write;
  decltype(&png_image_free) free;
};

/// A png_image that lets go of what libpng keeps for it.
struct Image : png_image {
  explicit Image(const Png& library) : png_image{}, png(library) { version = PNG_IMAGE_VERSION; }
  ~Image() { png.free(this); }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  const Png& png;
};

Error damaged() {
  return Error(ErrorKind::usage, "code.picture", "the PNG picture is damaged")
      .hint("copy or save it once more");
}

}  // namespace

Picture decode_png(ByteView file, const OpenLibrary& open, std::size_t most) {
  const Png png(open);
  Image image(png);
  if (png.begin_read(&image, file.data(), file.size()) == 0) throw damaged();
  require_size(image.width, image.height, most);
  image.format = PNG_FORMAT_GRAY;
  Picture picture{image.width, image.height, Bytes(std::size_t{image.width} * image.height)};
  const png_color white{255, 255, 255};
  if (png.finish_read(&image, &white, picture.grey.data(), 0, nullptr) == 0) throw damaged();
  return picture;
}

Bytes encode_png(const Picture& picture, const OpenLibrary& open) {
  const Png png(open);
  Image image(png);
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_GRAY;
  Bytes file(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t size = file.size();
  if (png.write(&image, file.data(), &size, 0, picture.grey.data(), 0, nullptr) == 0)
    throw Error(ErrorKind::failure, "code.picture", "cannot make the PNG picture");
  file.resize(size);
  return file;
}

}  // namespace base

#else

namespace base {

Picture decode_png(ByteView /*file*/, const OpenLibrary& /*open*/, std::size_t /*most*/) {
  throw left_out("code.no-png", "PNG pictures");
}

Bytes encode_png(const Picture& /*picture*/, const OpenLibrary& /*open*/) {
  throw left_out("code.no-png", "PNG pictures");
}

}  // namespace base

#endif
