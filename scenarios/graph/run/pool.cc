// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/run/pool.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <vector>

#include "harness/base/sanitizer.h"
#include "scenarios/graph/run/alarm.h"
#include "scenarios/graph/run/workers.h"

namespace copycost::graph {

class pool::nodes {
  enum class state : std::uint8_t { resting, queued, running, rang_while_running };

 public:
  struct slot {
    nodes* of = nullptr;
    runnable* node = nullptr;
    std::size_t number = 0;
    std::atomic<state> is{state::resting};
  };

  nodes(std::size_t count, unsigned workers_wanted) : slots_(count), workers_(workers_wanted, &run_slot) {
    for (std::size_t i = 0; i < count; ++i) {
      slots_[i].of = this;
      slots_[i].number = i;
    }
  }

  slot& at(std::size_t number) { return slots_[number]; }

  void start(std::span<runnable* const> all) {
    for (std::size_t i = 0; i < all.size(); ++i) slots_[i].node = all[i];
    alarm_.emplace(all.size(), [this](std::size_t number) { ring(slots_[number]); });
    for (slot& s : slots_) ring(s);
  }

  void ring(slot& s) {
    state now = s.is.load(std::memory_order_acquire);
    for (;;) {
      if (now == state::queued || now == state::rang_while_running) return;
      const state then = now == state::resting ? state::queued : state::rang_while_running;
      if (s.is.compare_exchange_weak(now, then, std::memory_order_acq_rel)) break;
    }
    if (now == state::resting) submit(s, true);
  }

  void join() {
    if (!alarm_) return;  // not started, or joined
    alarm_.reset();
    workers_.wait();
    gets(this);
  }

 private:
  void submit(slot& s, bool may_keep) {
    passes_on(&s);
    if (may_keep && works_for_ == this && ++in_a_row_ % kInARow != 0)
      workers_.push_here(&s);
    else
      workers_.push_last(&s);
  }

  static void run_slot(void* place) {
    gets(place);
    slot& s = *static_cast<slot*>(place);
    nodes* const all = s.of;
    all->run(s);
    passes_on(all);
  }
  void run(slot& s) {
    works_for_ = this;
    s.is.exchange(state::running, std::memory_order_acq_rel);  // what the worker before it did in the node is seen
    progress p = progress::more;
    for (unsigned i = 0; i < kSteps && p == progress::more; ++i) p = s.node->step();
    if (p == progress::waiting || p == progress::paused) {
      s.node->wake().seen();  // what comes from here on rings
      p = s.node->step();
    }
    if (p == progress::idle) s.node->wake().seen();
    if (p != progress::done) rest_or_go_on(s, p);  // one that has ended stays `running` and is never queued again
    works_for_ = nullptr;
  }

  void rest_or_go_on(slot& s, progress p) {
    if (p != progress::more) {
      if (const std::int64_t when = s.node->ask_again_ns(p); when != kNever) alarm_->set(s.number, when);
      state now = state::running;
      if (s.is.compare_exchange_strong(now, state::resting, std::memory_order_acq_rel)) return;
    }
    s.is.store(state::queued, std::memory_order_release);
    submit(s, false);
  }

  static thread_local const nodes* works_for_;  // of a thread that is in run()
  static thread_local unsigned in_a_row_;

  std::vector<slot> slots_;
  workers workers_;
  std::optional<alarm> alarm_;
};

thread_local const pool::nodes* pool::nodes::works_for_ = nullptr;
thread_local unsigned pool::nodes::in_a_row_ = 0;

pool::pool(std::size_t count, unsigned workers_wanted)
    : is_(std::make_unique<nodes>(
          count, workers_wanted != 0 ? workers_wanted : std::max(1u, std::thread::hardware_concurrency()))) {}
pool::~pool() { is_->join(); }

void pool::ring(void* slot) noexcept {
  auto& s = *static_cast<nodes::slot*>(slot);
  s.of->ring(s);
}
void* pool::slot(std::size_t number) { return &is_->at(number); }

result<void> pool::start(std::span<runnable* const> all) {
  is_->start(all);
  return {};
}
void pool::join() { is_->join(); }

}  // namespace copycost::graph
