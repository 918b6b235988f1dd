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
#include "harness/core/verdict.h"
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
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    if (!all.rows[i].what.form().exact()) continue;
    const library made_of = library_of(*all.rows[i].what.design);
    const json& row = all.json_rows[i];
    out[{made_of.name, made_of.version}][std::string(row["cell"].text())] = exact_metrics_of(row);
  }
  return out;
}

json difference(const std::string& cell, const char* metric, const json& base, const json& head,
                std::string_view said) {
  const bool numbers = base.is_number() && head.is_number() && base.number() > 0;
  return json::of({{"cell", cell},
                   {"metric", metric},
                   {"base", base},
                   {"head", head},
                   {"ratio", numbers ? json(head.number() / base.number()) : json()},
                   {"low", nullptr},
                   {"high", nullptr},
                   {"detectable", 0},
                   {"verdict", said}});
}

struct outcome {
  std::vector<json> rows;  // what differs
  std::size_t compared = 0, missing = 0;
  std::vector<std::string> unknown;  // libraries that there is no baseline for
};

void missing_rows(outcome& out, const baseline& before, const baseline_rows& now) {
  for (const auto& [cell, row] : before.rows)
    if (!now.contains(cell)) {
      out.rows.push_back(difference(cell, "row", "there", json(), "missing"));
      ++out.missing;
    }
}

void compare_rows(outcome& out, const baseline& before, const baseline_rows& now) {
  for (const auto& [cell, row] : now) {
    ++out.compared;
    const auto found = before.rows.find(cell);
    if (found == before.rows.end()) {
      out.rows.push_back(difference(cell, "row", json(), "there", "not in the baseline"));
      continue;
    }
    if (row["allocs_per_op"].is_null() && !found->second["allocs_per_op"].is_null()) {
      out.rows.push_back(difference(cell, "row", "there", json(), to_string(verdict::not_measured)));
      ++out.missing;
      continue;
    }
    for (const exact_metric& metric : kExactMetrics) {
      const json &base = found->second[metric.name], &head = row[metric.name];
      if (!same_figure(base, head)) out.rows.push_back(difference(cell, metric.name, base, head, "changed"));
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

void accept(const std::string& folder, const rows_by_library& now, const options& o) {
  std::vector<baseline> all;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::is_empty(folder, error) || error) all = read_baselines(folder, o.profile_name);
  for (const auto& [key, rows] : now)
    say(fmt::format("copycost: {}\n", accept_baseline(folder, o.profile_name, all, {key.first, key.second}, rows)));
}

}  // namespace

exit_code command_gate(const options& o) {
  const std::string folder = baselines_folder(o);
  const std::vector<baseline> baselines = o.accept ? std::vector<baseline>() : read_baselines(folder, o.profile_name);
  std::string why;
  if (!ledger_ready(why)) throw failure(exit_code::internal, why);
  const audited all = audit_cells(select(o));
  const rows_by_library now = exact_of(all);
  if (now.empty()) throw failure(exit_code::nothing_ran, "no cell with exact metrics is selected");
  const bool partial =
      !o.systems.empty() || !o.designs.empty() || !o.workloads.empty() || !o.filter.empty() || !o.shard.empty();
  if (o.accept) {
    if (!all.ok) tell_what_does_not_hold(all);
    if (partial || !all.ok)
      throw failure(all.count.broken > 0 ? exit_code::incorrect
                    : !all.ok            ? all.count.code()
                                         : exit_code::usage,
                    all.count.broken > 0 ? "a promise is broken: that is not accepted as a baseline (copycost audit)"
                    : !all.ok            ? what_is_missing(all.json_rows) + ": that is not accepted as a baseline"
                                         : "--accept takes the whole profile");
    accept(folder, now, o);
    return exit_code::ok;
  }
  const outcome found = differences(baselines, now, partial);
  json printed = document(o.seed, found.rows, found.rows.empty() && found.unknown.empty() && all.ok);
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
  if (const std::string missing = what_is_missing(all.json_rows); !missing.empty())
    say(fmt::format("copycost: {}\n", missing));
  return gate_code(all.count.broken == 0, found.missing, found.rows.size(), found.unknown.size());
}

}  // namespace copycost
