// SPDX-License-Identifier: Apache-2.0
//
// What a workload is whichever design it asks, as a registry entry. Included by one generated file a system, so that it
// is compiled once and not once a design.
//
// Threads: safe; pure functions.
#pragma once
#include "scenarios/common/register.h"

namespace copycost {

template <class W>
workload_entry workload_of() {
  static_assert(why_not(W::traits).empty(), "what this workload says of itself does not fit together: why_not()");
  workload_entry e;
  e.traits = W::traits;
  if constexpr (requires(profile p) { W::points(p); }) e.points = &W::points;
  e.shape_of = &W::shape_of;
  e.limit = &W::limit;
  e.floor = &W::floor;
  e.reference = &W::reference;
  e.copied_cap = &W::copied_cap;
  e.expected = &W::expected;
  e.audit_ops = &W::audit_ops;
  e.batch_ops = &W::batch_ops;
  e.written = &W::written;
  e.kernel_bytes = &W::kernel_bytes;
  e.syscalls = &W::syscalls;
  if constexpr (requires(const params& at) { W::design_reads(at); })
    e.design_reads = &W::design_reads;
  else
    e.design_reads = [](const params&) { return W::traits.reads_payload(); };
  return e;
}

}  // namespace copycost
