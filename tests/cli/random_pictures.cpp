#include <cstdlib>
#include <iostream>

#include "cli/plot/plot.hpp"
#include "tests/cli/plot_lines.hpp"

/// random_pictures SEED COUNT: so many documents of lines that nobody has, SVG and HTML in turn,
/// each with a NUL behind it.
int main(int count, char** words) {
  if (count != 3) return 2;
  const std::span all(words, static_cast<std::size_t>(count));
  std::mt19937 numbers(static_cast<std::mt19937::result_type>(std::atoi(all[1])));
  for (int left = std::atoi(all[2]); left > 0; --left) {
    std::vector<cli::plot::Line> lines;
    for (auto some = numbers() % 4; some > 0; --some) lines.push_back(cli_test::any_line(numbers));
    std::cout << (left % 2 == 0 ? cli::plot::plot_svg(lines) : cli::plot::plot_html(lines)) << '\0';
  }
}
