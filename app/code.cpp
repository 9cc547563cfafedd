#include "app/code.hpp"

#include <algorithm>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/picture.hpp"
#include "base/png.hpp"
#include "base/qr_reader.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "base/write_file.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t largest_text = 64UL * 1024;
constexpr std::size_t pixels_each_module = 8;

void require_one(const CodeSource& source) {
  const auto sources = source.codes.size() + (source.file ? 1U : 0U) + (source.picture ? 1U : 0U);
  if (sources == 1) return;
  throw Error(ErrorKind::usage, "code.source",
              sources == 0 ? std::string("there is no activation code to read")
                           : fmt::format("there are {} activation codes to read; one is read at "
                                         "a time",
                                         sources))
      .hint("name one: a code, `-` for standard input, `--code-file FILE` or `--qr FILE`")
      .hint("in a shell, write a code between '…': $ and blanks mean something else there");
}

/// All of a file, or of standard input for `-`.
std::string read_all(const std::string& name, std::istream& input, std::size_t most) {
  auto text = base::read_named(name, input, most);
  if (!text) {
    throw Error(ErrorKind::usage, "code.file",
                fmt::format("cannot read {}: it is not there, no file, or larger than {} KiB",
                            name == "-" ? "standard input" : base::clean(name), most / 1024))
        .hint("name a file that is there, or `-` for standard input");
  }
  return *std::move(text);
}

std::optional<lpa::ActivationCode> activation_code(const std::string& text) {
  try {
    return lpa::parse_activation_code(text);
  } catch (const Error& error) {  // other QR codes than those for an eSIM are no fault
    if (error.kind() != ErrorKind::usage) throw;
    return std::nullopt;
  }
}

FoundCode find_code(const std::vector<std::string>& texts) {
  if (texts.empty()) {
    throw Error(ErrorKind::not_found, "code.no-qr", "no QR code was found in the picture")
        .hint("cut out the QR code with the light margin around it, or take a sharper picture");
  }
  // What is wrong with the only one is worth telling.
  if (texts.size() == 1) return {lpa::parse_activation_code(texts.front()), 0};
  std::vector<lpa::ActivationCode> found;
  std::size_t others = 0;
  for (const auto& text : texts) {
    const auto code = activation_code(text);
    if (!code) {
      ++others;
    } else if (std::ranges::find(found, *code) == found.end()) {
      found.push_back(*code);
    }
  }
  if (found.empty()) {
    throw Error(ErrorKind::not_found, "code.no-qr",
                fmt::format("there are {} QR codes in the picture, and none is an activation code",
                            texts.size()));
  }
  if (found.size() > 1) {
    throw Error(ErrorKind::not_found, "code.several-qr",
                fmt::format("there are {} different activation codes in the picture", found.size()))
        .hint("cut out the one that is meant");
  }
  return {found.front(), others};
}

}  // namespace

FoundCode read_code(const CodeSource& source, std::istream& input,
                    const base::OpenLibrary& open_library) {
  require_one(source);
  if (source.picture) {
    const auto file = read_all(*source.picture, input, base::largest_picture_file);
    const auto octets = std::as_bytes(std::span(file));
    const base::ByteView view(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
    return find_code(base::read_qr(base::decode_picture(view, open_library), open_library));
  }
  if (source.file) return {lpa::parse_activation_code(read_all(*source.file, input, largest_text))};
  const auto& code = source.codes.front();
  return {lpa::parse_activation_code(code == "-" ? read_all(code, input, largest_text) : code)};
}

base::QrCode qr_of(const lpa::ActivationCode& code, const base::OpenLibrary& open_library) {
  return base::make_qr(lpa::to_text(code), open_library);
}

void write_png(const base::QrCode& code, const std::filesystem::path& file,
               const base::OpenLibrary& open_library) {
  const auto octets = base::encode_png(base::picture_of(code, pixels_each_module), open_library);
  try {
    base::write_new_file(file, {reinterpret_cast<const char*>(octets.data()), octets.size()});
  } catch (const std::system_error& error) {
    throw Error(
        ErrorKind::usage, "code.png-file",
        fmt::format("cannot write “{}”: {}", base::clean(file.string()), error.code().message()))
        .hint("name a file that is not there yet, in a directory that is: no file is replaced");
  }
}

}  // namespace app
