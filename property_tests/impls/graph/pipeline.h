// SPDX-License-Identifier: Apache-2.0
//
// Items of one design in three threads: a source makes batches, a worker cuts, shares and changes what it gets, a sink
// looks at everything and drops it, side by side or one by one.
//
// Threads: run() starts three and waits for them.
#pragma once
#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "property_tests/impls/graph/lent.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph::test {

template <class T>
class hand_over {
 public:
  void push(T one) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(one));
    there_.notify_one();
  }
  T pop() {
    std::unique_lock lock(mutex_);
    there_.wait(lock, [&] { return !all_.empty(); });
    T one = std::move(all_.front());
    all_.pop_front();
    return one;
  }

 private:
  std::mutex mutex_;
  std::condition_variable there_;
  std::deque<T> all_;  // guarded by mutex_
};

// Every byte of an item is its key; aborts when one is not.
template <design D>
class pipeline {
  using item = typename D::item;
  using batch = std::vector<item>;  // an empty one is the end

 public:
  pipeline(typename D::context& x, lender& from) : context_(x), lender_(from) {}

  // Answers how many items the sink saw.
  std::size_t run(unsigned batches, unsigned items) {
    std::thread source([&] { make(batches, items); }), worker([&] { work(); });
    std::size_t seen = 0;
    std::thread sink([&] { seen = drain(); });
    source.join();
    worker.join();
    sink.join();
    return seen;
  }

 private:
  static void require(bool ok) {
    if (!ok) std::abort();
  }
  static bool is_sound(const item& one) {
    const auto fill = static_cast<std::byte>(one.meta().key);
    const bytes_view bytes = one.bytes();
    return std::all_of(bytes.begin(), bytes.end(), [&](std::byte b) { return b == fill; });
  }

  void make(unsigned batches, unsigned items) {
    typename D::maker maker(context_);
    const header list[] = {{1, 2}, {3, 4}};
    for (unsigned b = 0; b < batches; ++b) {
      batch all;
      for (unsigned i = 0; i < items; ++i) {
        const unsigned key = (b * items + i) & 0x7F;
        const metadata meta{7, key, i % 3 == 0 ? std::span(list) : std::span<const header>()};
        const std::vector<std::byte> bytes(20 + i, static_cast<std::byte>(key));
        auto made = i % 5 == 0 ? maker.adopt(meta, lender_.lend(bytes)) : maker.copy(meta, bytes);
        all.push_back(std::move(made).value());
      }
      maker.end_batch();
      to_worker_.push(std::move(all));
    }
    to_worker_.push({});
  }
  void work() {
    typename D::maker maker(context_);
    for (batch in = to_worker_.pop(); !in.empty(); in = to_worker_.pop()) {
      batch out;
      for (std::size_t i = 0; i < in.size(); ++i) handle(maker, std::move(in[i]), i, out);
      maker.end_batch();
      to_sink_.push(std::move(out));
    }
    to_sink_.push({});
  }
  // One item becomes two.
  static void handle(typename D::maker& maker, item one, std::size_t i, batch& out) {
    require(is_sound(one));
    const metadata meta = one.meta();
    const header other[] = {{9, 9}};
    batch two(2);
    if (i % 4 == 0) {
      two[0] = std::move(maker.part(one, 3, 10, {meta.source, meta.key, meta.headers})).value();
      two[1] = std::move(maker.part(one, 5, 10, {meta.source, meta.key, other})).value();
    } else if (i % 4 == 1) {
      two[0] = one.share();
      const auto room = maker.make_unique(one);
      require(room.ok() && room.value().size() == two[0].size());
      for (std::byte& b : room.value()) b = std::byte{0xF0};
      two[1] = std::move(maker.part(one, 0, one.size(), {meta.source, 0xF0, {}})).value();
    } else {
      require(D::fan_out(std::move(one), two).ok());
    }
    for (item& each : two) out.push_back(std::move(each));
  }
  std::size_t drain() {
    std::size_t seen = 0;
    for (batch in = to_sink_.pop(); !in.empty(); in = to_sink_.pop()) {
      for (const item& one : in) require(is_sound(one));
      seen += in.size();
      if (seen % 4 == 0) D::drop(in);
    }
    return seen;
  }

  typename D::context& context_;
  lender& lender_;
  hand_over<batch> to_worker_, to_sink_;
};

}  // namespace copycost::graph::test
