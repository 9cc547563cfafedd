#include "app/card_memory.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "base/read_file.hpp"
#include "base/write_file.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

const auto atr = test::hex("3B9F96803F");

lpa::Eid eid(std::string_view hex) {
  lpa::Eid made;
  const auto octets = test::hex(hex);
  std::ranges::copy(octets, made.octets.begin());
  return made;
}

const auto one = eid("89049032000000000000000000000001");
const auto sibling = eid("89049032999999999999999999999999");
const auto other_maker = eid("89086030000000000000000000000001");

lpa::Habits short_blocks() {
  lpa::Habits habits;
  habits.block_size = 120;
  return habits;
}

}  // namespace

TEST_CASE("what works with one card is known for all of its kind, and for no other") {
  const test::TemporaryDirectory directory;
  const auto memory = [&] { return app::CardMemory(directory.path() / "state"); };
  memory().keep(atr, one, short_blocks());
  CHECK(memory().habits(atr, sibling) == short_blocks());
  CHECK_FALSE(memory().habits(atr, other_maker));
  CHECK_FALSE(memory().habits(test::hex("3B9F"), one));
  CHECK(memory().habits(atr).size() == 1);
  CHECK(memory().habits(test::hex("3B9F")).empty());
}

TEST_CASE("every habit is kept") {
  const test::TemporaryDirectory directory;
  const auto memory = [&] { return app::CardMemory(directory.path()); };
  const lpa::Habits all{lpa::Aid::from_hex("A0000005591010FFFFFFFF8900050500"), 63, false, 3};
  memory().keep(atr, one, all);
  CHECK(memory().habits(atr, one) == all);
  memory().keep(atr, one, short_blocks());
  CHECK(memory().habits(atr, one) == short_blocks());
}

TEST_CASE("nothing is written for a card with the usual habits, or without a directory") {
  const test::TemporaryDirectory directory;
  const auto place = directory.path() / "state";
  app::CardMemory(place).keep(atr, one, {});
  CHECK_FALSE(std::filesystem::exists(place));
  app::CardMemory({}).keep(atr, one, short_blocks());
  CHECK(app::CardMemory({}).habits(atr).empty());
  CHECK(app::CardMemory({}).forget() == 0);
}

TEST_CASE("what is forgotten is gone") {
  const test::TemporaryDirectory directory;
  const auto memory = [&] { return app::CardMemory(directory.path()); };
  memory().keep(atr, one, short_blocks());
  memory().keep(atr, other_maker, short_blocks());
  CHECK(memory().forget() == 2);
  CHECK(memory().habits(atr).empty());
  CHECK(memory().forget() == 0);
}

TEST_CASE("a damaged memory is passed over, line by line, and written anew") {
  const test::TemporaryDirectory directory;
  const auto memory = [&] { return app::CardMemory(directory.path()); };
  const auto file = directory.path() / "cards";
  for (const std::string text :
       {"", "esimctl-cards 2\n", "\xFF\xFE", "esimctl-cards 1\n3B9F96803F 89049032 - 0 le 0\n",
        "esimctl-cards 1\n3B9F96803F 89049032 - 256 le 0\n",
        "esimctl-cards 1\n3B9F96803F 89049032\n",
        "esimctl-cards 1\n3B9F96803F 89049032 XYZ 120 le 0\n"}) {
    CAPTURE(text);
    base::replace_file(file, text);
    CHECK(memory().habits(atr).empty());
    memory().keep(atr, one, short_blocks());
    CHECK(memory().habits(atr, one) == short_blocks());
  }
}
