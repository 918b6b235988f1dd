// SPDX-License-Identifier: Apache-2.0
// Goal: an entity's postings are its sequences, whatever grows around them. Method: compare with a map, at the sizes
// where tables and pieces grow; look at it from another thread and through another address.
#include "impls/event_store/common/entity_index.h"

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "harness/base/rng.h"
#include "impls/event_store/common/index_area.h"
#include "property_tests/catch.h"

namespace copycost::event_store {
namespace {

using model = std::map<std::string, std::vector<sequence>>;

struct area {
  explicit area(std::size_t bytes) : memory(bytes / 8, 0) {
    index = entity_index(reinterpret_cast<std::byte*>(memory.data()), bytes);
    index.start();
  }
  std::vector<std::uint64_t> memory;
  entity_index index;
};

void same(const entity_index& index, const model& expected) {
  for (const auto& [name, all] : expected) {
    const auto got = index.find(name);
    REQUIRE(got.count() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      if (got.at(i) != all[i]) FAIL(name << " at " << i << ": " << got.at(i) << ", expected " << all[i]);
  }
}

TEST_CASE("a name that was never added has no postings, and the empty name never has") {
  area a(64 << 10);
  CHECK(a.index.find("x").count() == 0);
  a.index.add("", 5);
  a.index.add("x", 6);
  CHECK(a.index.find("").count() == 0);
  CHECK(a.index.find("x").count() == 1);
  CHECK(a.index.find("xx").count() == 0);
  CHECK(a.index.size() == 1);
}

TEST_CASE("tables grow with the names, and every name stays") {
  area a(4 << 20);
  model expected;
  for (sequence s = 0; s < 6000; ++s) {
    const std::string name = "name " + std::string(s % 23, '.') + std::to_string(s * 7 % 3000);
    a.index.add(name, s);
    expected[name].push_back(s);
    if (s == 31 || s == 32 || s == 33 || s == 1023 || s == 1024) same(a.index, expected);
  }
  same(a.index, expected);
  CHECK(a.index.size() == 6000);
}

TEST_CASE("pieces grow with the postings, and places are found at every border") {
  area a(8 << 20);
  std::vector<sequence> expected;
  for (sequence i = 0; i < 70'000; ++i) {
    a.index.add("one", 10 + 3 * i);
    expected.push_back(10 + 3 * i);
    if (i % 100 == 0) a.index.add("two", 10 + 3 * i + 1);
  }
  same(a.index, {{"one", expected}});
  const auto one = a.index.find("one");
  CHECK(one.place_of(0) == 0);
  CHECK(one.place_of(~sequence{0}) == one.count());
  for (const std::uint64_t i : {0u, 1u, 3u, 4u, 5u, 11u, 12u, 13u, 27u, 28u, 29u, 65'531u, 65'532u, 69'998u, 69'999u}) {
    CHECK(one.place_of(expected[i]) == i);
    CHECK(one.place_of(expected[i] + 1) == i + 1);
    CHECK(one.place_of(expected[i] - 1) == i);
  }
}

TEST_CASE("what is rewound was never there, and the same numbers may come again for other names") {
  rng random(3);
  area a(4 << 20);
  model expected;
  sequence next = 100;
  for (int round = 0; round < 60; ++round) {
    for (std::uint64_t n = random.below(200); n > 0; --n, ++next) {
      const std::string name = std::to_string(random.below(40));
      a.index.add(name, next);
      expected[name].push_back(next);
    }
    const sequence end = next - random.below(std::min<std::uint64_t>(next - 99, 150));
    a.index.rewind(end);
    for (auto& [name, all] : expected)
      while (!all.empty() && all.back() >= end) all.pop_back();
    next = end;
    same(a.index, expected);
  }
}

TEST_CASE("has_room says no before anything is written behind the area") {
  const std::size_t bytes = 64 << 10;
  for (const std::size_t length : {1u, 300u, 1024u}) {
    area a(bytes);
    sequence s = 0;
    std::string name(length, 'n');
    while (a.index.has_room(1)) {
      for (std::size_t i = 0, v = s; i < length && i < 4; ++i, v /= 26) name[i] = static_cast<char>('a' + v % 26);
      a.index.add(name, s++);
      REQUIRE(a.index.used_bytes() <= bytes);
    }
    CHECK(s > 20);
    CHECK_FALSE(a.index.has_room(1'000'000));
  }
}

TEST_CASE("an index is read through another address") {
  area a(64 << 10);
  for (sequence s = 0; s < 100; ++s) a.index.add(std::to_string(s % 9), s);
  std::vector<std::uint64_t> moved = a.memory;
  const entity_index other(reinterpret_cast<std::byte*>(moved.data()), moved.size() * 8);
  a.memory.assign(a.memory.size(), 0);
  CHECK(other.find("8").count() == 11);
  CHECK(other.find("8").at(10) == 98);
}

TEST_CASE("a reader sees a prefix of the postings while names and postings are added", "[threads]") {
  store_options o;
  o.memory_bytes_max = 64 << 20;
  const auto area = index_area::make(o);
  REQUIRE(area != nullptr);
  constexpr sequence kEvents = 40'000, kNames = 500;
  std::atomic<sequence> end{0};
  std::atomic<bool> wrong{false};
  {
    std::jthread reader([&] {
      rng random(1);
      for (sequence until = 0; until < kEvents && !wrong;) {
        until = end.load(std::memory_order_acquire);
        const sequence n = random.below(kNames);
        const auto got = area->index().find("e" + std::to_string(n));
        const std::uint64_t count = got.place_of(until);
        if (count != (until + kNames - 1 - n) / kNames) wrong = true;
        for (std::uint64_t i = 0; i < count; ++i)
          if (got.at(i) != n + i * kNames) wrong = true;
      }
    });
    for (sequence s = 0; s < kEvents; ++s) {
      area->index().add("e" + std::to_string(s % kNames), s);
      end.store(s + 1, std::memory_order_release);
    }
  }
  CHECK_FALSE(wrong);
}

}  // namespace
}  // namespace copycost::event_store
