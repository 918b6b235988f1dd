// SPDX-License-Identifier: Apache-2.0 Goal: a seed means the same numbers on every machine, in every version. Method:
// the published vectors of the two generators and values of ours that must not change.
#include "harness/base/rng.h"

#include <algorithm>
#include <numeric>

#include "property_tests/catch.h"

namespace copycost {
namespace {

TEST_CASE("rng: splitmix64 gives the published sequence of seed 1234567") {
  std::uint64_t state = 1234567;
  for (const std::uint64_t expected : {6457827717110365317ull, 3203168211198807973ull, 9817491932198370423ull,
                                       4593380528125082431ull, 16408922859458223821ull})
    CHECK(rng::split(state) == expected);
}

TEST_CASE("rng: the numbers of a seed never change") {
  rng numbers(42);
  for (const std::uint64_t expected :
       {1546998764402558742ull, 6990951692964543102ull, 12544586762248559009ull, 17057574109182124193ull})
    CHECK(numbers.next() == expected);
}

TEST_CASE("rng: below() stays below, reaches everything and is even") {
  rng numbers(1);
  std::vector<int> hits(7);
  for (int i = 0; i < 70'000; ++i) ++hits[numbers.below(7)];
  for (const int n : hits) CHECK((n > 9'500 && n < 10'500));
  for (int i = 0; i < 100; ++i) CHECK(numbers.below(1) == 0);
}

TEST_CASE("rng: between() includes both ends, and a range of one is that one") {
  rng numbers(3);
  bool low = false, high = false;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t v = numbers.between(10, 13);
    CHECK((v >= 10 && v <= 13));
    low = low || v == 10;
    high = high || v == 13;
  }
  CHECK((low && high));
  CHECK(numbers.between(5, 5) == 5);
}

TEST_CASE("rng: uniform() lies in [0, 1) with a mean of one half") {
  rng numbers(4);
  double sum = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double v = numbers.uniform();
    REQUIRE((v >= 0 && v < 1));
    sum += v;
  }
  CHECK(std::abs(sum / 100'000 - 0.5) < 0.01);
}

TEST_CASE("rng: a shuffle is a permutation that depends on nothing but the seed") {
  std::vector<int> one(50), two(50), sorted(50);
  std::iota(one.begin(), one.end(), 0);
  two = sorted = one;
  rng a(9), b(9);
  a.shuffle(one);
  b.shuffle(two);
  CHECK(one == two);
  CHECK(one != sorted);
  std::sort(one.begin(), one.end());
  CHECK(one == sorted);
}

}  // namespace
}  // namespace copycost
