// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/run/runnable.h"

namespace copycost::graph {

progress runnable::step() noexcept {
  if (ended_.load(std::memory_order_relaxed)) return progress::done;
  const std::uint32_t asked = enter();
  const bool paused = (asked & (gate::kPause | gate::kAbort)) == gate::kPause;
  const progress p = paused ? progress::paused : take_turn();
  if (p == progress::done) ended_.store(true, std::memory_order_release);
  leave();
  if (p == progress::done) gate_.ended();
  return p;
}

void runnable::run_to_end() noexcept {
  may_wait_ = true;
  for (progress p; (p = step()) != progress::done;) {
    if (p == progress::more) continue;
    if (p == progress::idle) {
      const std::uint32_t at = wake_.seen();
      // The one who asks something rings, but perhaps before seen().
      if (gate_.asked() == 0) wake_.wait(at, ask_again_ns(p));
      continue;
    }
    wake_.wait_until(
        [&] {
          p = step();
          return p == progress::more || p == progress::done || p == progress::idle;
        },
        ask_again_ns(p));
  }
  may_wait_ = false;
}

}  // namespace copycost::graph
