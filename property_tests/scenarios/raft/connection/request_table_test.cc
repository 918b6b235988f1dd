// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/connection/request_table.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "property_tests/catch.h"

namespace copycost::raft {
namespace {

request_id id_of(std::uint64_t n) {
  request_id id;
  std::memcpy(id.bytes.data(), &n, sizeof n);
  return id;
}

TEST_CASE("raft request table: ids are unique among those that wait, and the limit holds") {
  request_table<std::string> table(2);
  CHECK(table.add(id_of(1), "one", 10));
  CHECK(table.add(id_of(1), "again", 10).error().code == errc::duplicate_request);
  CHECK(table.add(id_of(2), "two", 20));
  const auto full = table.add(id_of(3), "three", 30);
  REQUIRE_FALSE(full);
  CHECK(full.error() == error{errc::too_many_requests, 0, 2, 3});
  CHECK(table.take(id_of(1)) == "one");
  CHECK(table.add(id_of(1), "anew", 30));
  CHECK(table.size() == 2);
}

TEST_CASE("raft request table: a completion stays the caller's when it is refused") {
  request_table<std::string> table(1);
  std::string mine = "a text that is too long to be kept inside of the string";
  CHECK(table.add(id_of(1), "x", 1));
  CHECK_FALSE(table.add(id_of(2), std::move(mine), 1));
  CHECK(mine.size() > 40);
}

TEST_CASE("raft request table: late answers are counted and dropped") {
  request_table<int> table(10);
  CHECK(table.add(id_of(1), 1, 100));
  std::vector<int> due;
  table.expire(99, [&](const request_id&, int v) { due.push_back(v); });
  CHECK(due.empty());
  table.expire(100, [&](const request_id& id, int v) {
    due.push_back(v);
    CHECK(id == id_of(1));
  });
  CHECK(due == std::vector{1});
  CHECK_FALSE(table.take(id_of(1)));
  CHECK_FALSE(table.take(id_of(77)));
  CHECK((table.late() == 2 && table.expired() == 1 && table.size() == 0));
  CHECK_FALSE(table.next_deadline());
}

TEST_CASE("raft request table: a completion may ask again") {
  request_table<int> table(10);
  CHECK(table.add(id_of(1), 1, 5));
  int calls = 0;
  table.expire(10, [&](const request_id&, int v) {
    ++calls;
    if (v < 5) CHECK(table.add(id_of(static_cast<std::uint64_t>(v) + 1), v + 1, v < 3 ? 6 : 50));
  });
  CHECK(calls == 3);
  CHECK(table.next_deadline() == 50);
}

TEST_CASE("raft request table: any schedule does what a plain map does") {
  std::mt19937_64 random(5);
  request_table<std::uint64_t> table(50);
  std::map<std::uint64_t, std::int64_t> model;
  std::uint64_t late = 0, expired = 0;
  std::int64_t now = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t n = random() % 100;
    if (random() % 3 == 0) {
      const std::int64_t deadline = now + 1 + static_cast<std::int64_t>(random() % 200);
      const bool fits = !model.contains(n) && model.size() < 50;
      CHECK(table.add(id_of(n), std::uint64_t{n}, deadline).ok() == fits);
      if (fits) model[n] = deadline;
    } else if (random() % 3 == 0) {
      const auto got = table.take(id_of(n));
      CHECK(got.has_value() == (model.erase(n) == 1));
      if (got)
        CHECK(*got == n);
      else
        ++late;
    } else {
      now += static_cast<std::int64_t>(random() % 20);
      std::int64_t before = 0;
      table.expire(now, [&](const request_id&, std::uint64_t v) {
        REQUIRE(model.contains(v));
        CHECK((model[v] <= now && model[v] >= before));
        before = model[v];
        model.erase(v);
        ++expired;
      });
      for (const auto& [id, deadline] : model) CHECK(deadline > now);
    }
    REQUIRE(table.size() == model.size());
  }
  CHECK((table.late() == late && table.expired() == expired));
  CHECK((late > 100 && expired > 100));
}

}  // namespace
}  // namespace copycost::raft
