// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/schedule.h"

#include <algorithm>
#include <cmath>

namespace copycost {
namespace {
constexpr double kLimitBudgetNs = 2e6, kLaunchStartS = 0.03, kWindowMinNs = 1e5;

double launch_overhead_s(const cell& what, const pace& p, const profile_budget& b) {
  const unsigned batches = what.workload->traits.heavy ? 1 : b.batches;
  const double setups = what.form().repeatable ? 1 : batches;
  const double operation = what.workload->traits.heavy ? p.whole_ns() : 0;  // others fill their share of the window
  return (kChildNs + setups * p.setup_ns + batches * p.batch_ns + operation) / 1e9;
}
}  // namespace

profile_budget budget_of(profile p) {
  switch (p) {
    case profile::smoke:
      return {8, 3, 3, 2e6};
    case profile::quick:
      return {48, 8, 5, 8e6};
    case profile::full:
      return {600, 12, 9, 40e6};
    case profile::soak:
      return {3600, 30, 15, 100e6};
  }
  return {};
}

double fixed_seconds(const std::vector<cell>& cells, const paces& known, const profile_budget& b, std::size_t limits) {
  double calibration = kLaunchStartS,
         launch = kLaunchStartS + static_cast<double>(limits) * (kLimitBudgetNs + kChildNs) / 1e9;
  for (const cell& c : cells) {
    const auto found = known.find(c.name());
    if (found == known.end()) continue;
    calibration += (3 * found->second.setup_ns + found->second.judge_ns) / 1e9;
    launch += launch_overhead_s(c, found->second, b);
  }
  return calibration + b.launches * launch;
}

double window_ns(const std::vector<cell>& cells, const paces& known, const profile_budget& b, std::size_t limits) {
  const auto shares = std::ranges::count_if(cells, [](const cell& c) { return !c.workload->traits.heavy; });
  if (shares == 0) return cells.empty() ? 0 : kWindowMinNs;
  const double left = b.total_s - fixed_seconds(cells, known, b, limits);
  const double each = left * 1e9 / (static_cast<double>(shares) * b.launches);
  return std::clamp(each, kWindowMinNs, b.window_ns_max);
}

windows windows_of(const std::vector<cell>& cells, const paces& known, const profile_budget& b, std::size_t limits) {
  std::map<std::string_view, std::vector<cell>> parts;
  for (const cell& c : cells) parts[c.system->name].push_back(c);
  windows out;
  for (const auto& [system, part] : parts) out[system] = window_ns(part, known, b, limits * part.size() / cells.size());
  return out;
}

plan_item item_for(const cell& what, const pace& known, const profile_budget& b, double window) {
  plan_item item;
  item.cell = what.name(), item.batches = b.batches;
  if (what.workload->traits.heavy) {
    item.batches = 1, item.n = 1;
    return item;
  }
  // An operation that is longer than a batch's share of the window makes a batch of its own: then there are fewer.
  item.batches = static_cast<unsigned>(std::clamp(window / std::max(known.whole_ns(), 0.1), 1.0, static_cast<double>(b.batches)));
  const double per_batch = window / item.batches / std::max(known.whole_ns(), 0.1);
  item.n = static_cast<std::uint64_t>(std::clamp(per_batch, 1.0, what.form().repeatable ? 1e9 : 16384.0));
  if (what.form().open_loop) item.period_ns = static_cast<std::int64_t>(std::max(1000.0, 2 * known.ns));
  return item;
}

double item_seconds(const plan_item& item, const cell& what, const pace& known) {
  profile_budget b;
  b.batches = item.batches;
  if (what.workload->traits.heavy) return launch_overhead_s(what, known, b);
  return launch_overhead_s(what, known, b) + static_cast<double>(item.n) * item.batches * known.whole_ns() / 1e9;
}

}  // namespace copycost
