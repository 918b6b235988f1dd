// SPDX-License-Identifier: Apache-2.0
#include "harness/core/stage_control.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "harness/base/failure.h"
#include "harness/base/now.h"

namespace copycost::detail {
namespace {

inline void relax() {
#ifdef __x86_64__
  __builtin_ia32_pause();
#endif
}

[[noreturn]] void give_up(const control& c) { throw failure(c.code, c.line); }

// One look at the world while waiting: `round` counts up.
void look(control& c, unsigned round, std::int64_t deadline, const std::function<void()>& poll) {
  if (round % 64 != 0) return relax();
  sched_yield();
  if (round % 4096 != 0) return;
  if (c.has_failed()) give_up(c);
  if (poll) poll();
  if (now_ns() > deadline) {
    c.fail({exit_code::incorrect, "the roles waited for each other past the time limit"});
    give_up(c);
  }
}

}  // namespace

void control::fail(const fault& why) {
  std::uint32_t expected = 0;
  if (!failed.compare_exchange_strong(expected, 1, std::memory_order_acq_rel)) return;
  const std::size_t size = std::min(why.why.size(), sizeof line - 1);
  std::memcpy(line, why.why.data(), size);
  line[size] = 0;
  code = why.code;
  failed.store(2, std::memory_order_release);
}

void wait_for_all(control& c, unsigned roles, const std::function<void()>& poll) {
  const std::uint32_t mine = c.generation.load(std::memory_order_acquire);
  if (c.arrived.fetch_add(1, std::memory_order_acq_rel) + 1 == roles) {
    c.arrived.store(0, std::memory_order_relaxed);
    c.generation.store(mine + 1, std::memory_order_release);
    return;
  }
  const std::int64_t deadline = now_ns() + static_cast<std::int64_t>(c.timeout_s) * 1'000'000'000;
  for (unsigned round = 1; c.generation.load(std::memory_order_acquire) == mine; ++round)
    look(c, round, deadline, poll);
}

void wait_until(control& c, const std::function<bool()>& done, const std::function<void()>& poll, bool patient) {
  const std::int64_t limit_s = patient ? 1'000'000 : static_cast<std::int64_t>(c.timeout_s);
  const std::int64_t deadline = now_ns() + limit_s * 1'000'000'000;
  for (unsigned round = 1; !done(); ++round) {
    const bool idle = round > 100'000;  // no role is timed while it waits here
    if (idle) usleep(50);
    look(c, idle ? (round % 20 == 0 ? 4096 : 1) : round, deadline, poll);
  }
}

}  // namespace copycost::detail
