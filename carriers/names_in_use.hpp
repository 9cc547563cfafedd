#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "carriers/node.hpp"
#include "carriers/text_template.hpp"

namespace carriers {

/// What a value is to those who use it.
struct NameUse {
  bool secret = false;
  bool may_be_missing = false;
};

/// The values that a file has set so far, so that none is used that nothing sets, and no secret
/// gets into an address.
class NamesInUse {
 public:
  /// A name that was secret once stays so.
  void add(const std::string& name, NameUse use);

  /// Refuses a name at that place that is not there.
  void check(const Node& place, const std::string& name) const;
  /// Refuses a template that uses one, or does without `?` where it may be missing.
  void check(const Node& place, const Template& text) const;
  /// The same for one that becomes a part of an address.
  void check_address(const Node& place, const Template& text) const;

 private:
  std::map<std::string, NameUse, std::less<>> known_;
};

}  // namespace carriers
