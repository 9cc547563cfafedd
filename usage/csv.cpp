#include "usage/csv.hpp"

#include "base/error.hpp"

namespace usage {
namespace {

constexpr std::size_t most_fields = 64;
constexpr std::size_t longest_field = 4096;

/// Goes through the text once.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  CsvRecord next() {
    CsvRecord made{.line = line_, .fields = {}};
    do {
      if (made.fields.size() == most_fields) wrong(made, "there are too many fields");
      made.fields.emplace_back();
      read_field(made);
    } while (take(','));
    take('\r');
    if (!rest_.empty() && !take('\n')) wrong(made, "more stands behind the closing quote");
    ++line_;
    return made;
  }

 private:
  bool take(char wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void read_field(CsvRecord& made) {
    if (take('"')) return read_quoted(made);
    while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '\n' &&
           !rest_.starts_with("\r\n")) {
      if (rest_.front() == '"') wrong(made, "a quote stands within a field");
      add(made);
    }
  }

  void read_quoted(CsvRecord& made) {
    for (;;) {
      if (rest_.empty()) wrong(made, "a quote never ends");
      if (take('"') && !rest_.starts_with('"')) return;
      if (rest_.front() == '\n') ++line_;
      add(made);
    }
  }

  void add(CsvRecord& made) {
    auto& field = made.fields.back();
    if (field.size() == longest_field) wrong(made, "the field is too long");
    field += rest_.front();
    rest_.remove_prefix(1);
  }

  [[noreturn]] static void wrong(const CsvRecord& record, std::string_view what) {
    throw base::Error(base::ErrorKind::usage, "usage.csv",
                      "line " + std::to_string(record.line) + ", column " +
                          std::to_string(record.fields.size()) + ": " + std::string(what))
        .hint("comma-separated values are needed, as RFC 4180 has them");
  }

  std::string_view rest_;
  std::size_t line_ = 1;
};

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

void read_csv(std::string_view text, const std::function<void(const CsvRecord&)>& record) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  CsvReader reader(text);
  while (!reader.at_end()) {
    const auto made = reader.next();
    if (made.fields.size() > 1 || !made.fields.front().empty()) record(made);
  }
}

}  // namespace usage
