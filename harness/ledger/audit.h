// SPDX-License-Identifier: Apache-2.0
//
// The audit of one cell: what its operations allocate, copy, retain and ask of the kernel, by every witness.
// No timing. One audit at a time in a process. Cost: three episodes of the cell.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/core/failure.h"
#include "harness/core/registry.h"

namespace copycost {

enum class sight { exact, lower_bound, blind, not_applicable };
std::string_view to_string(sight);

// What one witness says of payload bytes copied per operation.
struct testimony {
  sight kind = sight::blind;
  double bytes_per_op = 0;
};

struct witnesses {
  testimony primitive, interposed, signature, identity, touch;
};

struct audit_row {
  cell what;
  std::string error;                 // why the cell could not be audited; the rest is then empty
  exit_code failed_with = exit_code::ok;  // whose doing that was (core/fault.h)
  std::uint64_t ops = 0, batch = 0;  // all roles together; per role
  double allocs = 0, alloc_bytes = 0, copied = 0, kernel_bytes = 0, syscalls = 0, refcount_ops = 0, faults = 0,
         sub_allocs = 0;              // per operation
  std::uint64_t peak_live_bytes = 0;  // of the window, above what was live at its start
  std::uint64_t retained_bytes = 0;   // requested bytes still held at the end of the window
  std::uint64_t live_bytes = 0;       // payload in what the episode says it still holds
  witnesses seen;
  double retained_over_live() const {
    return live_bytes > 0 ? static_cast<double>(retained_bytes) / static_cast<double>(live_bytes) : 0;
  }
};

// Whether the hooks are there and work; without them the ledger can say nothing. One line of reason otherwise.
bool ledger_ready(std::string& why);

audit_row audit(const cell& what);

}  // namespace copycost
