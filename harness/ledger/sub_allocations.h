// SPDX-License-Identifier: Apache-2.0
//
// Memory that a pool, an arena or a shared segment hands out is reported here, so that the ledger and heaptrack see it.
// The memory behind it is not from malloc.
//
// Threads: safe; no state.
// Cost: a test of an address where the program runs without the hooks.
#pragma once
#include <cstddef>

#include "harness/ledger/hooks/hooks.h"

namespace copycost {

inline void report_sub_alloc(const void* at, std::size_t bytes) {
  if (cch_report_alloc != nullptr) cch_report_alloc(at, bytes);
}
// REQUIRES: `bytes` as reported before, here and below.
inline void report_sub_free(const void* at, std::size_t bytes) {
  if (cch_report_free != nullptr) cch_report_free(at, bytes);
}
inline void report_sub_realloc(const void* before, std::size_t bytes_before, const void* at, std::size_t bytes) {
  if (cch_report_realloc != nullptr) cch_report_realloc(before, bytes_before, at, bytes);
}

}  // namespace copycost
