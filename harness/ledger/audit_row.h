// SPDX-License-Identifier: Apache-2.0
//
// What the audit of one cell found: one row of `audit`, every figure by the operation.
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/failure.h"
#include "harness/core/registry.h"
#include "harness/ledger/written.h"

namespace copycost {

enum class sight { exact, lower_bound, blind, not_applicable };
std::string_view to_string(sight);

// What one witness says of payload bytes copied per operation.
struct testimony {
  sight kind = sight::blind;
  double bytes_per_op = 0;
  bool says_bytes() const { return kind == sight::exact || kind == sight::lower_bound; }
};

struct witnesses {
  testimony primitive, interposed, signature, identity, touch;
};

// What the process did in no role, per operation.
struct elsewhere_counts {
  double allocs = 0, alloc_bytes = 0, copied = 0, kernel_bytes = 0, syscalls = 0;
  bool any() const { return allocs + copied + kernel_bytes + syscalls > 0; }
};

// Pages that the process wrote in one window, all roles and all other threads together, and how many the contract
// allows.
struct written_window {
  std::uint64_t ops = 0;     // of all roles together
  std::uint64_t pieces = 0;  // of the window, between its pauses
  double pages = 0, allowed = 0;
};

// What the touch witness took away, and what happened.
struct guarded_payload {
  bool asked = false;
  bool all = true;                  // false: not all pages, or not to the end
  std::uint64_t ops = 0;            // of each role
  std::uint64_t pages = 0;          // at once, at most
  std::uint64_t faulted_calls = 0;  // system calls that were handed payload and could not touch it
  std::string by;                   // the function that touched payload first; empty: none did
};

// What is known of copies beyond what the witnesses saw.
enum class proof {
  copies,   // the design copies, and says so
  proved,   // whatever moved the payload wrote no more pages than the contract allows, or no thread could read it
  bounded,  // the witnesses saw none; audit_row::could_hide says what they would not have seen
};
std::string_view to_string(proof);

struct audit_row {
  cell what;
  std::string error;                      // why the cell could not be audited; the rest is then empty
  exit_code failed_with = exit_code::ok;  // whose doing that was (core/fault.h)
  std::uint64_t ops = 0, batch = 0;       // all roles together; per role
  double allocs = 0, alloc_bytes = 0, copied = 0, kernel_bytes = 0, syscalls = 0, refcount_ops = 0, faults = 0,
         sub_allocs = 0, mapped_bytes = 0;  // per operation
  std::uint64_t peak_live_bytes = 0;        // of the window, above what was live at its start
  std::uint64_t retained_bytes = 0;         // requested bytes still held at the end of the window
  std::uint64_t live_bytes = 0;             // payload in what the episode says it still holds
  witnesses seen;
  elsewhere_counts elsewhere;
  guarded_payload guarded;
  std::vector<written_window> written;
  write_means by = write_means::fresh_only;
  double payload_bytes = 0;     // per operation, as the episode says
  std::uint64_t later_ops = 0;  // operations of the long window behind the first one; 0: there was none
  double later_allocs = 0, later_copied = 0, later_syscalls = 0;  // of it, per operation
  proof known = proof::bounded;
  std::string could_hide;  // empty: nothing
  std::string covers;      // which operations the witnesses have seen
  double retained_over_live() const {
    return live_bytes > 0 ? static_cast<double>(retained_bytes) / static_cast<double>(live_bytes) : 0;
  }
};

}  // namespace copycost
