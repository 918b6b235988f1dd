// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace copycost {
namespace {

constexpr double kPage = 4096;
// A role's stack, its record, the design's own heads and counts, and what an allocator writes when it is first asked
// for a size: some pages, whatever the payload's size. Where roles meet they have rings and lines in common, and a heap
// each.
constexpr double kRolePages = 12, kMeetingPages = 6;
// What is allocated is written, too: a part of a page of its own.
constexpr double kAllocated = 1024;

// A window in which a copy of one operation's payload would have shown: it writes more pages than are allowed.
bool excludes_a_copy(const audit_row& row, const written_window& w) {
  return row.by != write_means::fresh_only && w.pages <= w.allowed &&
         row.payload_bytes >= kPage * (w.allowed - w.pages + 1);
}

bool is_proved(const audit_row& row) {
  if (row.payload_bytes == 0) return true;  // there is nothing to copy
  const bool nobody_read =
      row.guarded.asked && row.guarded.pages > 0 && row.guarded.all && row.seen.touch.kind == sight::exact;
  const bool within = std::ranges::all_of(row.written, [](const auto& w) { return w.pages <= w.allowed; });
  return nobody_read ||
         (within && std::ranges::any_of(row.written, [&](const auto& w) { return excludes_a_copy(row, w); }));
}

// What a copy that no witness saw would be like.
std::string hidden(const audit_row& row) {
  double least = std::numeric_limits<double>::infinity();  // bytes that the pages would have shown
  for (const written_window& w : row.written) least = std::min(least, kPage * (w.allowed - w.pages + 1));
  const bool sees_pages = row.by != write_means::fresh_only && !row.written.empty();
  std::string out =
      sees_pages ? fmt::format("a copy of less than {:.0f} B at a time", least) : "a copy into memory that was there";
  out += " that is wiped or changed before the operation ends";
  if (row.guarded.asked && row.guarded.pages > 0) out += ", of payload on pages that were not guarded";
  if (row.what.form().processes > 1) out += ", in any of the processes";
  return out;
}

std::string covered(const audit_row& row) {
  std::string out = fmt::format("{} operations counted and inspected", row.batch);
  if (row.later_ops > 0) out += fmt::format(", {} more counted", row.later_ops);
  if (row.guarded.asked)
    out += fmt::format(", {} guarded on {} pages{}", row.guarded.ops, row.guarded.pages,
                       row.guarded.all ? "" : " of more");
  std::string windows;
  for (const written_window& w : row.written) windows += fmt::format("{}{}", windows.empty() ? "" : "+", w.ops);
  return out + fmt::format(", {} by pages written", windows);
}

}  // namespace

double allowed_pages(const audit_row& row, const written_window& w) {
  const workload_entry& work = *row.what.workload;
  const promise* p = row.what.promised();
  const double allocs = p != nullptr && p->allocs != nullptr ? p->allocs(row.what.at) : 0;
  const double each = work.written(row.what.at) + row.what.promised_copies() + kAllocated * allocs;
  const shape form = row.what.form();
  const double meeting = form.roles() > 1 ? kMeetingPages : 0;
  return (kRolePages + meeting) * form.threads * static_cast<double>(w.pieces) +
         std::ceil(static_cast<double>(w.ops) * each / kPage);
}

void conclude(audit_row& row) {
  for (written_window& w : row.written) w.allowed = allowed_pages(row, w);
  row.covers = covered(row);
  if (row.what.promised_copies() > 0 || row.copied > 0) {
    row.known = proof::copies;
    return;
  }
  if (is_proved(row)) {
    row.known = proof::proved;
    return;
  }
  row.known = proof::bounded;
  row.could_hide = hidden(row);
  // What is counted by the design's own calls is no count of what it does without them.
  for (testimony* t : {&row.seen.primitive, &row.seen.interposed})
    if (t->kind == sight::exact) t->kind = sight::lower_bound;
}

}  // namespace copycost
