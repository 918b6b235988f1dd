// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/run/channel/event.h"

#include <algorithm>

#include "harness/base/now.h"

namespace copycost::graph {
namespace {
constexpr std::int64_t kLongest = 500'000'000;  // one sleep; futex_wait() takes less than a second
}  // namespace

std::uint32_t event::seen() {
  const std::uint32_t now = word_.load(std::memory_order_acquire);
  if ((now & kListening) != 0) return now;  // it did not ring since the last fence
  const std::uint32_t at = word_.fetch_or(kListening, std::memory_order_acq_rel) | kListening;
  heavy_fence();
  return at;
}

bool event::wait(std::uint32_t seen, std::int64_t deadline_ns) {
  for (unsigned turns = 0; turns < spins_; ++turns) {
    if (word_.load(std::memory_order_acquire) != seen) return true;
    spin_pause();
  }
  return sleep(seen, deadline_ns);
}

bool event::sleep(std::uint32_t seen, std::int64_t deadline_ns) {
  std::uint32_t now = seen;
  if (!word_.compare_exchange_strong(now, seen | kAsleep, std::memory_order_acq_rel)) return true;
  for (;;) {
    const std::int64_t left = deadline_ns == kNever ? kLongest : deadline_ns - now_ns();
    if (left <= 0) {
      now = seen | kAsleep;
      return !word_.compare_exchange_strong(now, seen, std::memory_order_acq_rel);
    }
    futex_wait(word_, seen | kAsleep, static_cast<long>(std::min(left, kLongest)));
    if (word_.load(std::memory_order_acquire) != (seen | kAsleep)) return true;
  }
}

// The thread that takes the bit away wakes; others that notify meanwhile have nothing to do.
void event::ring() {
  std::uint32_t now = word_.load(std::memory_order_relaxed);
  do {
    if ((now & kListening) == 0) return;
  } while (!word_.compare_exchange_weak(now, (now & ~(kListening | kAsleep)) + kRing, std::memory_order_acq_rel));
  if ((now & kAsleep) != 0) futex_wake(word_, 1);
  if (call_ != nullptr) call_(with_);
}

}  // namespace copycost::graph
