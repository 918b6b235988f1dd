// SPDX-License-Identifier: Apache-2.0
//
// What a workload says of itself, apart from the work: class, shape, points, limits; and what a design promises for it.
// One workload is one struct with these as static members (scenarios/README.md); registration makes a workload_entry of
// it.
//
// Threads: safe; nothing changes after registration.
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
  region,   // there are no counts: what lies in a region is freed as a whole
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

// Bytes or calls per operation as a function of the cell's parameters.
using amount = double (*)(const params&);

enum class bound { exact, at_most };
enum class growth { constant, linear };  // of the cost of one operation with the payload size

// What a design declares for a workload. The judge holds it to every cell of that workload.
struct promise {
  std::string_view workload;
  bound kind = bound::exact;
  amount allocs = nullptr;  // allocation calls per operation
  amount copied = nullptr;  // payload bytes copied per operation
  growth grows = growth::constant;
  amount retained = nullptr;      // bytes held over bytes live afterwards, at most; null: nothing is kept
  std::string_view why;           // REQUIRED for at_most
  bool allocs_at_most = false;    // allocations are a bound where the copies are exact; then `why` says why
  bool retained_at_most = false;  // what is retained is a bound where the copies are exact; the same
  // What else an operation may ask of the machine, at most, beyond what the workload declares
  // (workload_entry::kernel_bytes, syscalls). Null: nothing. Each needs a reason.
  amount mapped = nullptr;        // bytes of address space from mmap, mremap, brk
  amount syscalls = nullptr;      // calls
  amount kernel_bytes = nullptr;  // bytes that go through the kernel
  // What may happen in no role, per operation and at most: in a thread of the design, in a library. Null: nothing.
  amount else_allocs = nullptr, else_copied = nullptr, else_syscalls = nullptr, else_kernel_bytes = nullptr;
};

// The same promises of a design whose memory comes from mappings: it may ask for so much in each operation, in so many
// calls, where a promise says nothing of its own.
inline std::vector<promise> with_mappings(std::vector<promise> all, amount mapped, amount syscalls,
                                          std::string_view why) {
  for (promise& p : all) {
    if (p.mapped == nullptr) p.mapped = mapped;
    if (p.syscalls == nullptr) p.syscalls = syscalls;
    if (p.why.empty()) p.why = why;
  }
  return all;
}

}  // namespace copycost
