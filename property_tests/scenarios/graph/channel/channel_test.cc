// SPDX-License-Identifier: Apache-2.0
// Goal: an edge loses nothing, doubles nothing, keeps its order and its bounds, and wakes the one who waits. Method: a
// random walk against a std::deque, every way to end, and two threads.
#include "scenarios/graph/channel/channel.h"

#include <rapidcheck.h>

#include <array>
#include <atomic>
#include <deque>
#include <thread>

#include "harness/base/now.h"
#include "property_tests/catch.h"
#include "scenarios/common/laws/draw.h"

namespace copycost::graph {
namespace {

// An item that counts how many of it are alive.
class counted {
 public:
  counted() = default;
  counted(std::uint64_t number, std::size_t size) : number_(number), size_(size), is_real_(true) { ++alive(); }
  counted(counted&& o) noexcept : number_(o.number_), size_(o.size_), is_real_(std::exchange(o.is_real_, false)) {}
  counted& operator=(counted&& o) noexcept {
    counted gone(std::move(*this));
    number_ = o.number_;
    size_ = o.size_;
    is_real_ = std::exchange(o.is_real_, false);
    return *this;
  }
  ~counted() {
    if (is_real_) --alive();
  }
  std::size_t size() const { return size_; }
  std::uint64_t number() const { return number_; }
  bool is_real() const { return is_real_; }
  static std::atomic<std::int64_t>& alive() {
    static std::atomic<std::int64_t> count{0};
    return count;
  }

