// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/audit.h"

#include <cxxabi.h>
#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "harness/core/fault.h"
#include "harness/core/rare.h"
#include "harness/core/stage.h"
#include "harness/ledger/hooks/hooks.h"
#include "harness/ledger/ledger_instruments.h"
#include "harness/ledger/proof.h"

namespace copycost {
namespace {

using counts = std::array<std::uint64_t, kLedgerCounts>;

struct pass {
  counts sum{};
  own_counts own;
  std::uint64_t n = 0;  // operations of each role
};

// Counts that a process has once, and every role of it reports.
bool of_process(std::size_t i) {
  return i == kPeak || i == kSignatureBytes || i == kLentBytes || i == kForeignBytes || i == kConsumedBytes ||
         i == kGuardedInPart || i == kTouchedBy;
}

bool told_by_last(std::size_t i) {
  return i >= kElseAllocs || i == kWrittenPages || i == kWrittenWindows || i == kGuardedPages || i == kGuardedSteps ||
         i == kTouchedPages || i == kFaultedCalls || i == kGuardedInPart || i == kTouchedBy;
}

// The counts of the last window, added up over the roles that are not scenery (the peak and what one process saw once:
// largest).
pass window_of(stage& s, const cell& what, std::uint64_t n) {
  pass out;
  s.run(n);
  out.n = n;
  for (const role_record& r : s.records().subspan(what.form().scenery)) {
    for (std::size_t i = 0; i < out.sum.size(); ++i)
      out.sum[i] = of_process(i) ? std::max(out.sum[i], r.counts[i]) : out.sum[i] + r.counts[i];
    out.own.copied_bytes += r.own.copied_bytes;
    out.own.copies += r.own.copies;
    out.own.small_copies += r.own.small_copies;
    out.own.refcount_ops += r.own.refcount_ops;
  }
  // No promise covers the scenery; the last role to close reports what its process did.
  for (const role_record& r : s.records().first(what.form().scenery))
    for (std::size_t i = 0; i < out.sum.size(); ++i)
      if (told_by_last(i)) out.sum[i] += r.counts[i];
  return out;
}

double per_op(std::uint64_t total, std::uint64_t ops) {
  return static_cast<double>(total) / static_cast<double>(std::max<std::uint64_t>(ops, 1));
}

void count(audit_row& row, const pass& p, const tally& done, std::uint64_t live) {
  auto per_op = [&](std::uint64_t total) { return copycost::per_op(total, done.ops); };
  row.ops = done.ops;
  row.payload_bytes = per_op(done.payload_bytes);
  row.allocs = per_op(p.sum[kAllocs]);
  row.alloc_bytes = per_op(p.sum[kAllocBytes]);
  row.kernel_bytes = per_op(p.sum[kKernelBytes]);
  row.syscalls = per_op(p.sum[kSyscalls]);
  row.faults = per_op(p.sum[kFaults]);
  row.refcount_ops = per_op(p.own.refcount_ops);
  row.sub_allocs = per_op(p.sum[kSubAllocs]);
  row.mapped_bytes = per_op(p.sum[kMappedBytes]);
  row.elsewhere = {per_op(p.sum[kElseAllocs]), per_op(p.sum[kElseAllocBytes]), per_op(p.sum[kElseCopied]),
                   per_op(p.sum[kElseKernelBytes]), per_op(p.sum[kElseSyscalls])};
  row.peak_live_bytes = p.sum[kPeak];
  row.live_bytes = live;
  const std::uint64_t in = p.sum[kAllocBytes] + p.sum[kSubAllocBytes], out = p.sum[kFreedBytes] + p.sum[kSubFreedBytes];
  row.retained_bytes = in > out ? in - out : 0;

  row.seen.primitive = row.what.design->peer || !cells_count() ? testimony{sight::not_applicable, 0}
                                                               : testimony{sight::exact, per_op(p.own.copied_bytes)};
  // What frames the payload carries no pattern. Text is recognised by whole cells, short pieces not at all, and real
  // input carries no pattern.
  const bool patterned = !row.what.at.has("input");
  const workload_traits& t = row.what.workload->traits;
  const bool every_byte =
      !row.what.design->peer && cells_count() && !t.text() && !t.framed() && patterned && p.own.small_copies == 0;
  row.seen.interposed = {every_byte ? sight::exact : sight::lower_bound, per_op(p.sum[kPayloadCopyBytes])};
}

// Handles that one operation may have moved through; what they left is taken off the signature's bound.
constexpr std::uint64_t kMovedHandles = 8;

// Identity and signature: an address elsewhere is a copy made at some time, and so is an instance.
void inspect(audit_row& row, const pass& p, const tally& done) {
  // What the kernel copied into this process carries the signature too, and stands apart.
  const double instances = per_op(p.sum[kSignatureBytes], done.ops);
  // A handle that holds payload leaves it wherever it was moved from, on the stack: as many places as compilers please.
  const double moved = per_op(kMovedHandles * row.what.design->handle_payload_bytes, done.ops);
  const bool searchable =
      !row.what.at.has("input") && row.what.form().scenery == 0;  // what the scenery copied lies there too
  if (searchable) row.seen.signature = {sight::lower_bound, std::max(0.0, instances - row.kernel_bytes - moved)};
  const bool sees = row.what.design->zero_copy && row.what.form().processes == 1 && p.sum[kConsumedBytes] > 0 &&
                    p.sum[kLentBytes] > 0;
  if (!sees) return;
  row.seen.identity = {p.sum[kForeignBytes] == 0 ? sight::exact : sight::lower_bound,
                       per_op(p.sum[kForeignBytes], done.ops)};
}

// The touch witness speaks where a design that promises no copy has no reason to read payload, and the kernel has none.
bool touch_applies(const audit_row& row) {
  const workload_entry& w = *row.what.workload;
  return !w.design_reads(row.what.at) && !w.traits.kernel() && row.what.design->zero_copy &&
         row.what.promised_copies() == 0;
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

std::string_view to_string(proof p) {
  constexpr std::string_view kNames[] = {"copies", "proved", "bounded"};
  return kNames[static_cast<std::size_t>(p)];
}

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

namespace {

void count_pass(audit_row& row) {
  count_instrument by;
  stage s(row.what, by);
  s.setup();
  const pass first = window_of(s, row.what, row.batch);
  const std::uint64_t live = s.running().live_payload_bytes();
  count(row, first, s.finish(), live);
}

// Rare events: one long window behind the first.
void later_pass(audit_row& row, const tally& first) {
  const bool alike = row.what.workload->traits.alike() && row.what.form().repeatable();
  const std::uint64_t n = alike ? operations_for_rare(row.what, first) : 0;
  if (n <= row.batch) return;
  count_instrument by;
  stage s(row.what, by);
  s.setup();
  s.run(row.batch);
  const pass p = window_of(s, row.what, n);
  s.finish();
  row.later_ops = n;
  row.later_allocs = per_op(p.sum[kAllocs], n);
  row.later_copied = per_op(p.own.copied_bytes, n);
  row.later_syscalls = per_op(p.sum[kSyscalls], n);
}

tally inspect_pass(audit_row& row, pass& seen) {
  inspect_instrument by;
  stage s(row.what, by);
  s.setup();
  seen = window_of(s, row.what, row.batch);
  return s.finish();
}

std::string function_at(std::uint64_t instruction) {
  Dl_info found{};
  if (instruction == 0) return {};
  if (dladdr(reinterpret_cast<void*>(instruction), &found) == 0) return "somebody";
  if (found.dli_sname == nullptr) return found.dli_fname;
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(found.dli_sname, nullptr, nullptr, &status),
                                                    &std::free);
  return status == 0 ? name.get() : found.dli_sname;
}

// Whether a pass may do more operations where what it measured allows it.
enum class goes_on { as_measured, the_same };

// Some operations first. Where nothing but payload lies on its pages, guarding them costs nothing: then all that are
// counted are guarded, and the rare operation is seen, too.
void touch_pass(audit_row& row, goes_on how) {
  constexpr std::uint64_t kFirst = 8;
  touch_instrument by;
  stage s(row.what, by);
  s.setup();
  row.guarded.asked = true;
  std::vector<std::uint64_t> windows{row.what.form().repeatable() ? std::min(row.batch, kFirst) : row.batch};
  std::uint64_t touched_pages = 0, by_whom = 0;
  for (std::size_t k = 0; k < windows.size(); ++k) {
    const pass p = window_of(s, row.what, windows[k]);
    row.guarded.ops += windows[k];
    row.guarded.pages = std::max(row.guarded.pages, p.sum[kGuardedPages]);
    row.guarded.faulted_calls += p.sum[kFaultedCalls];
    row.guarded.all = row.guarded.all && p.sum[kGuardedInPart] == 0;
    touched_pages += p.sum[kTouchedPages];
    by_whom = by_whom != 0 ? by_whom : p.sum[kTouchedBy];
    const bool free = p.sum[kGuardedPages] > 0 && p.sum[kGuardedSteps] <= row.what.form().processes;
    if (how == goes_on::as_measured && k == 0 && free && touched_pages == 0 && row.what.form().repeatable())
      windows.push_back(row.batch + row.later_ops);
  }
  s.finish();
  row.guarded.by = function_at(by_whom);
  if (row.guarded.pages > 0)
    row.seen.touch = {touched_pages == 0 ? sight::exact : sight::lower_bound, static_cast<double>(touched_pages)};
}

// The first operation, some later ones, and all that are counted: a copy in the second or the last one is in one of
// them.
void written_pass(audit_row& row) {
  written_instrument by;
  stage s(row.what, by);
  s.setup();
  const shape form = row.what.form();
  std::vector<std::uint64_t> windows{row.batch};
  if (form.repeatable() && row.what.workload->traits.alike() && row.batch > 1) windows = {1, 1, 1, row.batch};
  // Operations where each role gets one.
  const std::uint64_t each = std::max<std::uint64_t>(1, row.ops / row.batch);
  for (const std::uint64_t n : windows) {
    const pass p = window_of(s, row.what, n);
    row.written.push_back({n * each, p.sum[kWrittenWindows], static_cast<double>(p.sum[kWrittenPages]), 0});
  }
  s.finish();
  // A trace is written meanwhile, on pages of this process.
  row.by = cch_is_tracing != nullptr && cch_is_tracing() != 0 ? write_means::fresh_only : write_watch::means();
}

}  // namespace

namespace {

audit_row figures(const cell& what, goes_on how) {
  audit_row row;
  row.what = what;
  row.batch = std::max<std::uint64_t>(1, what.workload->audit_ops(what.at));
  try {
    without_huge_pages();
    if (cch_track_peak != nullptr) cch_track_peak(CCH_PEAK_HEAP_AND_SUB);
    count_pass(row);
    pass inspected;
    const tally looked_at = inspect_pass(row, inspected);
    inspect(row, inspected, looked_at);
    later_pass(row, looked_at);
    if (touch_applies(row)) touch_pass(row, how);
    written_pass(row);
    row.copied = best(row.seen);
  } catch (...) {
    const fault failed = fault_of_current_exception();
    row.error = failed.why;
    row.failed_with = failed.code;
  }
  return row;
}

}  // namespace

audit_row audit_figures(const cell& what) { return figures(what, goes_on::the_same); }

audit_row audit(const cell& what) {
  audit_row row = figures(what, goes_on::as_measured);
  if (row.error.empty()) conclude(row);
  return row;
}

}  // namespace copycost
