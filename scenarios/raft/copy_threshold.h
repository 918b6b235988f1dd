// SPDX-License-Identifier: Apache-2.0
//
// encoder_options::copy_below as this machine has it: payloads smaller than that are copied beside the head, because a part
// of their own would cost more. Thread-safe. Cost: the first call some milliseconds (harness/core/gather_break_even.h).
#pragma once
#include <algorithm>

#include "harness/core/gather_break_even.h"

namespace copycost::raft {

// For units that are each written to so many connections. Throws std::system_error where nothing can be measured.
// REQUIRES: connections >= 1.
inline std::size_t measured_copy_below(unsigned connections = 1) {
  return gather_break_even(std::min(connections, kBreakEvenWritesMax)).bytes;
}

}  // namespace copycost::raft
