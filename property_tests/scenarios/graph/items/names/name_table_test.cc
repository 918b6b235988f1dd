// SPDX-License-Identifier: Apache-2.0
// Goal: one number a name in every thread, and a full table that refuses. Method: a map as the model, names that look
// alike, limits of a few names, and threads that meet at the same new name again and again.
#include "scenarios/graph/items/names/name_table.h"

#include <rapidcheck.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "property_tests/catch.h"

namespace copycost::graph {
namespace {

using namespace std::string_view_literals;

name_id number(name_table& names, std::string_view name) {
  const auto id = names.intern(name);
  REQUIRE(id.ok());
  return id.value();
}

TEST_CASE("name_table: the empty name is 0, numbers count up, and a name keeps its number") {
  name_table names;
  CHECK(number(names, "") == 0);
  CHECK(number(names, "a") == 1);
  CHECK(number(names, "b") == 2);
  CHECK(number(names, "a") == 1);
  CHECK(names.name(0).empty());
  CHECK(names.name(1) == "a");
  CHECK(names.name(2) == "b");
  CHECK(names.size() == 3);
  CHECK(names.bytes() == 2);
}

TEST_CASE("name_table: a number that was never given has no name") {
  name_table names;
  CHECK(names.name(1).empty());
  CHECK(names.name(63).empty());
  CHECK(names.name(64).empty());
  CHECK(names.name(kNamesMax).empty());
  CHECK(names.name(~name_id{0}).empty());
}

TEST_CASE("name_table: names are bytes: zeros, length and case tell them apart") {
  name_table names;
  const std::vector<std::string_view> all = {"x",      "x\0"sv, "x\0y"sv, "X",       "\0"sv,
                                             "\0\0"sv, "xxxx",  "xxxxx",  "xxxxxxxx"};
  for (const auto name : all) number(names, name);
  CHECK(names.size() == all.size() + 1);
  for (name_id id = 1; id <= all.size(); ++id) CHECK(names.name(id) == all[id - 1]);
}

TEST_CASE("name_table: the 10,000 names of the original's limit do not evict the first, and it stays where it is") {
  name_table names;
  std::string text = "short-lived";
  const name_id id = number(names, text);
  const std::string_view before = names.name(id);
  text.assign(text.size(), '?');
  for (int i = 0; i < 20'000; ++i) number(names, std::to_string(i));
  CHECK(before == "short-lived");
  CHECK(names.name(id).data() == before.data());
  CHECK(number(names, "short-lived") == id);
  CHECK(number(names, "19999") == id + 20'000);
}

TEST_CASE("name_table: a full table refuses, counts it, and still finds what it has") {
  name_table names({.names = 3});
  CHECK(number(names, "a") == 1);
  CHECK(number(names, "b") == 2);
  const auto full = names.intern("c");
  REQUIRE_FALSE(full.ok());
  CHECK(full.error() == error{errc::names_full, 0, 3, 3});
  CHECK(number(names, "b") == 2);
  CHECK(number(names, "") == 0);
  CHECK(names.size() == 3);
  CHECK(names.name(3).empty());
  CHECK(names.refused() == 1);
}

TEST_CASE("name_table: a table of one name has the empty one") {
  name_table names({.names = 1});
  CHECK(number(names, "") == 0);
  CHECK(names.intern("a").error().code == errc::names_full);
}

TEST_CASE("name_table: the bytes of all names have a limit, to the byte") {
  name_table names({.bytes = 10});
  CHECK(number(names, "123456") == 1);
  CHECK(names.intern("12345").error() == error{errc::names_full, 0, 10, 11});
  CHECK(number(names, "1234") == 2);
  CHECK(names.intern("1").error().code == errc::names_full);
  CHECK(number(names, "123456") == 1);
  CHECK(names.bytes() == 10);
  CHECK(names.refused() == 2);
}

TEST_CASE("name_table: a name has at most kNameMax bytes") {
  name_table names;
  const std::string longest(kNameMax, 'x');
  CHECK(number(names, longest) == 1);
  CHECK(names.name(1) == longest);
  CHECK(names.intern(longest + 'x').error() == error{errc::too_large, 0, kNameMax, kNameMax + 1});
  CHECK(names.size() == 2);
}

TEST_CASE("name_table: does what a map does") {
  CHECK(rc::check("any names, many of them twice", [] {
    const auto asked = *rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::element('a', 'b', '\0', '\xff')));
    const auto limit = *rc::gen::inRange<std::uint64_t>(1, 200);
    name_table names({.names = limit});
    std::map<std::string, name_id> model{{"", 0}};
    for (const std::string& name : asked) {
      const auto id = names.intern(name);
      if (const auto known = model.find(name); known != model.end()) {
        RC_ASSERT(id.ok() && id.value() == known->second);
      } else if (model.size() < limit) {
        RC_ASSERT(id.ok() && id.value() == model.size());
        model.emplace(name, id.value());
      } else {
        RC_ASSERT(!id.ok() && id.error().code == errc::names_full);
      }
    }
    RC_ASSERT(names.size() == model.size());
    for (const auto& [name, id] : model) RC_ASSERT(names.name(id) == name);
  }));
}

// Both threads intern the same new names, one after another, in step. The names are long: they are looked up, and
// added, for so long that one thread often waits for the other one's lock.
void check_in_step() {
  constexpr std::size_t kRounds = 50;
  name_table names;
  std::atomic<std::size_t> arrived{0};
  std::array<std::vector<name_id>, 2> seen;
  const auto work = [&](std::vector<name_id>& to) {
    std::string name(60'000, 'x');
    for (std::size_t i = 0; i < kRounds; ++i) {
      name += 'x';
      ++arrived;
      while (arrived.load() < (i + 1) * seen.size()) std::this_thread::yield();
      const auto id = names.intern(name);
      if (!id) std::abort();
      to.push_back(id.value());
    }
  };
  std::thread other([&] { work(seen[0]); });
  work(seen[1]);
  other.join();
  REQUIRE(seen[0] == seen[1]);
  REQUIRE(names.size() == kRounds + 1);
  REQUIRE(names.refused() == 0);
}

// The original drops its read lock, takes the write lock and does not look again.
TEST_CASE("name_table: threads that meet at the same new name get one number", "[threads]") {
  for (int i = 0; i < 40; ++i) check_in_step();
}

TEST_CASE("name_table: a reader sees whole names while the table grows", "[threads]") {
  constexpr name_id kNames = 5000;
  name_table names;
  std::atomic<bool> ended{false};
  // Nothing but the table itself orders the readers behind the writer.
  std::vector<std::thread> readers;
  for (int t = 0; t < 2; ++t)
    readers.emplace_back([&] {
      for (name_id id = 1; !ended.load(std::memory_order_relaxed); id = id % kNames + 1) {
        const std::string_view name = names.name(id);
        if (name.empty()) continue;
        if (name != "name" + std::to_string(id)) std::abort();
        if (const auto again = names.intern(name); !again || again.value() != id) std::abort();
      }
    });
  for (name_id id = 1; id <= kNames; ++id) CHECK(number(names, "name" + std::to_string(id)) == id);
  ended = true;
  for (std::thread& t : readers) t.join();
}

TEST_CASE("name_table: at the limit, threads get the same names and the same refusals", "[threads]") {
  constexpr std::uint64_t kLimit = 100;
  name_table names({.names = kLimit});
  std::vector<std::thread> threads;
  std::atomic<int> refused{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 300; ++i) {
        const std::string name = std::to_string((i * 7 + t * 31) % 300);
        const auto id = names.intern(name);
        if (!id && id.error().code != errc::names_full) std::abort();
        if (!id) ++refused;
        if (id && names.name(id.value()) != name) std::abort();
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(names.size() == kLimit);
  CHECK(names.refused() == static_cast<std::uint64_t>(refused.load()));
}

}  // namespace
}  // namespace copycost::graph
