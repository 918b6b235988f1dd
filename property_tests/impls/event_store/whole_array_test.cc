// SPDX-License-Identifier: Apache-2.0
// Goal: the design that is published costs here what it costs: every append copies all that is there, to the byte, and
// no read copies anything. Method: count the payload that is copied.
#include <vector>

#include "harness/ledger/witness/counters.h"
#include "impls/event_store/whole_array/design.h"
#include "property_tests/impls/event_store/filled.h"

namespace copycost::event_store {
namespace {
using namespace testing;
using store = whole_array_design::store;

std::uint64_t copied() { return t_own_counts.copied_bytes; }

const std::byte* place_of_first(const auto& snapshot) {
  const std::byte* at = nullptr;
  must(snapshot.read(kStart, 1)).for_each([&](const event_view& e) { at = e.record().data(); });
  return at;
}

TEST_CASE("the n-th append copies n payloads") {
  const auto s = must(store::open(small()));
  for (std::uint64_t n = 0; n < 100; ++n) {
    const std::uint64_t before = copied();
    CHECK(fill(*s, n, 1) == 1);
    CHECK(copied() - before == (n + 1) * kPayload);
  }
}

TEST_CASE("a batch copies what is there once, however large it is, and what is written in place is not copied") {
  const auto s = must(store::open(small()));
  CHECK(fill(*s, 0, 10) == 10);
  std::vector<std::byte> payload(kPayload);
  draft d;
  d.what = kind::created;
  d.entity = "e";
  d.payload = payload;
  const std::vector<draft> batch(1000, d);
  std::uint64_t before = copied();
  REQUIRE(s->append(batch).ok());
  CHECK(copied() - before == (10 + 1000) * kPayload);
  before = copied();
  REQUIRE(s->append_in_place(d, kPayload, [](std::span<std::byte> to) { std::memset(to.data(), 1, to.size()); }).ok());
  CHECK(copied() - before == (10 + 1000) * kPayload);
}

TEST_CASE("truncation copies what stays") {
  const auto s = must(store::open(small()));
  auto reader = must(s->reader());
  CHECK(fill(*s, 0, 100) == 100);
  std::uint64_t before = copied();
  REQUIRE(s->truncate_before(30).ok());
  CHECK(copied() - before == 70 * kPayload);
  CHECK(shows(reader, 30, 100));
  before = copied();
  REQUIRE(s->truncate_before(100).ok());
  CHECK(copied() == before);
  CHECK(fill(*s, 100, 1) == 1);
  CHECK(shows(reader, 100, 101));
}

TEST_CASE("reads copy nothing: all of them show one array, until an append makes another") {
  const auto s = must(store::open(small()));
  auto reader = must(s->reader()), other = must(s->reader());
  CHECK(fill(*s, 0, 50) == 50);
  const std::uint64_t before = copied();
  auto first = reader.snapshot(), second = other.snapshot();
  CHECK(place_of_first(first) == place_of_first(second));
  CHECK(shows(first, 0, 50));
  CHECK(must(first.read(30)).size() == 19);
  CHECK(copied() == before);
  CHECK(fill(*s, 50, 1) == 1);
  auto third = reader.snapshot();
  CHECK(place_of_first(third) != place_of_first(first));
  CHECK(shows(first, 0, 50));
  CHECK(shows(third, 0, 51));
}

TEST_CASE("an array is as large as what it shows") {
  const auto s = must(store::open(small()));
  CHECK(fill(*s, 0, 2000) == 2000);
  const store_stats full = s->stats();
  CHECK(full.held_bytes < full.bytes * 13 / 10);
  REQUIRE(s->truncate_before(1900).ok());
  CHECK(s->stats().held_bytes < full.held_bytes / 4);
}

TEST_CASE("files are not offered by an array in memory") {
  store_options o = small();
  o.dir = "/tmp";
  const auto opened = store::open(o);
  REQUIRE_FALSE(opened.ok());
  CHECK((opened.error() == error{.code = errc::bad_options, .got = 9}));
}

}  // namespace
}  // namespace copycost::event_store
