// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/audit_cells.h"

#include <fmt/format.h>

#include <map>

#include "harness/base/failure.h"
#include "harness/clock/launcher.h"
#include "harness/ledger/hooks/hooks.h"
#include "harness/output/document.h"
#include "harness/process/last_words.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

// The cell's name without the payload's size: cells that differ in nothing else.
std::string but_for_size(const cell& c) {
  params rest;
  for (const auto& [key, value] : c.at.entries())
    if (key != "size") rest.set(key, value);
  return std::string(c.system->name) + "/" + std::string(c.design->name) + "/" + std::string(c.workload->traits.name) +
         "/" + rest.to_string();
}

// A promise that cost does not grow with the payload is checked over the sizes of a workload, not in one cell.
void check_growth(audited& all) {
  std::map<std::string, double> first;
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    const promise* p = all.said[i].held_to;
    if (p == nullptr || p->grows != growth::constant || !all.rows[i].error.empty()) continue;
    const auto [at, fresh] = first.emplace(but_for_size(all.rows[i].what), all.rows[i].copied);
    if (fresh || at->second == all.rows[i].copied) continue;
    all.said[i].said = verdict::broken;
    all.said[i].reasons.push_back("promises a cost that does not grow with the payload, but what it copies does");
  }
}

}  // namespace

audited audit_cells(const std::vector<cell>& cells) {
  const bool foreign = cch_under_heaptrack != nullptr && cch_under_heaptrack() != 0;
  audited all;
  for (const cell& c : cells) {
    if (g_interrupted) throw failure(exit_code::interrupted, "interrupted; nothing was written");
    const at_work now("the audit of " + c.name());
    all.rows.push_back(audit(c));
    all.said.push_back(foreign ? judgement{verdict::not_measured, {"under heaptrack: see its totals"}, nullptr}
                               : judge(all.rows.back()));
  }
  if (!foreign) check_growth(all);
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    all.json_rows.push_back(audit_json(all.rows[i], all.said[i]));
    all.ok = all.ok && (all.said[i].said == verdict::holds || foreign);
    if (!foreign) all.count.add(all.said[i].said, all.rows[i].failed_with);
  }
  return all;
}

void tell_what_does_not_hold(const audited& all) {
  constexpr std::size_t kToldMax = 10;
  std::size_t count = 0;
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    if (all.said[i].said == verdict::holds || all.said[i].reasons.empty() || ++count > kToldMax) continue;
    say(fmt::format("copycost: {}: {}: {}\n", all.rows[i].what.name(), to_string(all.said[i].said),
                    fmt::join(all.said[i].reasons, "; ")));
  }
  if (count > kToldMax) say(fmt::format("copycost: {} more cells do not hold\n", count - kToldMax));
}

}  // namespace copycost
