// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/schedule.h"

#include <algorithm>
#include <cmath>

namespace copycost {
namespace {
constexpr double kLimitBudgetNs = 2e6, kLaunchStartS = 0.03, kWindowMinNs = 1e5;

// Whether a cell's operations fill a share of the time that there is. Those of others are a number of their own.
bool takes_a_share(const cell& what) {
  return !what.workload->traits.heavy() && what.workload->batch_ops(what.at) == 0;
}

double overhead_s(const cell& what, const pace& p, unsigned batches) {
  const double setups = what.form().repeatable() ? 1 : batches;
  return (kChildNs + setups * p.setup_ns + batches * p.batch_ns) / 1e9;
}

// Batches of n operations each that fit into a window: one at least.
unsigned batches_in(double window, std::uint64_t n, const pace& p, unsigned most) {
  const double each = static_cast<double>(n) * std::max(p.whole_ns(), 0.1);
  return static_cast<unsigned>(std::clamp(window / each, 1.0, static_cast<double>(most)));
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
    const pace& p = found->second;
    calibration += (3 * p.setup_ns + p.judge_ns) / 1e9;
    calibration += static_cast<double>(c.workload->batch_ops(c.at)) * p.whole_ns() / 1e9;
    launch += takes_a_share(c) ? overhead_s(c, p, b.batches) : item_seconds(item_for(c, p, b, 0), c, p);
  }
  return calibration + b.launches * launch;
}

double window_ns(const std::vector<cell>& cells, const paces& known, const profile_budget& b, std::size_t limits) {
  const auto shares = std::ranges::count_if(cells, takes_a_share);
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
  item.cell = what.name();
  item.batches = b.batches;
  if (what.workload->traits.heavy()) {
    item.batches = 1;
    item.n = 1;
    return item;
  }
  if (const std::uint64_t n = what.workload->batch_ops(what.at); n > 0) {
    item.n = n;
    item.batches = batches_in(b.window_ns_max, n, known, b.batches);
    return item;
  }
  // An operation that is longer than a batch's share of the window makes a batch of its own: then there are fewer.
  item.batches = batches_in(window, 1, known, b.batches);
  const double per_batch = window / item.batches / std::max(known.whole_ns(), 0.1);
  item.n = static_cast<std::uint64_t>(std::clamp(per_batch, 1.0, what.form().repeatable() ? 1e9 : 16384.0));
  if (what.form().open_loop()) item.period_ns = static_cast<std::int64_t>(std::max(1000.0, 2 * known.ns));
  return item;
}

double item_seconds(const plan_item& item, const cell& what, const pace& known) {
  return overhead_s(what, known, item.batches) + static_cast<double>(item.n) * item.batches * known.whole_ns() / 1e9;
}

}  // namespace copycost
