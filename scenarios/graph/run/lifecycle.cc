// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/run/lifecycle.h"

#include <algorithm>
#include <chrono>

#include "harness/base/now.h"

namespace copycost::graph {

lifecycle::~lifecycle() {
  if (started_) (void)stop_now();
}

result<void> lifecycle::start() {
  if (started_.exchange(true)) return error{errc::already_running};
  const auto begun = [this] {
    const std::lock_guard lock(joins_);
    return executor_.start(nodes_);
  }();
  if (begun.ok()) return {};
  request_stop_now();
  // The others have no thread.
  for (std::size_t i = static_cast<std::size_t>(begun.error().expected); i < nodes_.size(); ++i) nodes_[i]->step();
  wait_for_end(kNever);
  return begun;
}

result<void> lifecycle::pause() {
  if (!is_running()) return error{errc::not_running};
  gate_.ask(gate::kPause);
  heavy_fence();  // which stands by what runnable::enter() and leave() say
  gate_.wait_for(
      [this] {
        return !gate_.is_paused() ||
               std::all_of(nodes_.begin(), nodes_.end(), [](auto* n) { return n->is_standing(); });
      },
      kNever);
  if (!gate_.is_paused()) return error{errc::stopped};
  if (gate_.all_ended()) return error{errc::not_running};
  return {};
}

result<void> lifecycle::resume() {
  if (!is_running() || !gate_.is_paused()) return error{errc::not_paused};
  gate_.take_back(gate::kPause);
  return {};
}

void lifecycle::request_stop() {
  gate_.ask(gate::kDrain);
  gate_.take_back(gate::kPause);
}

result<void> lifecycle::stop(std::int64_t deadline_ns) {
  if (!started_) return error{errc::not_running};
  request_stop();
  const bool in_time = wait_for_end(deadline_ns);
  if (!in_time) {
    request_stop_now();
    wait_for_end(kNever);
  }
  if (const auto failed = gate_.fatal()) return *failed;
  if (!in_time) return error{errc::late};
  return {};
}

result<void> lifecycle::stop_now() {
  if (!started_) return error{errc::not_running};
  request_stop_now();
  wait_for_end(kNever);
  return {};
}

result<void> lifecycle::wait() {
  if (!started_) return error{errc::not_running};
  wait_for_end(kNever);
  if (const auto failed = gate_.fatal()) return *failed;
  if ((gate_.asked() & gate::kAbort) != 0) return error{errc::stopped};
  return {};
}

bool lifecycle::wait_for_end(std::int64_t deadline_ns) {
  const bool ended =
      by_hand_ ? step_to_end(deadline_ns) : gate_.wait_for([this] { return gate_.all_ended(); }, deadline_ns);
  if (ended) {
    const std::lock_guard lock(joins_);
    executor_.join();
  }
  return ended;
}

bool lifecycle::step_to_end(std::int64_t deadline_ns) {
  constexpr std::chrono::microseconds kBetweenLooks{100};
  while (!gate_.all_ended()) {
    if (step_all() == progress::more) continue;
    if (gate_.all_ended()) return true;
    if (deadline_ns != kNever && now_ns() >= deadline_ns) return false;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return true;
}

progress lifecycle::step_all() noexcept {
  bool moved = false, paused = false, idle = false, all_done = true;
  for (runnable* const one : nodes_) {
    if (one->has_ended()) continue;
    const progress p = one->step();
    moved |= p == progress::more || p == progress::done;
    paused |= p == progress::paused;
    idle |= p == progress::idle;
    all_done &= p == progress::done;
  }
  if (all_done) return progress::done;
  if (moved) return progress::more;
  return paused ? progress::paused : idle ? progress::idle : progress::waiting;
}

}  // namespace copycost::graph
