// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/beside_copies.h"

#include <fmt/format.h>

#include <algorithm>

namespace copycost {
namespace {

// Whole numbers added up and divided again differ in the last place.
bool is_more(double measured, double promised) { return measured > promised + 1e-9 * std::max(1.0, promised); }

void at_most(const char* what, double promised, double measured, reasons& out) {
  if (is_more(measured, promised))
    out.push_back(fmt::format("promised at most {:g} {}/op, measured {:g}", promised, what, measured));
}

double amount_or(amount promised, double otherwise, const params& at) {
  return promised != nullptr ? promised(at) : otherwise;
}

// A bound may be above what was measured by so much and no more; else it promises nothing.
constexpr double kLooseTimes = 16, kLooseMore = 512, kLooseBytes = 256 * 1024;

}  // namespace

void check_detours(const audit_row& row, const promise& p, reasons& out) {
  const workload_entry& w = *row.what.workload;
  const params& at = row.what.at;
  at_most("kernel B", amount_or(p.kernel_bytes, 0, at) + w.kernel_bytes(at), row.kernel_bytes, out);
  at_most("system calls", amount_or(p.syscalls, 0, at) + w.syscalls(at), row.syscalls, out);
  at_most("mapped B", amount_or(p.mapped, 0, at), row.mapped_bytes, out);
  if ((p.kernel_bytes != nullptr || p.syscalls != nullptr || p.mapped != nullptr) && p.why.empty())
    out.push_back("system calls or address space are promised without a reason");
}

void check_elsewhere(const audit_row& row, const promise& p, reasons& out) {
  const params& at = row.what.at;
  const auto nobody = [&](const char* what, amount promised, double measured) {
    if (is_more(measured, amount_or(promised, 0, at)))
      out.push_back(fmt::format("{:g} {}/op in no role (a thread of the design, a library), promised {:g}", measured,
                                what, amount_or(promised, 0, at)));
  };
  nobody("allocations", p.else_allocs, row.elsewhere.allocs);
  nobody("copied B", p.else_copied, row.elsewhere.copied);
  nobody("kernel B", p.else_kernel_bytes, row.elsewhere.kernel_bytes);
  nobody("system calls", p.else_syscalls, row.elsewhere.syscalls);
}

void check_later(const audit_row& row, const promise& p, reasons& out) {
  if (row.later_ops == 0) return;
  const params& at = row.what.at;
  const auto later = [&](const char* what, double promised, double measured, double grows = 0) {
    if (is_more(measured, promised + grows))
      out.push_back(fmt::format("promised {:g} {}/op, measured {:g} over {} later operations", promised, what, measured,
                                row.later_ops));
  };
  later("allocations", p.allocs(at), row.later_allocs);
  // What frames a payload has numbers that grow by a digit over thousands of operations.
  const double copied = p.copied(at);
  later("copied B", copied, row.later_copied, row.what.workload->traits.framed() && copied > 0 ? 1 : 0);
  later("system calls", amount_or(p.syscalls, 0, at) + row.what.workload->syscalls(at), row.later_syscalls);
}

void check_written(const audit_row& row, const promise& p, reasons& out) {
  if (row.what.design->peer || !row.what.design->zero_copy || row.by == write_means::fresh_only) return;
  if (p.copied(row.what.at) > 0) return;
  const auto beyond = [](const written_window& w) { return w.pages - w.allowed; };
  const auto worst = std::ranges::max_element(row.written, {}, beyond);
  if (worst == row.written.end() || beyond(*worst) <= 0) return;
  out.push_back(fmt::format("{:g} pages written in {} operations, where the contract allows {:g} (upper bound: {})",
                            worst->pages, worst->ops, worst->allowed, to_string(row.by)));
}

void check_guarded(const audit_row& row, reasons& out) {
  if (!row.guarded.by.empty()) out.push_back("payload was read by " + row.guarded.by);
  if (row.guarded.faulted_calls > 0)
    out.push_back(fmt::format("{} system calls were handed payload", row.guarded.faulted_calls));
}

void check_retained(const audit_row& row, const promise& p, reasons& out) {
  if (p.retained == nullptr) return;
  const double promised = p.retained(row.what.at), measured = row.retained_over_live();
  if (measured > promised)
    out.push_back(fmt::format("promised to retain at most {:g}x what is live, measured {:g}x", promised, measured));
  // Objects that do not count for themselves do not tell of memory that an arena hands out.
  if (row.live_bytes > 0 && cells_count() && p.kind == bound::exact && !p.retained_at_most && measured < promised / 2)
    out.push_back(
        fmt::format("the promise is loose: {:g}x what is live retained promised, {:g}x measured", promised, measured));
}

void check_ceilings(const audit_row& row, const promise& p, reasons& out) {
  const design_entry& d = *row.what.design;
  const system_ceilings& most = row.what.system->ceilings;
  if (d.handle_payload_bytes > most.handle_payload_bytes)
    out.push_back(fmt::format("says that a handle holds {} B of payload, where the system allows {}",
                              d.handle_payload_bytes, most.handle_payload_bytes));
  const auto loose = [&](const char* what, double promised, double measured, double more) {
    if (promised > kLooseTimes * measured + more)
      out.push_back(
          fmt::format("a bound that promises nothing: {:g} {}/op promised, {:g} measured", promised, what, measured));
  };
  if (d.peer) return;
  loose("allocations", p.allocs(row.what.at), row.allocs, kLooseMore);
  loose("copied B", p.copied(row.what.at), row.copied, kLooseBytes);
}

}  // namespace copycost
