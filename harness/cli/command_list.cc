// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

#include "harness/cli/commands.h"
#include "harness/cli/selection.h"
#include "harness/clock/run.h"
#include "harness/core/text.h"
#include "harness/out/console.h"
#include "harness/out/document.h"
#include "harness/out/progress.h"

namespace copycost {
namespace {

// Calibration is kept beside the programs, under their size and time, so that a second `list` answers at once.
std::string cache_path() { return launch_program(allocator::mimalloc).string() + ".calibration.json"; }

std::string program_key() {
  struct stat s {};
  if (stat(launch_program(allocator::mimalloc).c_str(), &s) != 0) return {};
  return fmt::format("{}-{}.{}", s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}

paces cached_paces() {
  std::error_code error;
  if (!std::filesystem::exists(cache_path(), error)) return {};
  try {
    const json cache = read_json_file(cache_path());
    return cache["program"].text() == program_key() ? paces_of(cache["rows"].items()) : paces{};
  } catch (const failure&) {
    return {};  // a cache that cannot be read is no cache
  }
}

void keep(const paces& known) {
  json rows = json::array{};
  for (const auto& [name, p] : known)
    rows.push(json::of({{"cell", name},
                        {"equal", true},
                        {"ns", p.ns},
                        {"setup_ns", p.setup_ns},
                        {"paused_ns", p.paused_ns},
                        {"batch_ns", p.batch_ns},
                        {"judge_ns", p.judge_ns}}));
  try {
    replace_file(cache_path(), json::of({{"program", program_key()}, {"rows", rows}}).dump());
  } catch (const failure&) {  // a directory that cannot be written to costs time and nothing else
  }
}

paces paces_for(const std::vector<cell>& cells, const options& o) {
  paces known = o.inputs.empty() ? cached_paces() : paces{};
  std::vector<cell> unknown;
  for (const cell& c : cells)
    if (!known.contains(c.name())) unknown.push_back(c);
  if (unknown.empty()) return known;
  progress_line line;
  for (auto& [name, p] : paces_of(calibrate_cells(unknown, line.function()))) known[name] = p;
  if (o.inputs.empty()) keep(known);
  return known;
}

}  // namespace

exit_code command_list(const options& o) {
  const std::vector<cell> cells = select(o);
  const paces known = paces_for(cells, o);
  const profile_budget b = budget_of(o.how());
  std::vector<cell> timed = cells;
  for (const cell& c : cells)
    if (c.workload->traits.allocator_matters && !c.design->peer) timed.push_back(c);
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
      rows.push_back(row.set("estimate_s", nullptr));
      continue;
    }
    const double launches = b.launches * (c.workload->traits.allocator_matters && !c.design->peer ? 2 : 1);
    const plan_item item = item_for(c, found->second, b, each.at(c.system->name));
    if (!c.workload->traits.heavy)  // those are in the fixed seconds
      total += launches * static_cast<double>(item.n) * item.batches * found->second.ns / 1e9;
    rows.push_back(row.set("estimate_s", launches * item_seconds(item, c, found->second)));
  }
  const double allowed = 1.15 * budget_s;  // what the profile may take on this machine
  const bool fits = total <= allowed;
  json doc = document(o.seed, rows, fits);
  doc.set("estimate_s", total).set("budget_s", budget_s);
  print(o, doc,
        list_text(rows) + fmt::format("\n{} cells, {} launches, about {:.0f} s (the profile may take {:.0f} s)\n",
                                      rows.size(), b.launches, total, budget_s));
  if (!fits)
    throw failure(exit_code::internal,
                  fmt::format("profile {} does not fit: {:.0f} s of {:.0f} s; take points away from the slowest cells",
                              o.profile_name, total, budget_s));
  return exit_code::ok;
}

}  // namespace copycost
