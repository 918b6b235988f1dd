// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <thread>

#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/selection.h"
#include "harness/clock/run.h"
#include "harness/output/console.h"
#include "harness/output/document.h"
#include "harness/output/progress.h"
#include "harness/output/table.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

// What a time depends on besides the cell: the program, the machine, and what else the machine did.
struct conditions {
  std::string program, machine;
  double load = 0;
  std::int64_t minute = 0;
  unsigned cores = 1;
  bool busy() const { return load >= 0.5 * cores; }
};

conditions conditions_now() {
  conditions now;
  struct stat s {};
  if (stat(launch_program(allocator::mimalloc).c_str(), &s) == 0)
    now.program = fmt::format("{}-{}.{}", s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
  const json machine = machine_json();
  now.cores = std::max(1u, std::thread::hardware_concurrency());
  now.machine = fmt::format("{}, {} cores, {}", machine["cpu_model"].text("unknown"), now.cores,
                            machine["kernel"].text("unknown"));
  if (getloadavg(&now.load, 1) != 1) now.load = 0;
  now.minute = std::time(nullptr) / 60;
  return now;
}

// What a list goes by: paces, why a cell has none, and whether other work was in the way when they were found.
struct calibrated {
  paces known;
  std::map<std::string, std::string> why_not;
  double load = 0;
  bool busy = false;
};

// Kept beside the programs, so that a second `list` answers at once: for a week, on this machine and program; what was
// found on a busy machine for ten minutes.
std::string cache_path() { return launch_program(allocator::mimalloc).string() + ".calibration.json"; }

calibrated kept(const conditions& now) {
  constexpr std::int64_t kDays = 7, kBusyMinutes = 10;
  std::error_code error;
  if (!std::filesystem::exists(cache_path(), error)) return {};
  try {
    const json cache = read_json_file(cache_path());
    const std::int64_t age = now.minute - cache["minute"].integer(0);
    const bool same = cache["program"].text("") == now.program && cache["machine"].text("") == now.machine;
    const bool busy = cache["busy"].boolean(true);
    if (!same || age < 0 || age > (busy ? kBusyMinutes : kDays * 24 * 60)) return {};
    return {paces_of(cache["rows"].items()), {}, cache["load"].number(0), busy};
  } catch (const failure&) {
    return {};  // a cache that cannot be read is no cache
  }
}

void keep(const calibrated& found, const conditions& at) {
  json rows = json::array{};
  for (const auto& [name, p] : found.known)
    rows.push(json::of({{"cell", name},
                        {"equal", true},
                        {"ns", p.ns},
                        {"setup_ns", p.setup_ns},
                        {"paused_ns", p.paused_ns},
                        {"batch_ns", p.batch_ns},
                        {"judge_ns", p.judge_ns}}));
  try {
    replace_file(cache_path(), json::of({{"program", at.program},
                                         {"machine", at.machine},
                                         {"load", found.load},
                                         {"busy", found.busy},
                                         {"minute", at.minute},
                                         {"rows", rows}})
                                   .dump());
  } catch (const failure&) {  // a directory that cannot be written to costs time and nothing else
  }
}

calibrated paces_for(const std::vector<cell>& cells, const options& o) {
  const conditions now = conditions_now();
  calibrated found = o.inputs.empty() ? kept(now) : calibrated{};
  std::vector<cell> unknown;
  for (const cell& c : cells)
    if (!found.known.contains(c.name())) unknown.push_back(c);
  if (unknown.empty()) return found;
  progress_line line;
  const std::vector<json> rows = calibrate_cells(unknown, line.function());
  for (auto& [name, p] : paces_of(rows)) found.known[name] = p;
  for (const json& row : rows)
    if (!row["equal"].boolean(false))
      found.why_not[std::string(row["cell"].text("?"))] = row["why"].text("no reason given");
  found.load = std::max(found.load, now.load);
  found.busy = found.busy || now.busy();
  if (o.inputs.empty()) keep(found, now);
  return found;
}

// Why the profile takes longer than it is meant to. A busy machine is not a fault of the profile.
exit_code tell_that_it_is_long(const calibrated& found, const options& o, double total, double budget_s) {
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
  const calibrated found_paces = paces_for(cells, o);
  const paces& known = found_paces.known;
  const profile_budget b = budget_of(o.how());
  std::vector<cell> timed = cells;
  for (const cell& c : cells)
    if (c.workload->traits.allocator_matters() && !c.design->peer) timed.push_back(c);
  const std::size_t limits = 2 * worth_of(limits_for(cells));
  const windows each = windows_of(timed, known, b, limits);
  std::vector<json> rows;
  const double budget_s = b.total_s * static_cast<double>(systems_of(cells));
  double total = fixed_seconds(timed, known, b, limits);
  for (const cell& c : cells) {
    const auto found = known.find(c.name());
    json row = json::of({{"cell", c.name()},
                         {"system", c.system->name},
                         {"workload", c.workload->traits.name},
                         {"design", c.design->name},
                         {"params", params_of(c)}});
    if (found == known.end()) {
      const auto why = found_paces.why_not.find(c.name());
      rows.push_back(row.set("estimate_s", nullptr)
                         .set("why", why != found_paces.why_not.end() ? json(why->second) : json("not reached")));
      continue;
    }
    const double launches = b.launches * (c.workload->traits.allocator_matters() && !c.design->peer ? 2 : 1);
    const plan_item item = item_for(c, found->second, b, each.at(c.system->name));
    if (!c.workload->traits.heavy())  // those are in the fixed seconds
      total += launches * static_cast<double>(item.n) * item.batches * found->second.ns / 1e9;
    rows.push_back(row.set("estimate_s", launches * item_seconds(item, c, found->second)));
  }
  const double allowed = 1.15 * budget_s;  // what the profile may take on this machine
  const bool fits = total <= allowed;
  json doc = document(o.seed, rows, fits);
  doc.set("estimate_s", total).set("budget_s", budget_s).set("load", found_paces.load).set("busy", found_paces.busy);
  print(o, doc,
        list_text(rows, output_columns()) + "\n" +
            paragraph(fmt::format("{} cells, {} launches, about {:.0f} s (the profile may take {:.0f} s)", rows.size(),
                                  b.launches, total, budget_s),
                      output_columns()));
  return fits ? exit_code::ok : tell_that_it_is_long(found_paces, o, total, budget_s);
}

}  // namespace copycost
