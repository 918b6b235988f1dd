// SPDX-License-Identifier: Apache-2.0
//
// What a workload says of itself, apart from the work: class, shape, points, limits. One workload is one struct with
// these as static members (see scenarios/README.md); registration turns it into a workload_entry.
// Everything here is immutable after registration and thread-safe to read.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/params.h"
#include "harness/core/limit_term.h"
#include "harness/core/seam.h"

namespace copycost {

enum class workload_class { ingest, share, read_once, read_many, fan_out, retain, hand_over, recover };
std::string_view to_string(workload_class);

enum class profile { smoke, quick, full, soak };
std::string_view to_string(profile);

// How a design owns bytes, as far as it decides what owning costs at best.
enum class ownership {
  unsaid,
  copies,   // every owner has bytes of its own: memory and a copy
  counted,  // an owner more is an increment, one less a decrement
  region,   // nobody counts: what lies in a region is freed as a whole
};
std::string_view to_string(ownership);

struct workload_traits {
  std::string_view name;
  std::string_view about;  // one line: what one operation is
  workload_class cls = workload_class::share;
  // Payload bytes are read: by the consumer, or by the design (workload_entry::design_reads).
  bool reads_payload = false;
  bool text = false;               // payload is text (the signature counts whole cells: a bound)
  bool allocator_matters = false;  // timed on glibc's allocator as a second row
  bool framed = false;             // payload is copied along with what frames it: fields count as copied, too
  bool alike = true;               // false: operations differ, and the inspector looks at as many as the ledger counts
  bool thread_time = false;        // the clock shows the processor time of a role: there are more roles than processors
  bool heavy = false;              // one operation takes a second or so: a launch does one
  bool kernel = false;             // system calls and kernel copies belong to the operation
  std::string_view unit = "op";
};

}  // namespace copycost
