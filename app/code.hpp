#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "base/qr_writer.hpp"
#include "base/shared_library.hpp"
#include "lpa/activation_code.hpp"

namespace app {

/// Where an activation code is to be found: exactly one of these.
struct CodeSource {
  std::vector<std::string> codes;      ///< one: itself, or `-` for standard input
  std::optional<std::string> file;     ///< a text with nothing but the code
  std::optional<std::string> picture;  ///< with its QR code, PNG or JPEG; `-`: standard input
};

struct FoundCode {
  lpa::ActivationCode code;
  std::size_t other_qr_codes = 0;  ///< in the same picture, with no activation code in them
};

/// Reads the activation code that `source` names; `input` is standard input. Throws Error
/// `code.source` (usage) for no source or several, `code.file` (usage), `code.no-qr` and
/// `code.several-qr` (not_found), and as lpa::parse_activation_code, base::decode_picture and
/// base::read_qr.
FoundCode read_code(const CodeSource& source, std::istream& input,
                    const base::OpenLibrary& open_library);

/// The code as a QR code. Throws as base::make_qr.
base::QrCode qr_of(const lpa::ActivationCode& code, const base::OpenLibrary& open_library);

/// The same as a PNG file for the user alone. Throws Error `code.png-file` (usage) when it is there
/// already or cannot be made, and as base::encode_png.
void write_png(const base::QrCode& code, const std::filesystem::path& file,
               const base::OpenLibrary& open_library);

}  // namespace app
