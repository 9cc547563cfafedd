#include "cli/terminal.hpp"

#include <doctest/doctest.h>

TEST_CASE("the name of a locale tells whether its characters are UTF-8") {
  for (const char* name : {"en_US.UTF-8", "C.utf8", "de_CH.UTF-8@euro", "C.UTF-8"}) {
    CAPTURE(name);
    CHECK(cli::speaks_utf8(name));
  }
  for (const char* name :
       {"", "C", "POSIX", "de_CH", "de_CH.ISO-8859-1", "ja_JP.eucJP", "x.UTF-16"}) {
    CAPTURE(name);
    CHECK_FALSE(cli::speaks_utf8(name));
  }
}
