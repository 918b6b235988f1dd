// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <map>
#include <thread>

#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/kept_paces.h"
#include "harness/cli/selection.h"
#include "harness/clock/run.h"
#include "harness/output/console.h"
#include "harness/output/document.h"
#include "harness/output/progress.h"
#include "harness/output/table.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

conditions conditions_now() {
  conditions now;
  struct stat s {};
  if (stat(launch_program(allocator::mimalloc).c_str(), &s) == 0)
    now.program = fmt::format("{}-{}.{}", s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
  const env::machine_info machine = env::inspect();
  now.cores = std::max(1u, std::thread::hardware_concurrency());
  now.machine = fmt::format("{}, {} cores, {}", machine.cpu_model, now.cores, machine.kernel);
  if (getloadavg(&now.load, 1) != 1) now.load = 0;
  now.minute = std::time(nullptr) / 60;
  return now;
}

// What a list goes by: paces, and why a cell has none.
struct calibrated {
  kept_paces found;
  std::map<std::string, std::string> why_not;
};

// Kept beside the programs, so that a second `list` answers at once.
std::string cache_path() { return launch_program(allocator::mimalloc).string() + ".calibration.json"; }

calibrated paces_for(const std::vector<cell>& cells, const options& o) {
  const conditions now = conditions_now();
  calibrated out{o.inputs.empty() ? read_kept_paces(cache_path(), now) : kept_paces{}, {}};
  kept_paces& found = out.found;
  std::vector<cell> unknown;
  for (const cell& c : cells)
    if (!found.known.contains(c.name())) unknown.push_back(c);
  if (unknown.empty()) return out;
  progress_line line;
  for (const calibration_row& row : calibrate_cells(unknown, line.function()))
    if (row.known)
      found.known[row.cell] = *row.known;
    else
      out.why_not[row.cell] = row.why;
  found.load = std::max(found.load, now.load);
  found.busy = found.busy || now.busy();
  if (o.inputs.empty()) keep_paces(cache_path(), found, now);
  return out;
}

// Why the profile takes longer than it is meant to. A busy machine is not a fault of the profile.
exit_code tell_that_it_is_long(const kept_paces& found, const options& o, double total, double budget_s) {
  const std::string line =
      fmt::format("profile {} takes about {:.0f} s here, {:.0f} s are meant for it", o.profile_name, total, budget_s);
  if (found.busy) {
    say(fmt::format("copycost: {}; the machine was busy when this was estimated (load {:.1f})\n", line, found.load));
    return exit_code::ok;
  }
  say(fmt::format("copycost: {}; --system, --workload or --launches make a run shorter\n", line));
  return exit_code::regression;
}

}  // namespace

exit_code command_list(const options& o) {
  if (o.designs_only) return list_designs(o);
  const std::vector<cell> cells = select(o);
  const calibrated all = paces_for(cells, o);
  const paces& known = all.found.known;
  const profile_budget b = budget_of(o.how());
  std::vector<cell> timed = cells;
  for (const cell& c : cells)
    if (c.workload->traits.allocator_matters() && !c.design->peer) timed.push_back(c);
  const std::size_t limits = 2 * worth_of(limits_for(cells));
  const windows each = windows_of(timed, known, b, limits);
  std::vector<list_row> rows;
  const double budget_s = b.total_s * static_cast<double>(systems_of(cells));
  double total = fixed_seconds(timed, known, b, limits);
  for (const cell& c : cells) {
    const auto found = known.find(c.name());
    if (found == known.end()) {
      const auto why = all.why_not.find(c.name());
      rows.push_back({c, std::nullopt, why != all.why_not.end() ? why->second : "not reached"});
      continue;
    }
    const double launches = b.launches * (c.workload->traits.allocator_matters() && !c.design->peer ? 2 : 1);
    const plan_item item = item_for(c, found->second, b, each.at(c.system->name));
    if (!c.workload->traits.heavy())  // those are in the fixed seconds
      total += launches * static_cast<double>(item.n) * item.batches * found->second.ns / 1e9;
    rows.push_back({c, launches * item_seconds(item, c, found->second), ""});
  }
  const double allowed = 1.15 * budget_s;  // what the profile may take on this machine
  const bool fits = total <= allowed;
  json doc = document(o.seed, json_rows(rows), fits);
  doc.set("estimate_s", total).set("budget_s", budget_s).set("load", all.found.load).set("busy", all.found.busy);
  print(o, doc,
        list_text(rows, output_columns()) + "\n" +
            paragraph(fmt::format("{} cells, {} launches, about {:.0f} s (the profile may take {:.0f} s)", rows.size(),
                                  b.launches, total, budget_s),
                      output_columns()));
  return fits ? exit_code::ok : tell_that_it_is_long(all.found, o, total, budget_s);
}

}  // namespace copycost
