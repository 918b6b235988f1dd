// SPDX-License-Identifier: Apache-2.0
//
// Laws about threads, which share, cut, branch, write, hand over and drop items of common bytes. Built with
// ThreadSanitizer they are also tests of the orderings.
#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <latch>
#include <mutex>
#include <optional>
#include <thread>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

// An item and what it must hold.
struct known_item {
  any_item is;
  model_item m;
};

// Where threads leave items for each other, so that an item is written and dropped by another thread than made it.
class mailbox {
 public:
  void put(known_item k) {
    const std::lock_guard lock(mutex_);
    held_.push_back(std::move(k));
  }
  std::optional<known_item> get() {
    const std::lock_guard lock(mutex_);
    if (held_.empty()) return std::nullopt;
    std::optional<known_item> k(std::move(held_.front()));
    held_.pop_front();
    return k;
  }

 private:
  std::mutex mutex_;
  std::deque<known_item> held_;  // guarded by mutex_
};

struct common_ground {
  common_ground(ground& on, std::ptrdiff_t threads) : g(on), start(threads) {}
  ground& g;
  std::vector<known_item> sources;  // read by all threads, changed by none
  mailbox mail;
  std::latch start;
  std::atomic<int> wrong{0};
};

// Owners come and go so fast, and for so long, that threads meet at the count even when they do not start together.
constexpr int kMeetings = 5'000;

// One thread's life, with a maker of its own. Nothing here may throw: an assertion belongs to the thread that runs the
// property.
class life {
 public:
  life(common_ground& all, std::uint64_t seed) : all_(all), m_(all.g.x), random_(seed) {}
  void run(std::uint64_t steps) {
    all_.start.arrive_and_wait();
    for (int i = 0; i < kMeetings; ++i) (void)all_.sources.front().is.share();
    for (std::uint64_t i = 0; i < steps; ++i) {
      step();
      if (own_.size() > 6) own_.erase(own_.begin() + static_cast<std::ptrdiff_t>(random_.below(own_.size())));
      if (random_.below(8) == 0) m_.end_batch();
    }
  }

 private:
  bool is_right(const known_item& k) {
    const bool right = difference(all_.g.x, k.is, k.m).empty();
    if (!right) ++all_.wrong;
    return right;
  }
  // Counts an operation that fails; no step of this life may.
  template <class T>
  bool succeeds(const result<T>& r) {
    if (!r.ok()) ++all_.wrong;
    return r.ok();
  }
  void step() {
    if (own_.empty() || random_.below(3) == 0) {
      const known_item& from = all_.sources[random_.below(all_.sources.size())];
      if (is_right(from)) own_.push_back({from.is.share(), from.m});
    }
    if (own_.empty()) return;
    known_item& k = own_[random_.below(own_.size())];
    if (!is_right(k)) return;
    switch (random_.below(6)) {
      case 0:
        return cut(k);
      case 1:
        return branch(k);
      case 2:
        return write(k);
      case 3:
        return all_.mail.put({k.is.share(), k.m});
      case 4:
        if (auto made = m_.copy(k.is.meta(), k.is.bytes()); succeeds(made))
          own_.push_back({std::move(made).value(), k.m});
        return;
      default:
        if (auto got = all_.mail.get(); got && is_right(*got)) own_.push_back(std::move(*got));
    }
  }
  void cut(const known_item& k) {
    const std::size_t size = k.m.bytes.size(), pos = random_.below(size + 1), len = random_.below(size - pos + 1);
    auto part = m_.part(k.is, pos, len, k.is.meta());
    auto expected = oracle::part(k.m, pos, len, k.m.meta);
    if (succeeds(part) && succeeds(expected)) own_.push_back({std::move(part).value(), std::move(expected).value()});
  }
  void branch(known_item& k) {
    std::array<any_item, 4> to;
    if (!succeeds(any_design::fan_out(std::move(k.is), to))) return;
    k.is = std::move(to[0]);
    all_.mail.put({std::move(to[1]), k.m});
    any_design::drop(to);
  }
  void write(known_item& k) {
    const auto room = m_.make_unique(k.is);
    if (!succeeds(room)) return;
    k.m.bytes = random_bytes(k.m.bytes.size(), random_);
    std::ranges::copy(k.m.bytes, room.value().begin());
    is_right(k);
  }

  common_ground& all_;
  any_maker m_;
  rng random_;
  std::vector<known_item> own_;
};

void threads_share_write_and_drop(facade_maker make) {
  ground g(make);
  const std::uint64_t count = draw_number("threads", 2, 4), seed = draw_number("seed", 0, 999),
                      steps = draw_number("steps", 1, 200);
  common_ground all(g, static_cast<std::ptrdiff_t>(count));
  for (std::uint64_t n = draw_number("sources", 1, 3); n > 0; --n) {
    model_item m = draw_small_item("source");
    if (m.meta.headers.size() > 8) m.meta.headers.resize(8);  // they are compared all the time
    any_item one = draw_made(g, m, "way");
    all.sources.push_back({std::move(one), std::move(m)});
  }
  std::vector<std::uint64_t> owners;
  for (const known_item& k : all.sources) owners.push_back(k.is.use_count());
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < count; ++t)
      threads.emplace_back([&all, seed, t, steps] { life(all, seed * 8 + t).run(steps); });
  }
  RC_ASSERT(all.wrong.load() == 0);
  while (const auto k = all.mail.get()) check_equals(g.x, k->is, k->m);
  for (std::size_t i = 0; i < owners.size(); ++i) {
    check_equals(g.x, all.sources[i].is, all.sources[i].m);
    RC_ASSERT(all.sources[i].is.use_count() == owners[i]);
  }
}

// Readers of a branch each, while one thread after the other makes its own branch unique and writes.
void branches_are_written_beside_readers(facade_maker make) {
  ground g(make);
  model_item m = draw_small_item("item");
  const std::uint64_t count = draw_number("threads", 2, 4), writers = draw_number("writers", 1, count);
  for (std::uint64_t rounds = draw_number("rounds", 1, 20); rounds > 0; --rounds) {
    std::vector<any_item> to(count);
    must(any_design::fan_out(draw_made(g, m, "way"), to));
    std::atomic<int> wrong{0};
    std::latch start(static_cast<std::ptrdiff_t>(count));
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < count; ++t)
      threads.emplace_back([&, t, own = std::move(to[t])]() mutable {
        any_maker maker(g.x);
        model_item expected = m;
        start.arrive_and_wait();
        if (t < writers) {
          const auto room = maker.make_unique(own);
          if (!room.ok()) return void(++wrong);
          std::ranges::fill(room.value(), static_cast<std::byte>(t));
          std::ranges::fill(expected.bytes, static_cast<std::byte>(t));
        }
        if (!difference(g.x, own, expected).empty()) ++wrong;
      });
    threads.clear();
    RC_ASSERT(wrong.load() == 0);
  }
}

}  // namespace

law_list sharing() {
  return {
      law_of<threads_share_write_and_drop>(
          "threads share, cut, branch, write, hand over and drop items of common bytes; at the end one owner is left",
          {.cost = 10, .threads = kThreads}),
      law_of<branches_are_written_beside_readers>(
          "a branch that is made unique and written in one thread is not seen by those who read theirs in others",
          {.cost = 10, .threads = kThreads}),
  };
}

}  // namespace copycost::graph::properties
