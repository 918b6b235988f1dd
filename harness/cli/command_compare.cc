// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/compare_files.h"
#include "harness/output/console.h"
#include "harness/output/document.h"
#include "harness/output/result_dir.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

bool has_interval(const time_record& row) { return row.ns && row.low && row.high; }

// Two runs share no launches, so nothing is paired: the interval runs from the least to the most that both medians'
// intervals allow, which is wider than 95 % and never narrower.
compare_row compared(const std::string& cell, const time_record& base, const time_record& head) {
  compare_row row = unlike(cell, "ns", figure_of(base.ns), figure_of(head.ns), difference::not_measured,
                           has_interval(base) ? head.why : base.why);
  if (!has_interval(base) || !has_interval(head)) return row;
  const double ratio = *head.ns / *base.ns, low = *head.low / *base.high, high = *head.high / *base.low;
  row.ratio = ratio;
  row.low = low;
  row.high = high;
  if (high / low > 0) row.detectable = std::max(high / ratio, ratio / low) - 1;
  row.said = low > 1 ? difference::slower : high < 1 ? difference::faster : difference::not_separated;
  row.why.reset();
  return row;
}

}  // namespace

exit_code command_compare(const options& o) {
  const run_record base = read_verdicts(o.directories[0]), head = read_verdicts(o.directories[1]);
  comparison found;
  if (base.rows.empty() && head.rows.empty()) throw failure(exit_code::nothing_ran, "neither directory holds a cell");
  for (const auto& [cell, row] : base.rows) {
    const auto there = head.rows.find(cell);
    if (there != head.rows.end())
      found.rows.push_back(compared(cell, row, there->second));
    else
      found.add_missing(unlike(cell, "ns", figure_of(row.ns), {}, difference::missing, "only in the first directory"));
  }
  for (const auto& [cell, row] : head.rows)
    if (!base.rows.contains(cell))
      found.add_missing(
          unlike(cell, "ns", {}, figure_of(row.ns), difference::not_in_base, "only in the second directory"));
  const std::size_t cells_missing = found.missing;
  compare_other_files(o.directories[0], o.directories[1], found);
  const std::vector<std::string> notes = what_differs(o.directories, base, head);
  json doc = document(o.seed, json_rows(found.rows), found.missing == 0 && notes.empty());
  json said = json::array{};
  for (const std::string& note : notes) {
    say(fmt::format("copycost: {}\n", note));
    said.push(note);
  }
  print(o, doc.set("notes", said), comparison_text(found.rows, {}, output_columns()));
  if (cells_missing > 0)
    throw failure(exit_code::nothing_ran, fmt::format("{} cells are in one directory only", cells_missing));
  if (found.missing > 0)
    throw failure(exit_code::nothing_ran,
                  fmt::format("{} rows or files are in one directory only, or have no figures", found.missing));
  const bool some =
      std::ranges::any_of(found.rows, [](const compare_row& r) { return r.said != difference::not_measured; });
  if (!some) throw failure(exit_code::nothing_ran, "no cell was measured in both directories");
  return exit_code::ok;
}

}  // namespace copycost
