#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/cli/harness.hpp"

/// What commands print, word for word. `ESIMCTL_ACCEPT=1` writes the files anew; read the
/// difference before it is committed: JSON, exit codes and the columns of plain text are promises
/// (docs/json.md).
namespace {

using cli_test::Result;
using cli_test::Setting;

std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(ESIMCTL_TEST_TOP) / "tests/cli/golden" / name;
}

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void compare(const std::string& name, const std::string& text) {
  const auto file = golden(name);
  if (std::getenv("ESIMCTL_ACCEPT") != nullptr) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  CHECK(read(file) == text);
}

std::string transcript(const std::string& line, const Setting& setting) {
  const auto result = cli_test::run(line, setting);
  return "$ esimctl " + line + "\n" + result.out + "--- stderr\n" + result.err + "--- exit " +
         std::to_string(result.code) + "\n";
}

struct Case {
  std::string name;
  std::string line;
};

const std::vector<Case>& text_cases() {
  static const std::vector<Case> cases{
      {"cards", "--card sim cards"},
      {"info", "--card sim info"},
      {"list", "--card sim list"},
      {"list-columns", "--card sim list --columns state,iccid,owner"},
      {"show", "--card sim show travel"},
      {"show-rules", "--card sim show 9017"},
      {"enable", "--card sim enable travel"},
      {"enable-enabled", "--card sim enable home"},
      {"disable", "--card sim disable home"},
      {"disable-disabled", "--card sim disable travel"},
      {"disable-quiet", "--card sim disable home -q"},
      {"explain-status", "explain 6A82"},
      {"explain-number", "explain 5"},
      {"explain-pcsc", "explain 0x8010006a"},
      {"explain-result", "explain enable 3"},
      {"help", "--help"},
      {"help-list", "list --help"},
      {"version", "--version"},
      {"not-found", "--card sim enable nobody"},
      {"unknown-command", "lsit"},
      {"unknown-option", "list --jsno"},
      {"unknown-column", "--card sim list --columns iccid,color"},
      {"verbose", "--card sim list -v"},
  };
  return cases;
}

}  // namespace

TEST_CASE("text for programs: tabs, no header, nothing left out") {
  for (const auto& each : text_cases()) {
    CAPTURE(each.name);
    compare("plain/" + each.name + ".txt", transcript(each.line, {}));
  }
}

TEST_CASE("text for a terminal: aligned, with a header, coloured") {
  for (const auto& each : text_cases()) {
    CAPTURE(each.name);
    compare("terminal/" + each.name + ".txt",
            transcript(each.line, {.readers = {}, .tty = true, .colour = true}));
  }
}

TEST_CASE("text for a narrow terminal: elided by cells, then fewer columns") {
  for (const std::size_t width : {60U, 40U, 20U}) {
    CAPTURE(width);
    const auto name = "terminal/list-" + std::to_string(width) + ".txt";
    compare(name, transcript("--card sim list", {.readers = {}, .tty = true, .width = width}));
  }
}

TEST_CASE("JSON: one document for each command, in the shape of its schema") {
  // The word before the first dot is the schema that the file is checked against
  // (tests/cli/schemas).
  const std::vector<Case> cases{
      {"cards", "--card sim cards"},
      {"cards.none", "cards"},
      {"info", "--card sim info"},
      {"list", "--card sim list"},
      {"show", "--card sim show travel"},
      {"show.rules", "--card sim show 9017"},
      {"switch.enable", "--card sim enable travel"},
      {"switch.enabled-already", "--card sim enable home"},
      {"switch.disable", "--card sim disable home"},
      {"explain", "explain 5"},
      {"explain.pcsc", "explain SCARD_E_NO_SERVICE"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.name);
    const auto result = cli_test::run(each.line + " --json=pretty");
    CHECK(result.code == 0);
    CHECK(result.err.empty());
    compare("json/" + each.name + ".json", result.out);
  }
}

TEST_CASE("errors in JSON are one line on standard error, and nothing on standard output") {
  const std::vector<Case> cases{
      {"error.not-found", "--card sim show nobody"},
      {"error.no-reader", "list"},
      {"error.unknown-command", "lsit"},
      {"error.unknown-code", "explain 1234567"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.name);
    const auto result = cli_test::run(each.line + " --json");
    CHECK(result.code != 0);
    CHECK(result.out.empty());
    CHECK(result.err.find('\n') == result.err.size() - 1);
    compare("json/" + each.name + ".json", result.err);
  }
}
