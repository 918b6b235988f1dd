// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/run/alarm.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/base/now.h"
#include "scenarios/graph/run/channel/never.h"

namespace copycost::graph {

alarm::alarm(std::size_t numbers, std::function<void(std::size_t)> call)
    : call_(std::move(call)), when_(numbers, kNever), thread_([this] { run(); }) {}

alarm::~alarm() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void alarm::set(std::size_t number, std::int64_t when_ns) {
  const std::lock_guard lock(mutex_);
  const std::int64_t earliest = *std::min_element(when_.begin(), when_.end());
  when_[number] = when_ns;
  if (when_ns < earliest) changed_.notify_all();
}

void alarm::run() {
  constexpr std::int64_t kLongest = 3'600'000'000'000;
  std::unique_lock lock(mutex_);
  while (!ends_) {
    const auto first = std::min_element(when_.begin(), when_.end());
    if (first == when_.end() || *first == kNever) {
      changed_.wait(lock);
      continue;
    }
    const std::int64_t left = *first - now_ns();
    if (left > 0) {
      changed_.wait_for(lock, std::chrono::nanoseconds(std::min(left, kLongest)));
      continue;
    }
    *first = kNever;
    lock.unlock();
    call_(static_cast<std::size_t>(first - when_.begin()));
    lock.lock();
  }
}

}  // namespace copycost::graph
