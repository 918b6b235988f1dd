// SPDX-License-Identifier: Apache-2.0
//
// Internal to harness/limits: what every probe is made of: barriers for the optimiser, a stopwatch, and the rule that
// makes batches of a budget.
//
// Lifetime: keeps nothing.
// Threads: safe.
// Cost: one clock reading at each end of a batch.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>

#include "harness/limits/limits.h"

namespace copycost::limits::detail {

// The optimiser must assume that the value is read, and that any memory it can reach is read and written.
template <class T>
inline void escape(const T& value) {
  asm volatile("" : : "r"(value) : "memory");
}

// The optimiser forgets what it knows of the value, so a size stays a run-time size and memcpy stays a call.
template <class T>
inline void hide(T& value) {
  asm volatile("" : "+r"(value));
}

inline std::int64_t now_ns() {
  const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since_start).count();
}

// Nanoseconds for `ops` calls. The operation must escape its result.
template <class Operation>
double time_operations(std::uint64_t ops, Operation&& operation) {
  const std::int64_t start_ns = now_ns();
  for (std::uint64_t i = 0; i < ops; ++i) operation();
  return static_cast<double>(now_ns() - start_ns);
}

// Runs `ops` operations and returns the nanoseconds they took, without the set-up of the batch.
using batch = std::function<double(std::uint64_t ops)>;

struct plan {
  std::chrono::nanoseconds budget;
  std::uint64_t bytes_per_op = 0;
  std::uint64_t ops_min = 1;  // the smallest batch that means anything
};

// Grows the batch until it takes a thirty-second part of the budget, then runs batches until the budget is spent, three
// at least, and returns the median and the best per operation. A batch that looks long enough is run again before it is
// believed, because the first one may have been interrupted. REQUIRES: a positive budget.
sample repeat(const plan& how, const batch& run);

}  // namespace copycost::limits::detail
