// SPDX-License-Identifier: Apache-2.0
// Goal: the size at which copying stops being cheaper is found where two cost curves cross, whatever disturbs single
// points; what is measured here is a size, once in a process. Method: made-up curves, random disturbances; the machine
// itself.
#include "harness/limits/gather_break_even.h"

#include <cmath>
#include <random>
#include <vector>

#include "property_tests/catch.h"

namespace copycost {
namespace {

// A part of its own costs `part_ns`, copying a byte 1/20 ns: they cross at 20 * part_ns bytes.
std::vector<two_ways> curve(double part_ns) {
  std::vector<two_ways> out;
  for (std::size_t size = 256; size <= 64 * 1024; size *= 2) {
    const double base = 1000 + static_cast<double>(size) / 10;
    out.push_back({size, base + static_cast<double>(size) / 20, base + part_ns});
  }
  return out;
}

TEST_CASE("gather break-even: found between the sizes around the crossing") {
  for (const double part_ns : {20.0, 100.0, 200.0, 900.0}) {
    const break_even found = break_even_of(curve(part_ns));
    INFO("crossing at " << 20 * part_ns << ", found " << found.bytes);
    CHECK(static_cast<double>(found.bytes) > 20 * part_ns / std::sqrt(2.0));
    CHECK(static_cast<double>(found.bytes) < 20 * part_ns * std::sqrt(2.0));
    CHECK(found.ns > 1000);
  }
}

TEST_CASE("gather break-even: one way that always wins") {
  CHECK(break_even_of(curve(0)).bytes == 256);
  CHECK(break_even_of(curve(1e6)).bytes == 2 * 64 * 1024);
  const two_ways one[] = {{4096, 10, 20}};
  CHECK(break_even_of(one).bytes == 8192);
}

TEST_CASE("gather break-even: one disturbed point does not move the answer beyond its neighbours") {
  std::mt19937 any(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<two_ways> points = curve(200);  // crosses at 4,000 bytes
    two_ways& hit = points[any() % points.size()];
    (any() % 2 == 0 ? hit.copied_ns : hit.gathered_ns) *= 1.02;
    const std::size_t bytes = break_even_of(points).bytes;
    INFO("disturbed at " << hit.size << ": " << bytes);
    CHECK(bytes >= 1024);
    CHECK(bytes <= 16 * 1024);
  }
}

TEST_CASE("gather break-even: measured once, for any number of writes") {
  for (const unsigned writes : {1u, 2u, 4u}) {
    const break_even& found = gather_break_even(writes);
    CHECK(found.bytes >= 256);
    CHECK(found.bytes <= 512 * 1024);
    CHECK(found.ns > 0);
    CHECK(&gather_break_even(writes) == &found);
  }
}

}  // namespace
}  // namespace copycost
