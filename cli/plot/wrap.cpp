#include "cli/plot/wrap.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cli::plot {
namespace {

/// The most of a word that fits: two cells of it at least, so that there is an end.
std::string head_of(std::string_view word, const std::function<bool(std::string_view)>& fit) {
  constexpr std::string_view mark = "…";
  std::string head;
  for (auto cells = base::cells(word); cells > 2; --cells) {
    head = base::elide(word, cells - 1);
    if (head.ends_with(mark)) head.resize(head.size() - mark.size());
    if (fit(head)) break;
  }
  return head;
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text,
                                 const std::function<bool(std::string_view)>& fit) {
  std::vector<std::string> lines{""};
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    std::string word(text.substr(at, end - at));
    at = end + 1;
    if (word.empty()) continue;
    auto joined = lines.back() + (lines.back().empty() ? "" : " ") + word;
    if (fit(joined)) {
      lines.back() = std::move(joined);
      continue;
    }
    if (!lines.back().empty()) lines.emplace_back();
    while (!fit(word)) {
      const auto head = head_of(word, fit);
      if (head.empty() || head.size() == word.size()) break;
      lines.back() = head;
      lines.emplace_back();
      word.erase(0, head.size());
    }
    lines.back() = word;
  }
  return lines;
}

}  // namespace cli::plot
