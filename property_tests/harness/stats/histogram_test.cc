// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/histogram.h"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include "harness/base/rng.h"
#include "property_tests/catch.h"

using copycost::latency_histogram;

namespace {
constexpr std::int64_t kMax = latency_histogram::kRangeMaxNs;

latency_histogram of(const std::vector<std::int64_t>& values) {
  latency_histogram made;
  for (const std::int64_t value : values) made.record(value);
  return made;
}

// Of every size alike: a random number of bits, then random bits.
std::int64_t some_value(copycost::rng& random) {
  return static_cast<std::int64_t>(random.next() >> (64 - random.between(1, latency_histogram::kRangeBits)));
}

std::vector<std::int64_t> some_values(std::size_t least = 0) {
  copycost::rng random(*rc::gen::arbitrary<std::uint64_t>());
  std::vector<std::int64_t> values(*rc::gen::inRange<std::size_t>(least, 2000));
  for (std::int64_t& value : values) value = some_value(random);
  return values;
}

// The definition: the smallest value that at least percent % of them do not exceed. Whole numbers: per 10,000.
std::int64_t nearest_rank(std::vector<std::int64_t> values, std::uint64_t per_ten_thousand) {
  std::sort(values.begin(), values.end());
  const std::uint64_t rank = (values.size() * per_ten_thousand + 9999) / 10000;
  return values[std::max<std::uint64_t>(rank, 1) - 1];
}
}  // namespace

TEST_CASE("an empty histogram", "[stats][histogram]") {
  const latency_histogram empty;
  CHECK(empty.count() == 0);
  CHECK(empty.percentile_ns(50) == 0);
  CHECK(empty.percentile_ns(100) == 0);
  CHECK(empty.max_ns() == 0);
  CHECK_FALSE(empty.resolves(50));
}

TEST_CASE("zero bytes are an empty histogram, and bytes can be copied", "[stats][histogram]") {
  const auto bytes = std::make_unique<std::byte[]>(sizeof(latency_histogram));
  const auto empty = std::make_unique<latency_histogram>();
  CHECK(std::memcmp(bytes.get(), empty.get(), sizeof(latency_histogram)) == 0);
  const latency_histogram source = of({0, 5, 1000, kMax});
  latency_histogram copy;
  std::memcpy(static_cast<void*>(&copy), &source, sizeof(source));
  CHECK(copy == source);
}

TEST_CASE("one value: every percentile is it", "[stats][histogram]") {
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{1}, std::int64_t{255}, std::int64_t{256},
                                   std::int64_t{257}, std::int64_t{60'000'000'000}, kMax - 1, kMax}) {
    const latency_histogram one = of({value});
    for (const double percent : {0.0, 50.0, 99.99, 100.0}) CHECK(one.percentile_ns(percent) == value);
    CHECK(one.min_ns() == value);
    CHECK(one.max_ns() == value);
    CHECK(one.overflow() == 0);
  }
}

TEST_CASE("below 256 ns every value is exact", "[stats][histogram]") {
  latency_histogram values;
  for (std::int64_t value = 1; value <= 200; ++value) values.record(value);
  for (int percent = 1; percent <= 100; ++percent) CHECK(values.percentile_ns(percent) == 2 * percent);
}

TEST_CASE("ranks do not suffer from decimal percentages", "[stats][histogram]") {
  // 99.9 / 100 * 1000 is above 999 in binary: a plain ceil would give the 1000th value.
  latency_histogram values;
  values.record(1, 999);
  values.record(200);
  CHECK(values.percentile_ns(99.9) == 1);
  CHECK(values.percentile_ns(99.95) == 200);
  CHECK(values.resolves(99.9));
  CHECK_FALSE(values.resolves(99.95));
}

