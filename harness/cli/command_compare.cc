// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/compare_files.h"
#include "harness/core/verdict.h"
#include "harness/output/console.h"
#include "harness/output/document.h"
#include "harness/output/result_dir.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

bool has_interval(const json& row) {
  return row["ns"].is_number() && row["low"].is_number() && row["high"].is_number();
}

// Two runs share no launches, so nothing is paired: the interval runs from the least to the most that both medians'
// intervals allow, which is wider than 95 % and never narrower.
json compared(const std::string& cell, const json& base, const json& head) {
  json row = json::of({{"cell", cell}, {"metric", "ns"}, {"base", base["ns"]}, {"head", head["ns"]}});
  if (!has_interval(base) || !has_interval(head)) {
    const json& lacks = has_interval(base) ? head : base;
    return unlike(std::move(row), to_string(verdict::not_measured), lacks["why"].text("no time"));
  }
  const double ratio = head["ns"].number() / base["ns"].number();
  const double low = head["low"].number() / base["high"].number(), high = head["high"].number() / base["low"].number();
  const std::string_view said = low > 1 ? "slower" : high < 1 ? "faster" : to_string(verdict::not_separated);
  return row.set("ratio", ratio)
      .set("low", low)
      .set("high", high)
      .set("detectable", high / low > 0 ? json(std::max(high / ratio, ratio / low) - 1) : json())
      .set("verdict", said);
}

}  // namespace

exit_code command_compare(const options& o) {
  const json base = read_verdicts(o.directories[0]), head = read_verdicts(o.directories[1]);
  comparison found;
  const auto before = rows_by_cell(base), after = rows_by_cell(head);
  if (before.empty() && after.empty()) throw failure(exit_code::nothing_ran, "neither directory holds a cell");
  for (const auto& [cell, row] : before) {
    const auto there = after.find(cell);
    if (there != after.end())
      found.rows.push_back(compared(cell, *row, *there->second));
    else
      found.add_missing(unlike(json::of({{"cell", cell}, {"metric", "ns"}, {"base", (*row)["ns"]}, {"head", json()}}),
                               "missing", "only in the first directory"));
  }
  for (const auto& [cell, row] : after)
    if (!before.contains(cell))
      found.add_missing(unlike(json::of({{"cell", cell}, {"metric", "ns"}, {"base", json()}, {"head", (*row)["ns"]}}),
                               "not in base", "only in the second directory"));
  const std::size_t cells_missing = found.missing;
  compare_other_files(o.directories[0], o.directories[1], found);
  const std::vector<std::string> notes = what_differs(o.directories, base, head);
  json doc = document(o.seed, found.rows, found.missing == 0 && notes.empty());
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
  const bool some = std::ranges::any_of(
      found.rows, [](const json& r) { return r["verdict"].text() != to_string(verdict::not_measured); });
  if (!some) throw failure(exit_code::nothing_ran, "no cell was measured in both directories");
  return exit_code::ok;
}

}  // namespace copycost
