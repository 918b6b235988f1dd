// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/promises.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/judge/beside_copies.h"

namespace copycost {
namespace {

struct named {
  const char* name;
  const testimony* says;
};

bool differs(double a, double b) { return std::fabs(a - b) > 1e-9 * std::max({1.0, std::fabs(a), std::fabs(b)}); }

void check_witnesses(const witnesses& w, judgement& out) {
  const named all[] = {{"primitive", &w.primitive},
                       {"interposed", &w.interposed},
                       {"signature", &w.signature},
                       {"identity", &w.identity},
                       {"touch", &w.touch}};
  for (const named& a : all) {
    if (a.says->kind != sight::exact) continue;
    for (const named& b : all) {
      if (&a == &b) continue;
      if (b.says->kind == sight::exact && &a < &b && differs(a.says->bytes_per_op, b.says->bytes_per_op))
        out.reasons.push_back(fmt::format("witnesses differ: {} saw exactly {:g} B/op, {} exactly {:g} B/op", a.name,
                                          a.says->bytes_per_op, b.name, b.says->bytes_per_op));
      if (b.says->kind == sight::lower_bound && b.says->bytes_per_op > a.says->bytes_per_op * (1 + 1e-9) + 1e-9)
        out.reasons.push_back(fmt::format("witnesses differ: {} saw at least {:g} B/op where {} saw exactly {:g} B/op",
                                          b.name, b.says->bytes_per_op, a.name, a.says->bytes_per_op));
    }
  }
}

void check_amount(const char* what, bound kind, double promised, double measured, judgement& out) {
  if (measured > promised && differs(measured, promised))
    out.reasons.push_back(fmt::format("promised {} {:g} {}/op, measured {:g}",
                                      kind == bound::exact ? "exactly" : "at most", promised, what, measured));
  else if (kind == bound::exact && differs(measured, promised))
    out.reasons.push_back(
        fmt::format("the promise is loose: {:g} {}/op promised, {:g} measured", promised, what, measured));
}

void check_promise(const audit_row& row, judgement& out) {
  const promise* p = out.held_to;
  if (p == nullptr) {
    out.reasons.push_back("the design promises nothing for this workload (promises.h)");
    return;
  }
  if (p->allocs == nullptr || p->copied == nullptr) {
    out.reasons.push_back("a promise without an amount of allocations or copied bytes (promises.h)");
    return;
  }
  if ((p->kind == bound::at_most || p->allocs_at_most) && p->why.empty())
    out.reasons.push_back("an at_most promise without a reason");
  const double cap = row.what.workload->copied_cap(row.what.at), promised = p->copied(row.what.at);
  const double everywhere = promised + (p->else_copied == nullptr ? 0 : p->else_copied(row.what.at));
  if (row.what.design->zero_copy && cap >= 0 && everywhere > cap)
    out.reasons.push_back(
        fmt::format("promises {:g} copied B/op where a zero-copy design may copy {:g}", everywhere, cap));
  check_amount("allocations", p->allocs_at_most ? bound::at_most : p->kind, p->allocs(row.what.at), row.allocs, out);
  // Objects that do not count for themselves are seen from outside only, whichever thread copied: as much as promised
  // of all threads, or less.
  const bool counts = cells_count() && !row.what.design->peer;
  check_amount("copied B", cells_count() ? p->kind : bound::at_most, counts ? promised : everywhere, row.copied, out);
  check_retained(row, *p, out.reasons);
  check_detours(row, *p, out.reasons);
  check_elsewhere(row, *p, out.reasons);
  check_later(row, *p, out.reasons);
  check_written(row, *p, out.reasons);
  check_ceilings(row, *p, out.reasons);
}

}  // namespace

judgement judge(const audit_row& row) {
  judgement out;
  if (!row.error.empty()) return {verdict_of(row.failed_with), {row.error}, nullptr};
  out.held_to = row.what.promised();
  check_witnesses(row.seen, out);
  check_guarded(row, out.reasons);
  check_promise(row, out);
  if (!out.reasons.empty()) out.said = verdict::broken;
  return out;
}

}  // namespace copycost
