// SPDX-License-Identifier: Apache-2.0
//
// One node of a run, as what gives it processor time sees it.
//
//   step() --> more: again            waiting: when wake() rings or at ask_again_ns()
//              idle: after a while    paused: when wake() rings        done: never again
//
// Lifetime: the run owns it; the gate outlives it.
// Threads: one at a time steps; has_ended() and is_standing() from any.
// Cost: a virtual call a turn.
#pragma once
#include <atomic>
#include <cstdint>

#include "scenarios/graph/run/channel/event.h"
#include "scenarios/graph/run/gate.h"

namespace copycost::graph {

enum class progress : std::uint8_t {
  more,     // something moved
  waiting,  // for an item, for room, or for a time
  idle,     // a source has nothing now
  paused,
  done
};

class runnable {
 public:
  runnable(gate& all, unsigned spins) : gate_(all), wake_(spins) { gate_.add(wake_); }
  // Calls `call` with `with` instead of waking a thread.
  runnable(gate& all, event::callback call, void* with) : gate_(all), wake_(call, with) { gate_.add(wake_); }
  virtual ~runnable() = default;
  runnable(const runnable&) = delete;
  runnable& operator=(const runnable&) = delete;

  // One turn, at most. Does not wait.
  progress step() noexcept;
  // Until there is nothing to do now. Answers anything but `more`.
  progress run_until_idle() noexcept {
    for (;;)
      if (const progress p = step(); p != progress::more) return p;
  }
  // Until it has ended; the thread sleeps where there is nothing to do. Only here send() waits for room: a node that is
  // stepped gathers what one call of it sends beyond the room there is, and is not called again before that is out.
  void run_to_end() noexcept;

  // Rings when step() may have something to do. VALID UNTIL: this is destroyed.
  event& wake() { return wake_; }
  // When it is to be stepped though nothing rang, on the clock of now_ns(), after step() answered `p`.
  std::int64_t ask_again_ns(progress p) const { return p == progress::paused ? kNever : next_look_ns(p); }
  bool has_ended() const { return ended_.load(std::memory_order_acquire); }
  // Whether no thread is in it, except one that waits for room.
  bool is_standing() const { return !inside_.load(std::memory_order_acquire); }

 protected:
  // What a step does when it is not paused.
  virtual progress take_turn() noexcept = 0;
  virtual std::int64_t next_look_ns(progress p) const = 0;
  gate& all() const { return gate_; }
  // Whether a call that is not done may sleep in wait_inside().
  bool may_wait() const { return may_wait_; }
  // Sleeps in the middle of a turn until once() answers true, or everything is to end; meanwhile it stands. once() is
  // called again and again, but not while the run is paused.
  template <class Once>
  void wait_inside(Once once) {
    leave();
    wake_.wait_until(
        [&] {
          if ((enter() & gate::kAbort) != 0) return true;
          if (!gate_.is_paused() && once()) return true;
          leave();
          return false;
        },
        kNever);
  }

 private:
  // What enters sees a pause, or the one who pauses sees it inside.
  std::uint32_t enter() {
    inside_.store(true, std::memory_order_relaxed);
    light_fence();
    return gate_.asked();
  }
  void leave() {
    inside_.store(false, std::memory_order_release);
    light_fence();
    if ((gate_.asked() & gate::kPause) != 0) [[unlikely]]
      gate_.stood();
  }

  gate& gate_;
  event wake_;
  std::atomic<bool> inside_{false}, ended_{false};
  bool may_wait_ = false;
};

}  // namespace copycost::graph
