// SPDX-License-Identifier: Apache-2.0
// Goal: each reader sees each item once, in order, while it is there; the producer drops what all have passed and
// nothing else, and keeps to its bounds. Method: a random walk beside positions in a list, and threads.
#include "scenarios/graph/run/channel/multicast.h"

#include <rapidcheck.h>

#include <array>
#include <thread>
#include <vector>

#include "harness/base/now.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/graph/run/channel/counted_item.h"
#include "scenarios/common/laws/draw.h"

namespace copycost::graph {
using namespace channel_tests;
namespace {

using cast = multicast<counted_item>;

class multicast_walk {
 public:
  multicast_walk(const channel_limits& limits, unsigned readers)
      : limits_(limits), cast_(limits, readers), at_(readers, 0), gone_(readers, false) {}

  void step() {
    const std::uint64_t call = draw_number("call", 0, 15);
    if (call < 5) return publish_some();
    if (call == 5) return publish_one();
    if (call == 6 && draw_number("leaves", 0, 5) == 0) return leave();
    if (call == 7 && draw_number("closes", 0, 9) == 0) return close();
    if (call == 8) {
      RC_ASSERT(cast_.drop_passed() == sizes_.size() - slowest());
      RC_ASSERT(counted_item::alive() == static_cast<std::int64_t>(sizes_.size() - slowest()));
      return;
    }
    read();
  }
  void compare() {
    const multicast_stats s = cast_.stats();
    RC_ASSERT(s.published == sizes_.size());
    RC_ASSERT(s.published_bytes == bytes(0, sizes_.size()));
    RC_ASSERT(s.dropped <= slowest());
    RC_ASSERT(s.dropped_bytes == bytes(0, s.dropped));
    RC_ASSERT(counted_item::alive() == static_cast<std::int64_t>(sizes_.size() - s.dropped));
    RC_ASSERT(s.items_high <= limits_.items);
    RC_ASSERT(s.bytes_high <= limits_.bytes);
    for (unsigned k = 0; k < at_.size(); ++k) {
      RC_ASSERT(cast_.at(k).is_drained() == (gone_[k] || (closed_ && at_[k] == sizes_.size())));
      RC_ASSERT(cast_.at(k).missed() == (gone_[k] ? sizes_.size() - at_[k] : 0));
    }
  }

 private:
  std::uint64_t bytes(std::size_t from, std::size_t to) const {
    std::uint64_t all = 0;
    for (; from < to; ++from) all += sizes_[from];
    return all;
  }
  bool all_gone() const { return std::find(gone_.begin(), gone_.end(), false) == gone_.end(); }
  std::size_t slowest() const {
    std::size_t least = sizes_.size();
    for (unsigned k = 0; k < at_.size(); ++k)
      if (!gone_[k]) least = std::min(least, at_[k]);
    return least;
  }
  bool fits(std::size_t size) const {
    return sizes_.size() - slowest() < limits_.items && size <= limits_.bytes - bytes(slowest(), sizes_.size());
  }
  std::size_t draw_size() {
    const std::uint64_t most = limits_.bytes;
    return static_cast<std::size_t>(draw_one_of("size", {0, 1, 9, most / 4, most / 2, most, most + 1}));
  }
  // What one more answers; it is in when it answers "".
  std::string expect(std::size_t size) {
    if (closed_) return "closed";
    if (size > limits_.bytes || !fits(size)) {
      if (all_gone()) return "closed";
      return size > limits_.bytes ? "too_large" : "full";
    }
    sizes_.push_back(size);
    return "";
  }
  void publish_one() {
    const std::uint64_t number = sizes_.size();
    counted_item one(number, draw_size());
    if (all_gone()) return leave_closed(one);
    std::string expected = expect(one.size());
    const bool waits = draw_bool("waits");
    if (waits && expected == "full") expected = "late";
    const auto done = waits ? cast_.publish(one, now_ns()) : cast_.try_publish(one);
    RC_ASSERT((done.ok() ? "" : std::string(to_string(done.error().code))) == expected);
    RC_ASSERT(one.is_real() == !expected.empty());
  }
  // The producer may find out later that all readers have left, but not later than at a look.
  void leave_closed(counted_item& one) {
    cast_.drop_passed();
    RC_ASSERT(cast_.try_publish(one).error().code == errc::closed);
    RC_ASSERT(one.is_real());
  }
  void publish_some() {
    if (all_gone()) return;
    std::vector<counted_item> some;
    for (std::uint64_t n = draw_number("many", 0, 6); n > 0; --n)
      some.emplace_back(sizes_.size() + some.size(), draw_size());
    std::size_t taken = 0;
    std::string why;
    while (taken < some.size() && (why = expect(some[taken].size())).empty()) ++taken;
    const auto done = cast_.publish_some(some);
    if (taken == 0 && !why.empty() && why != "full")
      RC_ASSERT(to_string(done.error().code) == why);
    else
      RC_ASSERT(done.value() == taken);
    for (std::size_t i = 0; i < some.size(); ++i) RC_ASSERT(some[i].is_real() == (i >= taken));
  }
  unsigned draw_reader() { return static_cast<unsigned>(draw_number("reader", 0, at_.size() - 1)); }
  void read() {
    const unsigned k = draw_reader();
    const auto most = static_cast<std::size_t>(draw_number("at most", 0, 6));
    std::uint64_t next = at_[k];
    const auto see = [&](const counted_item& one) {
      RC_ASSERT(one.is_real());
      RC_ASSERT(one.number() == next);
      RC_ASSERT(one.size() == sizes_[next++]);
    };
    if (draw_bool("peeks")) {
      const std::span<const counted_item> some = cast_.at(k).peek(most);
      for (const counted_item& one : some) see(one);
      const std::size_t n = std::min<std::size_t>(some.size(), draw_number("passes", 0, 6));
      if (n > 0) cast_.at(k).passed(n);
      RC_ASSERT(some.empty() == (gone_[k] || most == 0 || at_[k] == sizes_.size()));
      at_[k] += n;
    } else {
      const std::size_t n = cast_.at(k).for_each_ready(see, most);
      RC_ASSERT(n == (gone_[k] ? 0 : std::min(most, sizes_.size() - at_[k])));
      at_[k] += n;
    }
  }
  void leave() {
    const unsigned k = draw_reader();
    cast_.at(k).leave();
    gone_[k] = true;
  }
  void close() {
    cast_.close();
    closed_ = true;
  }

