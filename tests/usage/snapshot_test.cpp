#include "usage/snapshot.hpp"

#include <chrono>
#include <optional>

#include <doctest/doctest.h>

using usage::completed;
using usage::DataSize;
using usage::Limit;
using usage::share_used;
using usage::Snapshot;
using usage::Unlimited;

namespace {

DataSize size(std::int64_t bytes) { return DataSize::of_bytes(bytes); }

Snapshot said(const Limit& limit, std::optional<DataSize> used, std::optional<DataSize> remaining) {
  Snapshot snapshot;
  snapshot.limit = limit;
  snapshot.used = used;
  snapshot.remaining = remaining;
  return snapshot;
}

}  // namespace

TEST_CASE("nothing is known of a snapshot before something was said") {
  const Snapshot snapshot;
  CHECK(snapshot.limit == Limit(usage::Unknown()));
  CHECK(snapshot.limit_behaviour == usage::LimitBehaviour::unknown);
  CHECK(completed(snapshot) == snapshot);
  CHECK(share_used(snapshot) == std::nullopt);
}

TEST_CASE("what remains follows from the limit and what is used, and is never less than nothing") {
  CHECK(completed(said(size(100), size(30), {})).remaining == size(70));
  CHECK(completed(said(size(100), size(100), {})).remaining == size(0));
  CHECK(completed(said(size(100), size(130), {})).remaining == size(0));
}

TEST_CASE("what is used follows from the limit and what remains") {
  CHECK(completed(said(size(100), {}, size(30))).used == size(70));
  CHECK(completed(said(size(100), {}, size(0))).used == size(100));
}

TEST_CASE("when more remains than the limit, what is used stays unknown") {
  const auto topped_up = said(size(100), {}, size(130));
  CHECK(completed(topped_up) == topped_up);
  CHECK(share_used(topped_up) == std::nullopt);
}

TEST_CASE("without a limit in bytes nothing follows") {
  for (const auto& limit : {Limit(usage::Unknown()), Limit(Unlimited())}) {
    CHECK(completed(said(limit, size(30), {})) == said(limit, size(30), {}));
    CHECK(completed(said(limit, {}, size(30))) == said(limit, {}, size(30)));
    CHECK(share_used(said(limit, size(30), {})) == std::nullopt);
  }
  CHECK(completed(said(size(100), {}, {})) == said(size(100), {}, {}));
}

TEST_CASE("what the provider said is not corrected") {
  const auto odd = said(size(100), size(30), size(50));
  CHECK(completed(odd) == odd);
}

TEST_CASE("the share used is of the limit, may be more than all of it, and follows from the rest") {
  CHECK(share_used(said(size(200), size(50), {})) == 0.25);
  CHECK(share_used(said(size(200), size(300), {})) == 1.5);
  CHECK(share_used(said(size(200), {}, size(50))) == 0.75);
  CHECK(share_used(said(size(200), size(0), {})) == 0.0);
  CHECK(share_used(said(size(0), size(0), {})) == 1.0);
  CHECK(share_used(said(size(200), {}, {})) == std::nullopt);
}

TEST_CASE("pace is the share of the limit that the cycle has gone through") {
  const base::UtcTime start(std::chrono::days(20000));
  Snapshot snapshot = said(size(1000), {}, {});
  CHECK_FALSE(usage::pace(snapshot, start));
  snapshot.cycle = usage::Cycle{.start = start, .end = start + std::chrono::days(10)};
  CHECK(usage::pace(snapshot, start) == size(0));
  CHECK(usage::pace(snapshot, start + std::chrono::days(3)) == size(300));
  CHECK(usage::pace(snapshot, start + std::chrono::days(11)) == size(1000));
  CHECK(usage::pace(snapshot, start - std::chrono::days(1)) == size(0));
  snapshot.limit = Unlimited{};
  CHECK_FALSE(usage::pace(snapshot, start));
}
