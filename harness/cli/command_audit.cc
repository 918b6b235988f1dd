// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "harness/base/text.h"
#include "harness/cli/audit_cells.h"
#include "harness/cli/commands.h"
#include "harness/cli/selection.h"
#include "harness/ledger/hooks/hooks.h"
#include "harness/output/console.h"
#include "harness/output/document.h"
#include "harness/output/result_dir.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

void check_hook(int error, const std::string& path, const char* what) {
  if (error != 0) throw failure(exit_code::internal, path + ": cannot write the " + what + ": " + std::strerror(error));
}

// What the design says of itself, for the report's decision table.
json designs_json(const std::vector<judged_row>& rows) {
  json out = json::array{};
  std::vector<const design_entry*> seen;
  for (const judged_row& r : rows) {
    if (std::find(seen.begin(), seen.end(), r.found.what.design) != seen.end()) continue;
    seen.push_back(r.found.what.design);
    const design_entry& d = *r.found.what.design;
    json reasons = json::array{};
    for (const std::string_view not_offered : d.not_offered) reasons.push(not_offered);
    out.push(json::of({{"system", d.system},
                       {"name", d.name},
                       {"about", d.about},
                       {"peer", d.peer},
                       {"zero_copy", d.zero_copy},
                       {"obligations", d.obligations},
                       {"pick_when", d.pick_when},
                       {"avoid_when", d.avoid_when},
                       {"not_offered", reasons}}));
  }
  return out;
}

// What each witness can see at all, in the words of harness/ledger/README.md.
json coverage_json() {
  constexpr std::string_view known[][3] = {
      {"primitive", "every copy of our own designs, to the byte", "peers, and code that does not use it (linted)"},
      {"interposed", "calls whose source is payload, or carries its pattern",
       "inlined copies; pieces under 16 bytes of a copy of a copy"},
      {"signature", "copies however made, also in freed memory", "pieces under 23 bytes, and what was overwritten"},
      {"identity", "a last hop that is not where the producer wrote", "copies beside the one that is read"},
      {"touch", "any read of lent payload, of any size, in any thread",
       "copies of copies; payload that a container holds itself; operations that must read"}};
  json out = json::array{};
  for (const auto& [witness, sees, blind_to] : known) {
    out.push(json::of({{"witness", witness}, {"sees", sees}, {"blind_to", blind_to}}));
  }
  return out;
}

// Only the totals: what is measured differs under heaptrack (its own allocations arrive too), so nothing measured is
// printed, and two identical runs, one with heaptrack and one without, allocate identically.
exit_code totals_only(const options& o, const std::vector<cell>& cells) {
  check_hook(cch_totals_at_exit(o.heap_totals.c_str()), o.heap_totals, "heap totals");
  verdict_count count;
  for (const cell& c : cells) {
    const audit_row row = audit_figures(c);
    count.add(row.error.empty() ? verdict::holds : verdict_of(row.failed_with), row.failed_with);
    if (!row.error.empty()) say(fmt::format("copycost: {}: {}\n", c.name(), row.error));
  }
  const std::size_t ran = count.rows - count.broken - count.unmeasured;
  say(fmt::format("copycost: {} of {} cells ran; heap totals in {}\n", ran, cells.size(), o.heap_totals));
  return count.code();
}

}  // namespace

exit_code command_audit(const options& o) {
  const std::vector<cell> cells = select(o);
  std::string why;
  if (!ledger_ready(why)) throw failure(exit_code::internal, why);
  if (!o.heap_totals.empty()) return totals_only(o, cells);
  if (!o.output.empty()) prepare_result_dir(o.output);
  if (!o.heap_trace.empty()) check_hook(cch_trace_start(o.heap_trace.c_str()), o.heap_trace, "trace");
  const audited all = audit_cells(cells);
  cch_trace_stats trace{};
  if (!o.heap_trace.empty()) {
    check_hook(cch_trace_stop(&trace), o.heap_trace, "trace");
    say(fmt::format("copycost: {}: {} allocations, {} bytes, peak {}, leaked {} in {} blocks\n", o.heap_trace,
                    trace.allocs, trace.alloc_bytes, trace.peak_bytes, trace.leaked_bytes, trace.leaked_blocks));
  }
  json doc = document(o.seed, json_rows(all.rows), all.ok);
  doc.set("designs", designs_json(all.rows)).set("coverage", coverage_json()).set("profile", o.profile_name);
  belongs_to_run(doc, o);
  if (!o.output.empty()) replace_file(o.output + "/audit.json", doc.dump(1) + "\n");
  print(o, doc, audit_text(all.rows, output_columns()));
  if (!all.ok) tell_what_does_not_hold(all);
  if (const std::string missing = what_is_missing(all.rows); !missing.empty())
    say(fmt::format("copycost: {}\n", missing));
  return all.count.code();
}

}  // namespace copycost
