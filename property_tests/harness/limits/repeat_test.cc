// SPDX-License-Identifier: Apache-2.0
// The rule that turns a budget into batches, on operations whose durations are made up.
#include <vector>

#include "harness/limits/probe.h"
#include "property_tests/catch.h"

using namespace copycost::limits;
using namespace copycost::limits::detail;
using std::chrono::milliseconds;

TEST_CASE("the median per operation is what every batch says") {
  const sample s = repeat({milliseconds(1), 70}, [](std::uint64_t ops) { return 7.0 * static_cast<double>(ops); });
  CHECK(s.ns == 7.0);
  CHECK(s.bytes_per_second == 1e10);  // 70 bytes in 7 ns
}

TEST_CASE("an operation that moves no bytes has no bandwidth") {
  CHECK(repeat({milliseconds(1)}, [](std::uint64_t ops) { return 2.0 * static_cast<double>(ops); }).bytes_per_second ==
        0);
}

TEST_CASE("a batch that was interrupted during calibration does not end it") {
  int calls = 0;
  const sample s = repeat({milliseconds(1)}, [&](std::uint64_t ops) {
    // The first call is interrupted for 3 ms; each batch has a fixed cost that only large batches hide.
    return (++calls == 1 ? 3e6 : 50.0) + 7.0 * static_cast<double>(ops);
  });
  CHECK(s.ns > 7.0);
  CHECK(s.ns < 7.1);
}

TEST_CASE("an outlier among the batches does not move the result") {
  int calls = 0;
  const sample s = repeat({milliseconds(1)}, [&](std::uint64_t ops) {
    return (++calls % 5 == 0 ? 100.0 : 1.0) * static_cast<double>(ops);
  });
  CHECK(s.ns == 1.0);
}

TEST_CASE("an operation longer than the budget runs a few times only") {
  std::uint64_t total = 0;
  const sample s = repeat({std::chrono::nanoseconds(1)}, [&](std::uint64_t ops) {
    total += ops;
    const std::int64_t until = now_ns() + 1000;
    while (now_ns() < until) {
    }
    return 5e9 * static_cast<double>(ops);
  });
  CHECK(s.ns == 5e9);
  CHECK(total == 3);
}

TEST_CASE("no batch is smaller than the smallest that means anything") {
  std::vector<std::uint64_t> sizes;
  (void)repeat({milliseconds(1), 0, 4096}, [&](std::uint64_t ops) {
    sizes.push_back(ops);
    return 3.0 * static_cast<double>(ops);
  });
  for (const std::uint64_t ops : sizes) CHECK(ops >= 4096);
}

TEST_CASE("a clock that stands still ends the calibration and gives no bandwidth") {
  const sample s = repeat({milliseconds(1), 8}, [](std::uint64_t) { return 0.0; });
  CHECK(s.ns == 0);
  CHECK(s.bytes_per_second == 0);
}
