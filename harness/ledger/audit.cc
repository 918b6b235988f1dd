// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/audit.h"

#include <algorithm>
#include <array>

#include "harness/core/fault.h"
#include "harness/core/stage.h"
#include "harness/ledger/hooks/hooks.h"
#include "harness/ledger/ledger_instruments.h"

namespace copycost {
namespace {

using counts = std::array<std::uint64_t, 24>;

struct pass {
  counts sum{};
  own_counts own;
  tally done;
  std::uint64_t live = 0;
};

// Counts that a process has once, and every role of it reports.
bool of_process(std::size_t i) {
  return i == kPeak || i == kSignatureBytes || i == kLentBytes || i == kForeignBytes || i == kConsumedBytes;
}

// One episode under one instrument; counts are added up over the roles that are not scenery (the peak and what one
// process saw once: largest).
pass perform(const cell& what, instrument& by, std::uint64_t n) {
  pass out;
  stage s(what, by);
  s.setup();
  s.run(n);
  for (const role_record& r : s.records().subspan(what.form().scenery)) {
    for (std::size_t i = 0; i < out.sum.size(); ++i)
      out.sum[i] = of_process(i) ? std::max(out.sum[i], r.counts[i]) : out.sum[i] + r.counts[i];
    out.own.copied_bytes += r.own.copied_bytes, out.own.copies += r.own.copies;
    out.own.small_copies += r.own.small_copies, out.own.refcount_ops += r.own.refcount_ops;
  }
  out.live = s.act().live_payload_bytes();
  out.done = s.finish();
  return out;
}

void count(audit_row& row, const pass& p) {
  const auto ops = static_cast<double>(std::max<std::uint64_t>(p.done.ops, 1));
  auto per_op = [&](std::uint64_t total) { return static_cast<double>(total) / ops; };
  row.ops = p.done.ops;
  row.allocs = per_op(p.sum[kAllocs]), row.alloc_bytes = per_op(p.sum[kAllocBytes]),
  row.kernel_bytes = per_op(p.sum[kKernelBytes]);
  row.syscalls = per_op(p.sum[kSyscalls]), row.faults = per_op(p.sum[kFaults]),
  row.refcount_ops = per_op(p.own.refcount_ops);
  row.sub_allocs = per_op(p.sum[kSubAllocs]);
  row.peak_live_bytes = p.sum[kPeak], row.live_bytes = p.live;
  const std::uint64_t in = p.sum[kAllocBytes] + p.sum[kSubAllocBytes], out = p.sum[kFreedBytes] + p.sum[kSubFreedBytes];
  row.retained_bytes = in > out ? in - out : 0;

  row.seen.primitive =
      row.what.design->peer ? testimony{sight::not_applicable, 0} : testimony{sight::exact, per_op(p.own.copied_bytes)};
  // What frames the payload carries no pattern. Text is recognised by whole cells, short pieces not at all, and real input carries no pattern.
  const bool patterned = !row.what.at.has("input");
  const workload_traits& t = row.what.workload->traits;
  const bool every_byte =
      !row.what.design->peer && !t.text && !t.framed && patterned && p.own.small_copies == 0;
  row.seen.interposed = {every_byte ? sight::exact : sight::lower_bound, per_op(p.sum[kPayloadCopyBytes])};
}

// Handles that one operation may have moved through; what they left is taken off the signature's bound.
constexpr std::uint64_t kMovedHandles = 8;

// Identity and signature of a short episode: an address elsewhere is a copy made at some time, and so is an instance.
void inspect(audit_row& row, const pass& p, std::uint64_t n) {
  // What the kernel copied into this process carries the signature too, and stands apart.
  const auto ops = static_cast<double>(std::max<std::uint64_t>(p.done.ops, n));
  const double instances = static_cast<double>(p.sum[kSignatureBytes]) / ops;
  // A handle that holds payload leaves it wherever it was moved from, on the stack: as many places as compilers please.
  const double moved = static_cast<double>(kMovedHandles * row.what.design->handle_payload_bytes) / ops;
  const bool searchable = !row.what.at.has("input") && row.what.form().scenery == 0;  // what the scenery copied lies there too
  if (searchable)
    row.seen.signature = {sight::lower_bound, std::max(0.0, instances - row.kernel_bytes - moved)};
  const bool sees = row.what.design->zero_copy && row.what.form().processes == 1 && p.sum[kConsumedBytes] > 0 &&
                    p.sum[kLentBytes] > 0;
  if (!sees) return;
  row.seen.identity = {p.sum[kForeignBytes] == 0 ? sight::exact : sight::lower_bound,
                       static_cast<double>(p.sum[kForeignBytes]) / ops};
}

// The touch witness speaks where handles only are moved and the design holds the lent payload itself.
bool touch_applies(const audit_row& row, const pass& inspected) {
  const workload_traits& t = row.what.workload->traits;
  return !t.reads_payload && !t.kernel && row.what.design->zero_copy && row.what.form().processes == 1 &&
         inspected.sum[kLentBytes] > 0 && inspected.sum[kForeignBytes] == 0;
}

double best(const witnesses& w) {
  double bound = 0;
  for (const testimony* t : {&w.primitive, &w.interposed, &w.identity, &w.touch, &w.signature}) {
    if (t->kind == sight::exact && t != &w.touch && t != &w.identity) return t->bytes_per_op;
    if (t->kind != sight::not_applicable && t->kind != sight::blind) bound = std::max(bound, t->bytes_per_op);
  }
  return bound;
}

}  // namespace

std::string_view to_string(sight s) {
  constexpr std::string_view kNames[] = {"exact", "lower_bound", "blind", "n/a"};
  return kNames[static_cast<std::size_t>(s)];
}

bool ledger_ready(std::string& why) {
  if (cch_is_active == nullptr) {
    why = "this build has no hooks (COPYCOST_HOOKS=OFF): nothing can be counted";
    return false;
  }
  // The self test allocates a byte: it runs under heaptrack too, whose totals are compared with those of a run without.
  const bool active = cch_is_active() != 0;
  if (active || cch_under_heaptrack() != 0)
    return true;  // heaptrack counts; our counts are marked as not the program's
  why = "the hooks are not first in this process (a sanitizer or another preload replaced malloc)";
  return false;
}

audit_row audit(const cell& what) {
  audit_row row;
  row.what = what;
  row.batch = std::max<std::uint64_t>(1, what.workload->audit_ops(what.at));
  try {
    if (cch_track_peak != nullptr) cch_track_peak(CCH_PEAK_HEAP_AND_SUB);
    count_instrument counter;
    const pass counted = perform(what, counter, row.batch);
    count(row, counted);
    inspect_instrument inspector;
    const std::uint64_t looked_at = what.workload->traits.alike ? 1 : row.batch;
    const pass inspected = perform(what, inspector, looked_at);
    inspect(row, inspected, looked_at);
    if (touch_applies(row, inspected)) {
      touch_instrument toucher;
      const pass touched = perform(what, toucher, 1);
      row.seen.touch = {touched.sum[kTouchedPages] == 0 ? sight::exact : sight::lower_bound,
                        static_cast<double>(touched.sum[kTouchedPages])};
    }
    row.copied = best(row.seen);
  } catch (...) {
    const fault failed = fault_of_current_exception();
    row.error = failed.why, row.failed_with = failed.code;
  }
  return row;
}

}  // namespace copycost
