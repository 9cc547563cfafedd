#include "app/card_memory.hpp"

#include <algorithm>
#include <sstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/read_file.hpp"
#include "base/write_file.hpp"

namespace app {
namespace {

constexpr std::string_view first_line = "esimctl-cards 1";
constexpr std::size_t largest_file = 256UL * 1024;
constexpr std::size_t eid_prefix = 8;
constexpr std::size_t most_kinds = 256;

/// "ATR EID-PREFIX ISDR BLOCK LE FORM", parted by blanks; `-` for no ISD-R of its own.
std::string line(const std::string& kind, const lpa::Habits& habits) {
  return fmt::format("{} {} {} {} {}\n", kind, habits.isdr ? habits.isdr->hex() : "-",
                     habits.block_size, habits.le ? "le" : "no-le", habits.switch_form);
}

}  // namespace

std::string CardMemory::kind(base::ByteView atr, const lpa::Eid& eid) {
  return base::to_hex(atr) + " " + eid.digits().substr(0, eid_prefix);
}

std::optional<CardMemory::Entry> CardMemory::entry(const std::string& text) {
  std::istringstream words(text);
  std::string atr;
  std::string prefix;
  std::string isdr;
  std::string le;
  Entry read;
  words >> atr >> prefix >> isdr >> read.habits.block_size >> le >> read.habits.switch_form;
  const auto block = read.habits.block_size;
  if (!words || block == 0 || block > lpa::longest_block) return std::nullopt;
  read.kind = atr + " " + prefix;
  read.habits.le = le == "le";
  if (isdr == "-") return read;
  read.habits.isdr = lpa::Aid::from_hex(isdr);
  return read.habits.isdr ? std::optional(std::move(read)) : std::nullopt;
}

std::vector<CardMemory::Entry> CardMemory::read() const {
  std::vector<Entry> entries;
  if (directory_.empty()) return entries;
  std::istringstream lines(base::read_file(file(), largest_file).value_or(""));
  std::string text;
  if (!std::getline(lines, text) || text != first_line) return entries;
  while (std::getline(lines, text)) {
    if (auto found = entry(text)) entries.push_back(*std::move(found));
  }
  return entries;
}

std::vector<lpa::Habits> CardMemory::habits(base::ByteView atr) const {
  std::vector<lpa::Habits> found;
  for (const auto& each : entries_) {
    if (each.kind.starts_with(base::to_hex(atr) + " ")) found.push_back(each.habits);
  }
  return found;
}

std::optional<lpa::Habits> CardMemory::habits(base::ByteView atr, const lpa::Eid& eid) const {
  const auto found = std::ranges::find(entries_, kind(atr, eid), &Entry::kind);
  return found == entries_.end() ? std::nullopt : std::optional(found->habits);
}

void CardMemory::keep(base::ByteView atr, const lpa::Eid& eid, const lpa::Habits& habits) const {
  if (directory_.empty()) return;
  auto entries = read();
  const auto same = std::ranges::find(entries, kind(atr, eid), &Entry::kind);
  if (same == entries.end() ? habits == lpa::Habits() : same->habits == habits) return;
  if (same != entries.end()) entries.erase(same);
  entries.insert(entries.begin(), {kind(atr, eid), habits});
  entries.resize(std::min(entries.size(), most_kinds));
  auto text = std::string(first_line) + "\n";
  for (const auto& each : entries) text += line(each.kind, each.habits);
  std::filesystem::create_directories(directory_);
  std::filesystem::permissions(directory_, std::filesystem::perms::owner_all);
  base::replace_file(file(), text);
}

std::size_t CardMemory::forget() const {
  const auto count = entries_.size();
  if (count > 0) std::filesystem::remove(file());
  return count;
}

}  // namespace app
