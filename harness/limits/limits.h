// SPDX-License-Identifier: Apache-2.0
//
// How long do the smallest pieces of work take on this machine? Each limit is one small measurement: what a copy, an
// allocation, a reference count, a cache line between two processors, a page, a system call or a durable write costs
// when nothing else is in the way. Workloads add them up (limit_term.h): to a lower bound, to what an honest copy
// costs, to what one way of owning costs at best. A cell's time is read beside those that were measured in the same
// launch.
//
// Lifetime: everything returned owns its text, except `about`, whose text is static. The cold limits keep one region of
// memory from call to call, see release().
// Threads: one measurement at a time in a process, or each would measure the other.
// Cost: the budget; setting up comes on top (the first cold limit writes up to 128 MiB once).
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/limit_term.h"
#include "harness/limits/sample.h"

namespace copycost::limits {

// "memcpy_hot/size:4096", "malloc_memcpy_free/size:256/alive:64", or "refcount_pair" for a limit without a size.
std::string to_string(const limit_id& id);

enum class depth { smoke, quick, full };

// What `copycost limits` shows, in the order in which it is shown. Each depth contains the shallower one. Limits that
// need two processors are left out where this process may use only one.
std::vector<limit_id> all(depth how_deep);

// Is there a limit of this name?
bool known(std::string_view name);

// One line that says what the limit measures; empty for an unknown name. VALID UNTIL: the program ends.
std::string_view about(std::string_view name);

// Where the limit was measured, for the ones whose value belongs to a place: for those that sync, the directory for
// temporary files and its file system. Empty for all others.
std::string where(std::string_view name);

// Does the limit know of blocks that are alive together and of a span that is walked over?
bool walks(std::string_view name);

// Nanoseconds that measuring takes, about: the budget, and writing the memory first. For schedules.
double cost_ns(const limit_id& id, std::chrono::nanoseconds budget);

// Measures one limit for about `budget` (2 to 20 ms are plenty) and returns the median of its batches. Where a single
// operation takes longer than the budget, three of them run. Sizes need not come from `all`.
// Throws std::invalid_argument for an unknown name, a size outside the limit's range, a walk that it does not know, or
// a budget that is not positive; std::system_error when the machine refuses (no memory, no writable directory, one
// processor where two are needed, two threads that never ran at the same time).
sample measure(const limit_id& id, std::chrono::nanoseconds budget);

// Gives back the memory that the cold limits keep; the next cold limit sets it up again.
void release();

}  // namespace copycost::limits
