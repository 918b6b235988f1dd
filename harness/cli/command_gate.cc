// SPDX-License-Identifier: Apache-2.0
//
// The gate: exact metrics against the committed baselines. Time between two builds is to stand beside it: a time gate
// adds rows with metric "ns" to the same list and the same exit code.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/cli/audit_cells.h"
#include "harness/cli/baselines.h"
#include "harness/cli/commands.h"
#include "harness/cli/gate_code.h"
#include "harness/cli/selection.h"
#include "harness/cli/source_file.h"
#include "harness/output/console.h"
#include "harness/output/document.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

std::string baselines_folder(const options& o) {
  return o.baseline.empty() ? source_folder("ci/baselines/exact") + "/ci/baselines/exact" : o.baseline;
}

// Library and version -> the rows of its designs, for the cells whose figures are the same in every run.
using rows_by_library = std::map<std::pair<std::string, std::string>, baseline_rows>;

rows_by_library exact_of(const audited& all) {
  rows_by_library out;
  for (const judged_row& row : all.rows) {
    if (!row.found.what.form().exact()) continue;
    const library made_of = library_of(*row.found.what.design);
    out[{made_of.name, made_of.version}][row.found.what.name()] = exact_figures_of(row);
  }
  return out;
}

compare_row row_of(const std::string& cell, const char* metric, const figure& base, const figure& head,
                   difference said) {
  return {cell, metric, base, head, said, times(base, head), {}, {}, 0, {}};
}

struct outcome {
  std::vector<compare_row> rows;  // what differs
  std::size_t compared = 0, missing = 0;
  std::vector<std::string> unknown;  // libraries that there is no baseline for
};

void missing_rows(outcome& out, const baseline& before, const baseline_rows& now) {
  for (const auto& [cell, row] : before.rows)
    if (!now.contains(cell)) {
      out.rows.push_back(row_of(cell, "row", "there", {}, difference::missing));
      ++out.missing;
    }
}

void compare_rows(outcome& out, const baseline& before, const baseline_rows& now) {
  for (const auto& [cell, row] : now) {
    ++out.compared;
    const auto found = before.rows.find(cell);
    if (found == before.rows.end()) {
      out.rows.push_back(row_of(cell, "row", {}, "there", difference::not_in_baseline));
      continue;
    }
    if (is_absent(row.allocs_per_op) && !is_absent(found->second.allocs_per_op)) {
      out.rows.push_back(row_of(cell, "row", "there", {}, difference::not_measured));
      ++out.missing;
      continue;
    }
    for (const exact_metric& metric : kExactMetrics) {
      const figure &base = found->second.*metric.of, &head = row.*metric.of;
      if (!same_figure(base, head)) out.rows.push_back(row_of(cell, metric.name, base, head, difference::changed));
    }
  }
}

// A partial selection does not ask for the rows that it did not select.
outcome differences(const std::vector<baseline>& baselines, const rows_by_library& now, bool partial) {
  outcome out;
  std::set<std::string> here;
  for (const auto& [key, rows] : now) {
    const library made_of{key.first, key.second};
    here.insert(made_of.name);
    const auto before = std::ranges::find_if(baselines, [&](const baseline& b) { return b.holds_for(made_of); });
    if (before == baselines.end()) {
      out.unknown.push_back(made_of.name + " " + made_of.version);
      continue;
    }
    compare_rows(out, *before, rows);
    if (!partial) missing_rows(out, *before, rows);
  }
  for (const baseline& gone : baselines)  // a peer that is not built here
    if (!partial && here.insert(gone.library).second) missing_rows(out, gone, {});
  return out;
}

// A program of some systems cannot say what the others' rows are: they would go without a word.
void refuse_without(const std::vector<baseline>& before, const std::string& folder) {
  std::set<std::string> lacking;
  for (const baseline& one : before)
    for (const auto& [cell, row] : one.rows)
      if (const std::string system = cell.substr(0, cell.find('/')); find_system(system) == nullptr)
        lacking.insert(system);
  if (!lacking.empty())
    throw failure(exit_code::usage,
                  fmt::format("{}: has rows of {}, which this program is built without; accept with all systems, or "
                              "remove the files whose rows are gone for good",
                              folder, fmt::join(lacking, ", ")));
}

std::vector<baseline> accepted_before(const std::string& folder, const options& o) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error) && !error) return {};
  if (std::filesystem::is_directory(folder, error) && std::filesystem::is_empty(folder, error)) return {};
  std::vector<baseline> all = read_baselines(folder, o.profile_name);
  refuse_without(all, folder);
  return all;
}

void accept(const std::string& folder, std::vector<baseline> all, const rows_by_library& now, const options& o) {
  std::filesystem::create_directories(folder);
  for (const auto& [key, rows] : now)
    say(fmt::format("copycost: {}\n", accept_baseline(folder, o.profile_name, all, {key.first, key.second}, rows)));
}

}  // namespace

exit_code command_gate(const options& o) {
  const std::string folder = baselines_folder(o);
  const bool partial =
      !o.systems.empty() || !o.designs.empty() || !o.workloads.empty() || !o.filter.empty() || !o.shard.empty();
  if (o.accept && partial) throw failure(exit_code::usage, "--accept takes the whole profile");
  const std::vector<baseline> baselines =
      o.accept ? accepted_before(folder, o) : read_baselines(folder, o.profile_name);
  std::string why;
  if (!ledger_ready(why)) throw failure(exit_code::internal, why);
  const audited all = audit_cells(select(o));
  const rows_by_library now = exact_of(all);
  if (now.empty()) throw failure(exit_code::nothing_ran, "no cell with exact metrics is selected");
  if (o.accept) {
    if (!all.ok) {
      tell_what_does_not_hold(all);
      const bool broken = all.count.broken > 0;
      throw failure(broken ? exit_code::incorrect : all.count.code(),
                    broken ? "a promise is broken: that is not accepted as a baseline (copycost audit)"
                           : what_is_missing(all.rows) + ": that is not accepted as a baseline");
    }
    accept(folder, baselines, now, o);
    return exit_code::ok;
  }
  const outcome found = differences(baselines, now, partial);
  json printed = document(o.seed, json_rows(found.rows), found.rows.empty() && found.unknown.empty() && all.ok);
  printed.set("compared", found.compared);
  std::string text = comparison_text(found.rows, found.compared, output_columns());
  if (!found.unknown.empty()) {
    const std::string line = fmt::format("{}: no baseline for {}; there are: {}; `copycost gate --accept` makes one",
                                         folder, fmt::join(found.unknown, ", "), keys_of(baselines));
    say(fmt::format("copycost: {}: INCONCLUSIVE\n", line));
    printed.set("why", line);
    text += "INCONCLUSIVE: " + line + "\n";
  }
  print(o, printed, text);
  if (!all.ok) tell_what_does_not_hold(all);
  if (!found.rows.empty())
    say(fmt::format(
        "copycost: {} exact metrics differ from {}; an intended change is written with `copycost gate --accept`\n",
        found.rows.size(), folder));
  if (const std::string missing = what_is_missing(all.rows); !missing.empty())
    say(fmt::format("copycost: {}\n", missing));
  return gate_code(all.count.broken == 0, found.missing, found.rows.size(), found.unknown.size());
}

}  // namespace copycost
