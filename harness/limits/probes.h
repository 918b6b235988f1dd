// SPDX-License-Identifier: Apache-2.0
//
// Internal to harness/limits: the probes, one function each, all of one type so that the catalogue is a table. Each
// takes the bytes of one operation (0 where it has no size) and a positive budget, and returns what limits::measure
// does. Throws std::system_error.
//
// Threads: one probe at a time.
#pragma once
#include <chrono>
#include <cstdint>

#include "harness/core/limit_term.h"
#include "harness/limits/sample.h"

namespace copycost::limits::detail {

using probe = sample(std::uint64_t size, std::chrono::nanoseconds budget);

probe memcpy_hot, memcpy_page_offset, read_hot, write_hot, handle_move;  // bytes.cc
probe memcpy_cold, read_cold;                                            // cold.cc
probe malloc_free;                                                       // heap.cc
probe refcount_pair, atomic_exchange;                                    // atomics.cc
probe refcount_pair_2t, cache_line_round_trip;                           // two_threads.cc
probe socketpair_round_trip, pipe_copy, system_call;                     // kernel.cc
probe gather_break_even;                    // kernel.cc; measured once in a process, whatever the budget
probe first_touch_anon, first_touch_memfd;  // pages.cc
probe write_fdatasync, append_fdatasync, overwrite_fdatasync;  // disk.cc
probe vector_append;                                           // append.cc

// Copies into blocks of their own, out of payload that is walked over as the id says; nanoseconds for each copy. Where
// several are alive they are made first, and freed then in the order in which they were made.
using walking_probe = sample(const limit_id& id, std::chrono::nanoseconds budget);
walking_probe malloc_memcpy_free, malloc_memcpy_read_free;  // copies.cc

// The largest copy that memcpy_cold and read_cold can do without source and target getting warm.
std::uint64_t cold_size_max();
// Unmaps the cold region, if there is one.
void release_cold_region();
// The directory for temporary files and its file system: "/tmp (ext4): disk".
std::string durable_place();

}  // namespace copycost::limits::detail
