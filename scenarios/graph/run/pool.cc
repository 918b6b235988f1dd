// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/run/pool.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <vector>

#include "scenarios/graph/run/alarm.h"

namespace copycost::graph {

class pool::workers {
  enum class state : std::uint8_t { resting, queued, running, rang_while_running };

 public:
  struct slot {
    workers* of = nullptr;
    runnable* node = nullptr;
    std::size_t number = 0;
    std::atomic<state> is{state::resting};
  };

  workers(std::size_t nodes, unsigned count)
      : most_(tbb::global_control::max_allowed_parallelism, count + 1),
        arena_(static_cast<int>(count), 0),
        slots_(nodes) {
    for (std::size_t i = 0; i < nodes; ++i) {
      slots_[i].of = this;
      slots_[i].number = i;
    }
  }

  slot& at(std::size_t number) { return slots_[number]; }

  void start(std::span<runnable* const> nodes) {
    for (std::size_t i = 0; i < nodes.size(); ++i) slots_[i].node = nodes[i];
    alarm_.emplace(nodes.size(), [this](std::size_t number) { ring(slots_[number]); });
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
    arena_.execute([this] { group_.wait(); });
  }

 private:
  void submit(slot& s, bool may_keep) {
    if (may_keep && works_for_ == this && ++in_a_row_ % kInARow != 0)
      group_.run([&s] { s.of->run(s); });
    else
      arena_.enqueue(group_.defer([&s] { s.of->run(s); }));
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

  static thread_local const workers* works_for_;  // of a thread that is in run()
  static thread_local unsigned in_a_row_;

  const tbb::global_control most_;
  tbb::task_arena arena_;
  tbb::task_group group_;
  std::vector<slot> slots_;
  std::optional<alarm> alarm_;
};

thread_local const pool::workers* pool::workers::works_for_ = nullptr;
thread_local unsigned pool::workers::in_a_row_ = 0;

pool::pool(std::size_t nodes, unsigned workers_wanted)
    : is_(std::make_unique<workers>(
          nodes, workers_wanted != 0 ? workers_wanted : std::max(1u, std::thread::hardware_concurrency()))) {}
pool::~pool() { join(); }

void pool::ring(void* slot) noexcept {
  auto& s = *static_cast<workers::slot*>(slot);
  s.of->ring(s);
}
void* pool::slot(std::size_t number) { return &is_->at(number); }

result<void> pool::start(std::span<runnable* const> nodes) {
  is_->start(nodes);
  return {};
}
void pool::join() { is_->join(); }

}  // namespace copycost::graph