 private:
  std::uint64_t number_ = 0;
  std::size_t size_ = 0;
  bool is_real_ = false;
};

using edge = channel<counted>;

errc code_of(const result<void>& r) { return r.error().code; }

std::uint64_t bytes_of(const std::deque<std::pair<std::uint64_t, std::size_t>>& model) {
  std::uint64_t all = 0;
  for (const auto& [number, size] : model) all += size;
  return all;
}

void walk() {
  const auto items = std::size_t{1} << draw_number("items (log)", 0, 4);
  const std::uint64_t bytes = draw_one_of("bytes", {1, 40, 1000, 1u << 20});
  edge e({items, bytes});
  std::deque<std::pair<std::uint64_t, std::size_t>> model;
  std::uint64_t next = 0;
  for (std::uint64_t steps = draw_number("steps", 1, 200); steps > 0; --steps) {
    const std::size_t size = static_cast<std::size_t>(draw_one_of("size", {0, 1, 20, 41, 400}));
    if (draw_bool("push")) {
      std::vector<counted> some;
      for (std::uint64_t n = draw_number("many", 1, 6); n > 0; --n) some.emplace_back(next + some.size(), size);
      const auto pushed = e.push_some(some);
      if (size > bytes) {
        RC_ASSERT(pushed.error() == (error{errc::too_large, 0, bytes, size}));
        continue;
      }
      const std::uint64_t room =
          std::min<std::uint64_t>(items - model.size(), size == 0 ? items : (bytes - bytes_of(model)) / size);
      RC_ASSERT(pushed.value() == std::min<std::uint64_t>(some.size(), room));
      for (std::size_t i = 0; i < some.size(); ++i) RC_ASSERT(some[i].is_real() == (i >= pushed.value()));
      for (std::size_t i = 0; i < pushed.value(); ++i) model.emplace_back(next++, size);
    } else {
      std::vector<counted> into(static_cast<std::size_t>(draw_number("at most", 1, 6)));
      const std::size_t popped = e.pop_some(into);
      RC_ASSERT(popped == std::min(into.size(), model.size()));
      for (std::size_t i = 0; i < popped; ++i, model.pop_front()) RC_ASSERT(into[i].number() == model.front().first);
    }
    RC_ASSERT(e.size() == model.size());
    RC_ASSERT(e.bytes() == bytes_of(model));
    RC_ASSERT(counted::alive() == static_cast<std::int64_t>(model.size()));
  }
  const channel_stats s = e.stats();
  RC_ASSERT(s.pushed - s.popped == model.size());
  RC_ASSERT(s.items_high <= items);
  RC_ASSERT(s.bytes_high <= bytes);
  if (draw_bool("it is abandoned")) {
    e.abandon();
    RC_ASSERT(counted::alive() == 0);
    RC_ASSERT(e.stats().abandoned == model.size());
  }
}

TEST_CASE("channel: a walk of pushes and pops is that of a bounded queue") {
  CHECK(rc::check("walk", walk));
  CHECK(counted::alive() == 0);
}

TEST_CASE("channel: it wraps at every offset") {
  for (std::uint64_t offset = 0; offset < 9; ++offset) {
    edge e({4, 1000});
    counted one;
    for (std::uint64_t i = 0; i < offset; ++i) {
      one = counted(i, 3);
      REQUIRE(e.try_push(one).ok());
      REQUIRE(e.try_pop(one).ok());
    }
    for (std::uint64_t i = 0; i < 4; ++i) {
      one = counted(i, 3);
      REQUIRE(e.try_push(one).ok());
    }
    one = counted(9, 3);
    CHECK(code_of(e.try_push(one)) == errc::full);
    for (std::uint64_t i = 0; i < 4; ++i) {
      REQUIRE(e.try_pop(one).ok());
      CHECK(one.number() == i);
    }
    CHECK(code_of(e.try_pop(one)) == errc::empty);
  }
}

TEST_CASE("channel: what is in it drains after close, and then it is closed") {
  edge e({4, 1000});
  counted one(1, 1), two(2, 1), three(3, 1);
  REQUIRE(e.try_push(one).ok());
  REQUIRE(e.try_push(two).ok());
  e.close();
  CHECK(e.is_closed());
  CHECK_FALSE(e.is_drained());
  CHECK(code_of(e.try_push(three)) == errc::closed);
  CHECK(three.is_real());
  CHECK(e.pop(one, kNever).ok());
  CHECK(e.pop(two, kNever).ok());
  CHECK(e.is_drained());
  CHECK(code_of(e.pop(one, kNever)) == errc::closed);
}

TEST_CASE("channel: a deadline that has passed is late, and the item is still the caller's") {
  edge e({1, 1000});
  counted one(1, 1), two(2, 1), none;
  CHECK(code_of(e.pop(none, now_ns() - 1)) == errc::late);
  REQUIRE(e.push(one, now_ns() - 1).ok());
  CHECK(code_of(e.push(two, now_ns() - 1)) == errc::late);
  CHECK(two.is_real());
}

TEST_CASE("channel: the one who waits wakes when the other ends", "[threads]") {
  SECTION("a pop, when the producer closes") {
    edge e({1, 1000});
    std::jthread producer([&] { e.close(); });
    counted one;
    CHECK(code_of(e.pop(one, kNever)) == errc::closed);
  }
  SECTION("a push, when the consumer leaves") {
    edge e({1, 1000});
    counted one(1, 1), two(2, 1);
    REQUIRE(e.try_push(one).ok());
    std::jthread consumer([&] { e.abandon(); });
    CHECK(code_of(e.push(two, kNever)) == errc::closed);
    CHECK(two.is_real());
  }
}

TEST_CASE("channel: two threads pass all items in order, one at a time or many", "[threads]") {
  for (const std::size_t batch : {1u, 7u, 32u}) {
    constexpr std::uint64_t kItems = 20'000;
    edge e({16, 100});
    std::jthread producer([&] {
      std::vector<counted> some;
      for (std::uint64_t next = 0; next < kItems;) {
        while (some.size() < batch && next + some.size() < kItems) some.emplace_back(next + some.size(), next % 40);
        if (some.size() == 1) {
          if (!e.push(some.front(), kNever).ok()) return;
          ++next;
          some.clear();
          continue;
        }
        const auto pushed = e.push_some(some);
        if (!pushed.ok()) return;
        next += pushed.value();
        some.erase(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(pushed.value()));
        if (pushed.value() == 0) std::this_thread::yield();
      }
      e.close();
    });
    std::array<counted, 8> into;
    std::uint64_t came = 0;
    bool in_order = true;
    while (!e.is_drained()) {
      const std::size_t popped = e.pop_some(into);
      for (std::size_t i = 0; i < popped; ++i) in_order = in_order && into[i].number() == came++;
      if (popped == 0) std::this_thread::yield();
    }
    CHECK(came == kItems);
    CHECK(in_order);
  }
  CHECK(counted::alive() == 0);
}

}  // namespace
}  // namespace copycost::graph
