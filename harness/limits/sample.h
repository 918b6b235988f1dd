// SPDX-License-Identifier: Apache-2.0
//
// What measuring a limit answers.
//
// Threads: a value.
#pragma once
#include <cstdint>

namespace copycost::limits {

struct sample {
  double ns = 0;                // nanoseconds of one operation, the median of batches
  double best_ns = 0;           // the same of the fastest batch: what lower bounds are made of
  double bytes_per_second = 0;  // payload bytes; 0 where the operation moves none
  std::uint64_t bytes = 0;      // where a size is the answer, and not asked for: that size; else 0
};

}  // namespace copycost::limits
