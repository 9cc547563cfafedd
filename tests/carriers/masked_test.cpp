#include "carriers/masked.hpp"

#include <doctest/doctest.h>

TEST_CASE("where a code was sent is masked, unless the provider has done so") {
  CHECK(carriers::masked("+15550100123") == "+1•••••0123");
  CHECK(carriers::masked("555 010-0123") == "•••••0123");
  CHECK(carriers::masked("55501") == "•••••01");
  CHECK(carriers::masked("jane.doe@example.com") == "j•••@example.com");
  CHECK(carriers::masked("émile@example.com") == "é•••@example.com");
  CHECK(carriers::masked("sent to jane@example.com") == "sent to j•••@example.com");
  CHECK(carriers::masked("@example.com") == "•••@example.com");
  CHECK(carriers::masked("a***@example.com") == "a***@example.com");
  CHECK(carriers::masked("(***) ***-0123") == "(***) ***-0123");
  CHECK(carriers::masked("your authenticator") == "your authenticator");
  CHECK(carriers::masked("").empty());
}