  const channel_limits limits_;
  cast cast_;
  std::vector<std::size_t> sizes_;  // of everything that was published
  std::vector<std::size_t> at_;
  std::vector<bool> gone_;
  bool closed_ = false;
};

TEST_CASE("multicast: a walk of publishes and readers is that of positions in a list") {
  CHECK(rc::check("walk", [] {
    {
      multicast_walk all({std::size_t{1} << draw_number("items (log)", 0, 4), draw_number("bytes", 1, 200)},
                         static_cast<unsigned>(draw_number("readers", 1, 4)));
      for (std::uint64_t steps = draw_number("steps", 1, 150); steps > 0; --steps) {
        all.step();
        all.compare();
      }
    }
    RC_ASSERT(counted_item::alive() == 0);
  }));
  CHECK(counted_item::alive() == 0);
}

TEST_CASE("multicast: what is dropped is handed over side by side") {
  struct count {
    std::vector<std::size_t>* runs;
    void operator()(std::span<std::uint64_t> some) const { runs->push_back(some.size()); }
  };
  std::vector<std::size_t> runs;
  {
    multicast<std::uint64_t, count> all({8, 1000}, 2, count{&runs});
    std::vector<std::uint64_t> some(6, 1);
    for (int round = 0; round < 2; ++round) {
      REQUIRE(all.publish_some(some).value() == 6);
      for (unsigned k = 0; k < 2; ++k) CHECK(all.at(k).for_each_ready([](const std::uint64_t&) {}) == 6);
    }
    CHECK(all.drop_passed() == 0);
    CHECK(runs == std::vector<std::size_t>{6, 2, 4});
    REQUIRE(all.publish_some(some).value() == 6);
  }
  CHECK(runs == std::vector<std::size_t>{6, 2, 4, 4, 2});
}

TEST_CASE("multicast: threads that wait see all items in order", "[threads]") {
  constexpr std::uint64_t kItems = 10'000;
  constexpr unsigned kReaders = 3;
  cast all({16, 200}, kReaders);
  std::array<std::uint64_t, kReaders> seen{}, wrong{};
  {
    std::vector<std::jthread> readers;
    for (unsigned k = 0; k < kReaders; ++k)
      readers.emplace_back([&, k] {
        while (all.at(k).wait(kNever) && !all.at(k).is_drained())
          all.at(k).for_each_ready(
              [&](const counted_item& one) { wrong[k] += !one.is_real() || one.number() != seen[k]++; }, k + 1);
      });
    for (std::uint64_t i = 0; i < kItems; ++i) {
      counted_item one(i, i % 50);
      CHECK(all.publish(one, kNever).ok());
    }
    all.close();
  }
  for (unsigned k = 0; k < kReaders; ++k) {
    CHECK(seen[k] == kItems);
    CHECK(wrong[k] == 0);
  }
  CHECK(all.drop_passed() == 0);
  CHECK(counted_item::alive() == 0);
}

TEST_CASE("multicast: a producer that waits goes on when the reader that it waits for leaves", "[threads]") {
  cast all({1, 100}, 2);
  counted_item one(1, 1), two(2, 1), three(3, 1);
  REQUIRE(all.try_publish(one).ok());
  CHECK(all.at(1).for_each_ready([](const counted_item&) {}) == 1);
  {
    std::jthread reader([&] {
      while (all.stats().waits == 0) std::this_thread::yield();
      all.at(0).leave();
    });
    CHECK(all.publish(two, kNever).ok());
  }
  CHECK(all.at(0).missed() == 2);
  std::jthread reader([&] {
    while (all.stats().waits == 1) std::this_thread::yield();
    all.at(1).leave();
  });
  CHECK(all.publish(three, kNever).error().code == errc::closed);
  CHECK(three.is_real());
}

}  // namespace
}  // namespace copycost::graph
