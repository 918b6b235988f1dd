// SPDX-License-Identifier: Apache-2.0
//
// Private to stage.cc and stage_window.cc: what the processes of a stage share, and the barrier of its roles.
//
// Lifetime: the control block lies in a memfd that every process maps; it holds no pointers.
// Threads: the atomics synchronise; the driving process writes plain members before it gives a command.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "harness/core/fault.h"
#include "harness/core/instrument.h"
#include "harness/core/seam.h"

namespace copycost::detail {

inline constexpr unsigned kRolesMax = 64, kProcessesMax = 16, kSegmentsMax = 16;

enum class command : std::uint32_t { none, run, finish, quit };

struct control {
  std::atomic<std::uint32_t> arrived{0}, generation{0};  // barrier
  std::atomic<std::uint32_t> order{0}, answered{0};      // order: sequence * 4 + command
  std::atomic<std::uint32_t> ready{0}, failed{0};
  std::uint64_t n = 0;
  std::uint16_t epoch = 0;
  std::int64_t period_ns = 0;
  unsigned timeout_s = 60;
  std::uint32_t segments = 0;
  struct {
    int fd;
    std::size_t size;
  } segment[kSegmentsMax] = {};
  char dir[4096] = {}, line[512] = {};   // a path; why it failed
  exit_code code = exit_code::internal;  // whose doing that was (fault.h)
  tally tallies[kProcessesMax] = {};
  role_record roles[kRolesMax] = {};

  // The first failure wins; every role that waits gives up.
  void fail(const fault& why);
  // A role failed, and `line` and `code` say why: they are written between 1 and 2.
  bool has_failed() const { return failed.load(std::memory_order_acquire) == 2; }
};

// Sense-reversing barrier over `roles`, across threads and processes. `poll` is called now and then while waiting and
// may throw. Throws failure when a role failed or the time-out passed.
// Source: Mellor-Crummey and Scott (1991), centralised barrier.
void wait_for_all(control& c, unsigned roles, const std::function<void()>& poll);

// Spins, then yields, then sleeps until `done()`; same polling and failures. `patient`: without a time limit.
void wait_until(control& c, const std::function<bool()>& done, const std::function<void()>& poll, bool patient = false);

}  // namespace copycost::detail
