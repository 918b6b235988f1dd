// SPDX-License-Identifier: Apache-2.0
// Goal: one number a name, for good, in every thread. Method: names that look alike, many of them, from several
// threads.
#include "impls/common/interner.h"

#include <atomic>
#include <thread>
#include <vector>

#include "property_tests/catch.h"

namespace copycost {
namespace {

TEST_CASE("a name has one number, the empty name is 0, and numbers count up") {
  interner names;
  CHECK(names.intern("") == 0);
  CHECK(names.intern("a") == 1);
  CHECK(names.intern("b") == 2);
  CHECK(names.intern("a") == 1);
  CHECK(names.name(0).empty());
  CHECK(names.name(1) == "a");
  CHECK(names.name(2) == "b");
}

TEST_CASE("a number that was never given has no name") {
  interner names;
  CHECK(names.name(1).empty());
  CHECK(names.name(0xFFFFFFFFu).empty());
}

TEST_CASE("names are bytes: zeros, length and case tell them apart") {
  using namespace std::string_view_literals;
  interner names;
  const auto a = names.intern("x"), b = names.intern("x\0"sv), c = names.intern("x\0y"sv), d = names.intern("X");
  CHECK(a != b);
  CHECK(b != c);
  CHECK(a != d);
  CHECK(names.name(c) == "x\0y"sv);
}

TEST_CASE("a name stays where it is, however many come after it and whatever becomes of the caller's text") {
  interner names;
  std::string text = "short-lived";
  const auto id = names.intern(text);
  const std::string_view before = names.name(id);
  text.assign(text.size(), '?');
  for (int i = 0; i < 10'000; ++i) names.intern(std::to_string(i));
  CHECK(before == "short-lived");
  CHECK(names.name(id).data() == before.data());
  CHECK(names.intern("9999") == id + 10'000);
}

TEST_CASE("threads that intern the same names agree on their numbers", "[threads]") {
  interner names;
  constexpr int kNames = 500, kThreads = 4;
  std::vector<std::vector<std::uint32_t>> seen(kThreads, std::vector<std::uint32_t>(kNames));
  std::vector<std::thread> threads;
  // One only reads: nothing but the interner itself orders it behind those that write.
  std::atomic<bool> ended{false};
  std::thread reader([&] {
    for (std::uint32_t id = 1; !ended.load(std::memory_order_relaxed); id = id % kNames + 1)
      if (const std::string_view name = names.name(id); !name.empty() && !name.starts_with("name")) std::abort();
  });
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      while (names.name(1).empty() && t != 0) std::this_thread::yield();  // all of them at once
      for (int i = 0; i < kNames; ++i) {
        const int k = (i * 7 + t * 131) % kNames;
        const auto id = names.intern("name" + std::to_string(k));
        seen[static_cast<std::size_t>(t)][static_cast<std::size_t>(k)] = id;
        if (names.name(id) != "name" + std::to_string(k)) std::abort();
      }
    });
  for (std::thread& t : threads) t.join();
  ended = true;
  reader.join();
  for (const auto& one : seen) CHECK(one == seen[0]);
  CHECK(names.intern("one more") == kNames + 1);
}

}  // namespace
}  // namespace copycost
