#pragma once

#include <optional>
#include <string>

namespace carriers {

/// Hears what a provider is asked, and what is taken from its answers: for who tries a file out.
class Watcher {
 public:
  virtual ~Watcher() = default;

  /// `address` is host, path and query. Of one that the provider made up, the values in its query
  /// are left out: they may be anything.
  virtual void answered(const std::string& method, const std::string& address, int status) = 0;

  /// Of the answer that was heard last; `text` is empty for what may be secret. What a line is
  /// known by is called "line.NAME", and is of the list of lines, whenever it comes.
  virtual void took(const std::string& name, const std::optional<std::string>& text) = 0;
};

}  // namespace carriers
