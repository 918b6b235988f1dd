// SPDX-License-Identifier: Apache-2.0
//
// What one thread waits for and others notify: that something may have changed, not what.
//
//   waiter     nothing to do --> seen() --> looks once more --> wait()      or wait_until(a condition)
//   notifiers  change something --> notify()
//
//   word  [ how often it rang, 30 bits | asleep | listening ]
//
// seen() says that the waiter listens, and the next notify() rings and ends that. What changes after seen() wakes the
// wait() that has its answer, at once when it has rung already. Listening without waiting does no harm: one notify()
// more rings.
//
// An event can also call a function when it rings, so that a pool of workers starts what listens: once each seen(), in
// the thread that notifies.
//
// Lifetime: it outlives every thread that may notify it.
// Threads: notify() from any; everything else belongs to one thread at a time, the waiter.
// Cost: notify() is a load while the waiter does not listen. seen() is some microseconds, unless it listens already
// (fences.h).
#pragma once
#include <atomic>
#include <cstdint>

#include "scenarios/common/futex.h"
#include "scenarios/graph/run/channel/fences.h"
#include "scenarios/graph/run/channel/never.h"

namespace copycost::graph {

inline constexpr std::size_t kApart = 128;  // two cache lines: neighbours are fetched in pairs

class alignas(kApart) event {
 public:
  // Turns that a wait spins before it sleeps: some microseconds, less than it takes to wake a thread.
  static constexpr unsigned kSpins = 200;
  using callback = void (*)(void* with) noexcept;

  explicit event(unsigned spins = kSpins) : spins_(spins) {}
  // Calls `call` with `with` whenever it rings.
  event(callback call, void* with) : spins_(kSpins), call_(call), with_(with) {}
  event(const event&) = delete;
  event& operator=(const event&) = delete;

  // REQUIRES: no thread waits now.
  void set_spins(unsigned spins) { spins_ = spins; }

  // After a change that the waiter may wait for.
  void notify() {
    light_fence();
    if ((word_.load(std::memory_order_relaxed) & kListening) != 0) [[unlikely]]
      ring();
  }

  // Listens from here on. Call it when there is nothing to do, and look once more before wait().
  std::uint32_t seen();
  // Waits until it rang since `seen`. False: the deadline passed before.
  bool wait(std::uint32_t seen, std::int64_t deadline_ns);
  // Waits until ready() answers true. False: the deadline passed, and it still did not. It is asked again and again
  // while this spins, and then after each ring; the thread that makes it true notifies.
  template <class Ready>
  bool wait_until(Ready&& ready, std::int64_t deadline_ns) {
    for (unsigned turns = 0; turns < spins_; ++turns) {
      if (ready()) return true;
      spin_pause();
    }
    for (;;) {
      const std::uint32_t at = seen();
      if (ready()) return true;
      if (!sleep(at, deadline_ns)) return ready();
    }
  }

 private:
  static constexpr std::uint32_t kListening = 1, kAsleep = 2, kRing = 4;
  void ring();
  bool sleep(std::uint32_t seen, std::int64_t deadline_ns);

  std::atomic<std::uint32_t> word_{0};
  unsigned spins_;
  const callback call_ = nullptr;
  void* const with_ = nullptr;
};

}  // namespace copycost::graph
