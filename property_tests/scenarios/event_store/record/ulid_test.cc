// SPDX-License-Identifier: Apache-2.0
// The examples are those of https://github.com/ulid/spec.
#include "scenarios/event_store/record/ulid.h"

#include <algorithm>
#include <string>
#include <vector>

#include "property_tests/catch.h"
#include "scenarios/event_store/oracle/oracle.h"

namespace copycost::event_store {
namespace {
const std::string kExample = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

TEST_CASE("a ULID is 26 characters, and those are the ULID") {
  const ulid id = ulid_of(kExample).value();
  CHECK(id == ulid{0x01563E3AB5D3D676, 0x4C61EFB99302BD5B});
  CHECK(id.milliseconds() == 1469922850259);
  CHECK(to_string(id) == kExample);
  CHECK(to_string(ulid{}) == std::string(26, '0'));
  CHECK(to_string(ulid{~0ull, ~0ull}) == "7" + std::string(25, 'Z'));
  rng random(1);
  for (int i = 0; i < 1000; ++i) {
    const ulid any{random.next(), random.next()};
    CHECK(ulid_of(to_string(any)) == any);
  }
}

TEST_CASE("the milliseconds are the first ten characters") {
  CHECK(ulid_of("01ARYZ6S41" + std::string(16, '0')).value().milliseconds() == 1469918176385);
  CHECK(ulid_of("7ZZZZZZZZZ" + std::string(16, '0')).value().milliseconds() == (1ull << 48) - 1);
}

TEST_CASE("lower case is accepted, and nothing else that is no ULID") {
  std::string lower = kExample;
  std::ranges::transform(lower, lower.begin(), [](char c) { return static_cast<char>(c >= 'A' ? c + 32 : c); });
  CHECK(ulid_of(lower) == ulid_of(kExample));
  for (const std::string& wrong : {std::string(), kExample.substr(1), kExample + "0", "8" + std::string(25, 'Z'),
                                   "8" + std::string(25, '0'), std::string(26, '0').replace(25, 1, 1, '\0')})
    CHECK_FALSE(ulid_of(wrong));
  for (const char c : std::string("ILOUilou-_ *\xC3")) {
    std::string wrong = kExample;
    wrong[12] = c;
    INFO(wrong);
    CHECK_FALSE(ulid_of(wrong));
  }
}

TEST_CASE("text and value are ordered alike") {
  rng random(7);
  std::vector<ulid> ids;
  for (int i = 0; i < 500; ++i) ids.push_back({random.below(1 << 20) << 44, random.next() >> random.below(64)});
  std::ranges::sort(ids);
  CHECK(std::ranges::is_sorted(ids, {}, [](const ulid& id) { return to_string(id); }));
}

TEST_CASE("within a millisecond the chance part counts up") {
  ulid_generator ids(1);
  ids.continue_after(ulid_of("01BX5ZZKBKACTAV9WEVGEMMVRY").value());
  CHECK(to_string(ids.next(0)) == "01BX5ZZKBKACTAV9WEVGEMMVRZ");
  CHECK(to_string(ids.next(1)) == "01BX5ZZKBKACTAV9WEVGEMMVS0");
  CHECK(to_string(ids.next(0)) == "01BX5ZZKBKACTAV9WEVGEMMVS1");
}

TEST_CASE("a chance part that is used up goes over into the next millisecond") {
  ulid_generator ids(1);
  ids.continue_after(ulid_of("01BX5ZZKBKZZZZZZZZZZZZZZZY").value());
  CHECK(to_string(ids.next(0)) == "01BX5ZZKBKZZZZZZZZZZZZZZZZ");
  CHECK(to_string(ids.next(0)) == "01BX5ZZKBM0000000000000000");
  ids.continue_after({ids.next(0).high, ~0ull});
  const ulid over = ids.next(0);
  CHECK(over.low == 0);
  CHECK(over.high == ulid_of("01BX5ZZKBM0000000000000000").value().high + 1);
}

TEST_CASE("ids begin with their millisecond, and the same seed gives the same ones") {
  ulid_generator a(5), b(5), c(6);
  const ulid first = a.next(1000);
  CHECK(first.milliseconds() == 1000);
  CHECK(b.next(1000) == first);
  CHECK(c.next(1000) != first);
  const ulid later = a.next(1001);
  CHECK(later.milliseconds() == 1001);
  CHECK(later != ulid{first.high + (1 << 16), first.low});
}

TEST_CASE("a smaller id to continue after changes nothing") {
  ulid_generator a(5);
  const ulid first = a.next(1000);
  a.continue_after({0, 1});
  CHECK(a.next(1000) > first);
}

TEST_CASE("the generator is the oracle's, whatever the clock does") {
  rng random(3);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    ulid_generator design(seed);
    model_ids model(seed);
    ulid last{};
    for (std::uint64_t i = 0, ms = 1000; i < 500; ++i) {
      ms += random.below(5);
      ms -= std::min(ms, random.below(6));
      const ulid id = design.next(ms);
      REQUIRE(id == model.next(ms));
      REQUIRE((i == 0 || id > last));
      last = id;
    }
  }
}

}  // namespace
}  // namespace copycost::event_store
