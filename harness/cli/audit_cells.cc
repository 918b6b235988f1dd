// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/audit_cells.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "harness/base/failure.h"
#include "harness/clock/launcher.h"
#include "harness/ledger/hooks/hooks.h"
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
  for (auto& [found, judged] : all.rows) {
    const promise* p = judged.held_to;
    if (p == nullptr || p->grows != growth::constant || !found.error.empty()) continue;
    const auto [at, fresh] = first.emplace(but_for_size(found.what), found.copied);
    if (fresh || at->second == found.copied) continue;
    judged.said = verdict::broken;
    judged.reasons.push_back("promises a cost that does not grow with the payload, but what it copies does");
  }
}

}  // namespace

audited audit_cells(const std::vector<cell>& cells) {
  const bool foreign = cch_under_heaptrack != nullptr && cch_under_heaptrack() != 0;
  audited all;
  for (const cell& c : cells) {
    if (g_interrupted) throw failure(exit_code::interrupted, "interrupted; nothing was written");
    const at_work now("the audit of " + c.name());
    audit_row found = audit(c);
    judgement said =
        foreign ? judgement{verdict::not_measured, {"under heaptrack: see its totals"}, nullptr} : judge(found);
    all.rows.push_back({std::move(found), std::move(said)});
  }
  if (!foreign) check_growth(all);
  for (const auto& [found, judged] : all.rows) {
    all.ok = all.ok && (judged.said == verdict::holds || foreign);
    if (!foreign) all.count.add(judged.said, found.failed_with);
  }
  return all;
}

void tell_what_does_not_hold(const audited& all) {
  constexpr std::size_t kToldMax = 10;
  std::size_t count = 0;
  for (const auto& [found, judged] : all.rows) {
    if (judged.said == verdict::holds || judged.reasons.empty() || ++count > kToldMax) continue;
    say(fmt::format("copycost: {}: {}: {}\n", found.what.name(), to_string(judged.said),
                    fmt::join(judged.reasons, "; ")));
  }
  if (count > kToldMax) say(fmt::format("copycost: {} more cells do not hold\n", count - kToldMax));
}

}  // namespace copycost