TEST_CASE("values above the range saturate, are counted, and max stays exact", "[stats][histogram]") {
  latency_histogram values = of({10, kMax, kMax + 1, std::numeric_limits<std::int64_t>::max()});
  CHECK(values.count() == 4);
  CHECK(values.overflow() == 2);
  CHECK(values.percentile_ns(25) == 10);
  CHECK(values.percentile_ns(75) == kMax);
  CHECK(values.max_ns() == std::numeric_limits<std::int64_t>::max());
  CHECK(values.percentile_ns(100) == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("values below 0 count as 0 and are reported", "[stats][histogram]") {
  const latency_histogram values = of({-1, std::numeric_limits<std::int64_t>::min(), 7});
  CHECK(values.negative() == 2);
  CHECK(values.count() == 3);
  CHECK(values.min_ns() == 0);
  CHECK(values.percentile_ns(50) == 0);
}

TEST_CASE("the range is at least 60 s and its storage is fixed", "[stats][histogram]") {
  CHECK(kMax >= 60'000'000'000);
  CHECK(sizeof(latency_histogram) <= 32 * 1024);
}

TEST_CASE("every value is known within 1 % and never understated", "[stats][histogram]") {
  copycost::rng random(1);
  for (int i = 0; i < 20000; ++i) {
    // Around every power of two, where cells change width, and anywhere.
    const auto edge = std::int64_t{1} << random.below(latency_histogram::kRangeBits);
    const std::int64_t near = edge + static_cast<std::int64_t>(random.below(5)) - 2;
    const std::int64_t value = std::clamp<std::int64_t>(i % 2 == 0 ? near : some_value(random), 0, kMax);
    latency_histogram two;
    two.record(value);
    two.record(kMax);
    const std::int64_t read = two.percentile_ns(50);
    if (read < value || static_cast<double>(read - value) > 0.01 * static_cast<double>(value)) FAIL_CHECK(value);
  }
}

TEST_CASE("percentiles are those of the sorted data within 1 %", "[stats][histogram]") {
  CHECK(rc::check("percentiles", [] {
    const auto values = some_values(1);
    const latency_histogram made = of(values);
    for (const int per_ten_thousand : {0, 1, 1000, 5000, 9000, 9900, 9990, 9999, 10000}) {
      const std::int64_t exact = nearest_rank(values, static_cast<std::uint64_t>(per_ten_thousand));
      const std::int64_t read = made.percentile_ns(per_ten_thousand / 100.0);
      RC_ASSERT(read >= exact && static_cast<double>(read - exact) <= 0.01 * static_cast<double>(exact));
    }
    RC_ASSERT(made.max_ns() == *std::max_element(values.begin(), values.end()));
    RC_ASSERT(made.min_ns() == *std::min_element(values.begin(), values.end()));
    RC_ASSERT(made.percentile_ns(100) == made.max_ns());
  }));
}

TEST_CASE("merge is recording everything in one place, in any grouping and order", "[stats][histogram]") {
  CHECK(rc::check("merge", [] {
    auto a = some_values(), b = some_values(), c = some_values();
    if (*rc::gen::arbitrary<bool>()) a.clear();
    if (*rc::gen::arbitrary<bool>()) {
      b.push_back(kMax + 1);
      c.push_back(-1);
    }
    latency_histogram left = of(a), right_tail = of(b), right = of(a), reversed = of(c);
    left.merge(of(b));
    left.merge(of(c));
    right_tail.merge(of(c));
    right.merge(right_tail);
    reversed.merge(of(b));
    reversed.merge(of(a));
    a.insert(a.end(), b.begin(), b.end());
    a.insert(a.end(), c.begin(), c.end());
    RC_ASSERT(left == right);
    RC_ASSERT(left == reversed);
    RC_ASSERT(left == of(a));
  }));
}

TEST_CASE("merging with an empty histogram keeps the minimum", "[stats][histogram]") {
  const latency_histogram empty, values = of({500, 700});
  latency_histogram into_empty = empty, from_empty = values;
  into_empty.merge(values);
  from_empty.merge(empty);
  CHECK(into_empty == values);
  CHECK(from_empty == values);
  CHECK(into_empty.min_ns() == 500);
}

TEST_CASE("recording many times at once is recording one by one", "[stats][histogram]") {
  latency_histogram at_once, one_by_one;
  at_once.record(12345, 100);
  at_once.record(-3, 2);
  at_once.record(kMax + 5, 3);
  at_once.record(77, 0);
  for (int i = 0; i < 100; ++i) one_by_one.record(12345);
  for (int i = 0; i < 2; ++i) one_by_one.record(-3);
  for (int i = 0; i < 3; ++i) one_by_one.record(kMax + 5);
  CHECK(at_once == one_by_one);
}

TEST_CASE("the summary is its percentiles", "[stats][histogram]") {
  latency_histogram values;
  for (std::int64_t value = 1; value <= 100'000; ++value) values.record(value);
  const copycost::latency_summary read = values.summary();
  CHECK(read.count == 100'000);
  CHECK(read.min_ns == 1);
  // ((v >> shift) + 1 << shift) - 1 with shift 8 from 32,768 on and 9 from 65,536 on, but never above the maximum.
  CHECK(read.p50_ns == 50'175);
  CHECK(read.p90_ns == 90'111);
  CHECK(read.p99_ns == 99'327);
  CHECK(read.p99_9_ns == 100'000);
  CHECK(read.p99_99_ns == 100'000);
  CHECK(read.max_ns == 100'000);
}

TEST_CASE("intended start times keep a stall in the percentiles, actual ones lose it", "[stats][histogram]") {
  // One operation every 1000 ns that takes 100 ns; the tenth stalls for 50,000 ns and the rest queue behind it.
  latency_histogram from_intended, from_actual;
  std::int64_t free_at = 0;
  for (std::int64_t i = 0; i < 200; ++i) {
    const std::int64_t due = 1000 * i, start = std::max(due, free_at);
    free_at = start + (i == 9 ? 50'000 : 100);
    from_intended.record(free_at - due);
    from_actual.record(free_at - start);
  }
  CHECK(from_actual.percentile_ns(99) == 100);
  CHECK(from_intended.percentile_ns(99) > 40'000);
  CHECK(from_intended.percentile_ns(75) > 100);
}
