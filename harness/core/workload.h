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

// What becomes of payload bytes.
enum class payload_use {
  untouched,  // handles alone are moved
  read,       // by the consumer, or by the design (workload_entry::design_reads)
  text,       // read; it is text, which the signature recognises by whole cells: a bound
  framed,     // read, and copied along with what frames it: fields count as copied, too
};
// How operations of a workload compare with each other.
enum class op_kind {
  same,    // one is like the other
  differ,  // the inspector looks at as many as the ledger counts
  heavy,   // one takes a second or so: a launch does one
};
// Which time the clock shows of a role.
enum class shown_time { wall, processor };  // processor: there are more roles than processors
// What takes part in an operation beside the design and the consumer.
enum class beside {
  nobody,
  allocator,  // timed on glibc's as a second row
  kernel,     // its calls and copies belong to the operation
};

struct workload_traits {
  std::string_view name;
  std::string_view about;  // one line: what one operation is
  workload_class cls = workload_class::share;
  payload_use payload = payload_use::untouched;
  op_kind ops = op_kind::same;
  beside with = beside::nobody;
  shown_time shows = shown_time::wall;
  std::string_view unit = "op";

  constexpr bool reads_payload() const { return payload != payload_use::untouched; }
  constexpr bool text() const { return payload == payload_use::text; }
  constexpr bool framed() const { return payload == payload_use::framed; }
  constexpr bool alike() const { return ops != op_kind::differ; }
  constexpr bool heavy() const { return ops == op_kind::heavy; }
  constexpr bool allocator_matters() const { return with == beside::allocator; }
  constexpr bool kernel() const { return with == beside::kernel; }
  constexpr bool thread_time() const { return shows == shown_time::processor; }
};

// Why these cannot be said of one workload; empty: they can. Registration asks at compile time.
constexpr std::string_view why_not(const workload_traits& t) {
  if (t.name.empty() || t.about.empty() || t.unit.empty()) return "a workload has a name, a line about it, and a unit";
  if (t.kernel() && !t.reads_payload()) return "the kernel reads what is sent: the payload is not untouched";
  if (t.heavy() && t.allocator_matters()) return "a launch does one heavy operation, and none on another allocator";
  if (t.thread_time() && t.kernel()) return "processor time leaves out what a role waits for in the kernel";
  if (t.thread_time() && t.heavy()) return "processor time is a mean over operations, and a launch does one heavy one";
  return {};
}

}  // namespace copycost
