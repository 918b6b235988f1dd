// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <string>
#include <system_error>
#include <thread>

#include "harness/limits/counting.h"
#include "harness/limits/placement.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {
namespace {

// On a busy machine two threads run together only now and then: try for so many budgets, then say so.
constexpr int kBudgetsMax = 10;

struct shared_count {
  alignas(kApartBytes) std::atomic<std::uint32_t> count{1};
  alignas(kApartBytes) std::atomic<std::uint64_t> done{0};  // pairs by the partner
  alignas(kApartBytes) std::atomic<bool> over{false};
};

// Reports progress rarely, because a plain store beside a locked instruction costs time itself.
constexpr std::uint64_t kReportEvery = 16;
constexpr std::uint64_t kPairsMin = 4096;  // in a batch, so that progress is known to a small fraction

void count_until_over(shared_count& shared) {
  while (!shared.over.load(std::memory_order_relaxed)) {
    for (std::uint64_t i = 0; i < kReportEvery; ++i) count_up_and_down(shared.count);
    shared.done.store(shared.done.load(std::memory_order_relaxed) + kReportEvery, std::memory_order_relaxed);
  }
}

// Nanoseconds for `ops` pairs of each of the two threads, from a stretch in which both ran.
double time_overlapping(shared_count& shared, std::uint64_t ops, std::int64_t deadline_ns) {
  for (;;) {
    const std::uint64_t before = shared.done.load(std::memory_order_relaxed);
    const double took_ns = time_operations(ops, [&] { count_up_and_down(shared.count); });
    const std::uint64_t others = shared.done.load(std::memory_order_relaxed) - before;
    if (overlapped(ops, others)) return took_ns * static_cast<double>(ops) * 2 / static_cast<double>(ops + others);
    if (now_ns() > deadline_ns) {
      throw std::system_error(std::make_error_code(std::errc::timed_out),
                              "limit refcount_pair_2t: the two threads never ran at the same time");
    }
  }
}

// The word that travels counts half trips: odd values go there, even ones come back.
using travelling_word = std::atomic<std::uint64_t>;
constexpr std::uint64_t kStart = 2, kStop = 0;

// Waits until the word is no longer `seen` and returns what it is. Spins, and gives the processor away when the other
// thread seems not to run.
std::uint64_t await_change(const travelling_word& word, std::uint64_t seen) {
  constexpr unsigned kSpinsBeforeYield = 1 << 14;
  for (unsigned spins = 1;; ++spins) {
    const std::uint64_t now = word.load(std::memory_order_acquire);
    if (now != seen) return now;
    if (spins % kSpinsBeforeYield == 0) std::this_thread::yield();
  }
}

void answer_until_stopped(travelling_word& word) {
  for (std::uint64_t seen = kStart;;) {
    const std::uint64_t now = await_change(word, seen);
    if (now == kStop) return;
    seen = now + 1;
    word.store(seen, std::memory_order_release);
  }
}

}  // namespace

sample refcount_pair_2t(std::uint64_t, std::chrono::nanoseconds budget) {
  const processor_pair place = require_two_processors("refcount_pair_2t");
  const pinned here(place.first);
  shared_count shared;
  const partner other(
      place.second, [&] { count_until_over(shared); }, [&] { shared.over = true; });
  const std::int64_t deadline_ns = now_ns() + kBudgetsMax * budget.count();
  return repeat({budget, 0, kPairsMin}, [&](std::uint64_t ops) { return time_overlapping(shared, ops, deadline_ns); });
}

sample cache_line_round_trip(std::uint64_t, std::chrono::nanoseconds budget) {
  constexpr std::uint64_t kWarmUpTrips = 64;  // the partner has to start first
  const processor_pair place = require_two_processors("cache_line_round_trip");
  const pinned here(place.first);
  alignas(kApartBytes) travelling_word word{kStart};
  alignas(kApartBytes) std::uint64_t sent = kStart;
  const partner other(
      place.second, [&] { answer_until_stopped(word); }, [&] { word = kStop; });
  const auto trip = [&] {
    word.store(++sent, std::memory_order_release);
    sent = await_change(word, sent);
  };
  (void)time_operations(kWarmUpTrips, trip);
  return repeat({budget}, [&](std::uint64_t ops) { return time_operations(ops, trip); });
}

}  // namespace copycost::limits::detail
