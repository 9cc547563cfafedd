#include "lpa/bound_package.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "lpa/tlv.hpp"

namespace lpa {
namespace {

constexpr std::size_t mac_size = 8;
constexpr std::size_t longest_transaction_id = 16;

/// An element by its place; tlv::Reader would not read one of this size.
struct Part {
  tlv::Tag tag = 0;
  base::ByteView header;
  base::ByteView value;
};

/// Takes the first element off `rest`.
Part take(base::ByteView& rest) {
  const auto header = tlv::read_header(rest);
  const auto there = rest.size() - header.size;
  if (header.length > there) {
    throw tlv::Malformed(fmt::format("{} claims {} octets, {} are there",
                                     tlv::to_string(header.tag), header.length, there));
  }
  const Part part{header.tag, rest.first(header.size), rest.subspan(header.size, header.length)};
  rest = rest.subspan(header.size + header.length);
  return part;
}

/// `second` stands right behind `first`.
base::ByteView joined(base::ByteView first, base::ByteView second) {
  return {first.data(), first.size() + second.size()};
}

base::ByteView whole(const Part& part) { return joined(part.header, part.value); }

class Cutter {
 public:
  explicit Cutter(base::ByteView package) : package_(package) {}

  BoundPackage cut() {
    if (package_.size() > largest_package) {
      throw tlv::Malformed(
          fmt::format("{} octets, more than {}", package_.size(), largest_package));
    }
    auto rest = package_;
    const auto outer = take_tag(rest, 0xBF36);
    if (!rest.empty()) throw tlv::Malformed(fmt::format("{} octets after its end", rest.size()));
    parts_ = outer.value;
    channel(outer.header);
    header_with_first(need("firstSequenceOf87", 0xA0), "firstSequenceOf87");
    metadata(need("sequenceOf88", 0xA1));
    if (next_is(0xA2)) header_with_first(need("secondSequenceOf87", 0xA2), "secondSequenceOf87");
    header_alone(need("sequenceOf86", 0xA3), "sequenceOf86", 0x86);
    if (!parts_.empty()) {
      throw tlv::Malformed(fmt::format("{} octets after its last part", parts_.size()));
    }
    return std::move(result_);
  }

 private:
  static Part take_tag(base::ByteView& rest, tlv::Tag tag) {
    if (rest.empty()) throw tlv::Malformed("missing");
    const auto part = take(rest);
    if (part.tag != tag) {
      throw tlv::Malformed("tag " + tlv::to_string(part.tag) + ", not " + tlv::to_string(tag));
    }
    return part;
  }

  Part need(std::string_view name, tlv::Tag tag) {
    try {
      return take_tag(parts_, tag);
    } catch (const tlv::Malformed& fault) {
      throw fault.within(name);
    }
  }

  [[nodiscard]] bool next_is(tlv::Tag tag) const {
    return !parts_.empty() && tlv::read_header(parts_).tag == tag;
  }

  void add(base::ByteView segment) {
    if (segment.size() > largest_segment) {
      throw tlv::Malformed(
          fmt::format("{} octets at once, more than {}", segment.size(), largest_segment));
    }
    result_.segments.push_back(segment);
  }

  /// BF23, which comes with the header of the package.
  void channel(base::ByteView package_header) {
    constexpr std::string_view name = "initialiseSecureChannelRequest";
    const auto part = need(name, 0xBF23);
    try {
      add(joined(package_header, whole(part)));
      std::optional<TransactionId> id;
      tlv::Reader reader(part.value);
      while (const auto field = reader.next()) {
        if (field->tag != 0x80) continue;
        if (id) throw tlv::Malformed("given twice", "transactionId");
        id.emplace(field->value.begin(), field->value.end());
      }
      if (!id) throw tlv::Malformed("missing", "transactionId");
      if (id->empty() || id->size() > longest_transaction_id) {
        throw tlv::Malformed(fmt::format("{} octets, not 1 to 16", id->size()), "transactionId");
      }
      result_.transaction_id = *std::move(id);
    } catch (const tlv::Malformed& fault) {
      throw fault.within(name);
    }
  }

  /// The blocks in a sequence, of which there is at least one.
  static std::vector<Part> blocks(const Part& sequence, std::string_view name, tlv::Tag tag) {
    std::vector<Part> found;
    for (auto rest = sequence.value; !rest.empty() || found.empty();) {
      try {
        const auto block = take_tag(rest, tag);
        if (block.value.size() < mac_size) throw tlv::Malformed("shorter than its MAC");
        found.push_back(block);
      } catch (const tlv::Malformed& fault) {
        throw fault.within(fmt::format("{}[{}]", name, found.size()));
      }
    }
    return found;
  }

  void add_blocks(const std::vector<Part>& found, std::string_view name, std::size_t first) {
    for (auto number = first; number < found.size(); ++number) {
      try {
        add(whole(found[number]));
      } catch (const tlv::Malformed& fault) {
        throw fault.within(fmt::format("{}[{}]", name, number));
      }
    }
  }

  void header_with_first(const Part& sequence, std::string_view name) {
    const auto found = blocks(sequence, name, 0x87);
    try {
      add(joined(sequence.header, whole(found.front())));
    } catch (const tlv::Malformed& fault) {
      throw fault.within(fmt::format("{}[0]", name));
    }
    add_blocks(found, name, 1);
  }

  std::vector<Part> header_alone(const Part& sequence, std::string_view name, tlv::Tag tag) {
    auto found = blocks(sequence, name, tag);
    add(sequence.header);
    add_blocks(found, name, 0);
    return found;
  }

  void metadata(const Part& sequence) {
    constexpr std::string_view name = "sequenceOf88";
    for (const auto& block : header_alone(sequence, name, 0x88)) {
      const auto plain = block.value.first(block.value.size() - mac_size);
      result_.metadata.insert(result_.metadata.end(), plain.begin(), plain.end());
    }
    try {
      if (tlv::single(result_.metadata).tag != 0xBF25) throw tlv::Malformed("no StoreMetadata");
    } catch (const tlv::Malformed& fault) {
      throw fault.within(name);
    }
  }

  base::ByteView package_;
  base::ByteView parts_;  ///< that are still to come
  BoundPackage result_;
};

}  // namespace

BoundPackage cut_package(base::ByteView package) {
  try {
    return Cutter(package).cut();
  } catch (const tlv::Malformed& fault) {
    throw base::Error(base::ErrorKind::refused, "package.malformed",
                      fmt::format("the server's package cannot be read: {}",
                                  fault.within("BoundProfilePackage").what()));
  }
}

}  // namespace lpa
