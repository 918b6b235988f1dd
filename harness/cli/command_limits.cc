// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/cli/commands.h"
#include "harness/clock/launcher.h"
#include "harness/limits/limits.h"
#include "harness/output/console.h"
#include "harness/output/document.h"
#include "harness/stats/interval.h"
#include "harness/stats/summary.h"

namespace copycost {
namespace {

struct measured {
  limits::limit_id id;
  std::vector<double> ns;
  double bytes_per_second = 0;
  std::vector<double> bytes;  // where a size is the answer
  std::string error;
};

limits::depth depth_of(profile p) {
  if (p == profile::smoke) return limits::depth::smoke;
  return p == profile::quick ? limits::depth::quick : limits::depth::full;
}

limit_row row_of(const measured& m) {
  limit_row row;
  row.id = m.id;
  row.error = m.error;
  if (m.ns.empty()) return row;
  row.error.clear();
  row.ns = stats::median(m.ns);
  row.between = stats::median_interval(m.ns);
  if (m.bytes_per_second > 0) row.bytes_per_second = static_cast<double>(m.id.size) / *row.ns * 1e9;
  if (!m.bytes.empty()) row.bytes = stats::median(m.bytes);
  row.about = limits::about(m.id.name);
  return row;
}

// Limits have no design: a probe that crashes is ours.
exit_code machine_code(exit_code c) { return c == exit_code::incorrect ? exit_code::internal : c; }

}  // namespace

// The limits are measured where the cells are: in fresh launches of the hook-free program.
exit_code command_limits(const options& o) {
  const int launches = o.how() == profile::smoke ? 1 : 3;
  std::vector<measured> all;
  plan p;
  for (const limits::limit_id& id : limits::all(depth_of(o.how()))) {
    all.push_back({id, {}, 0, {}, {}});
    plan_item item;
    item.limit = id;
    item.budget_ns = o.how() == profile::full ? 2e7 : 5e6;
    p.items.push_back(std::move(item));
  }
  for (int launch = 0; launch < launches; ++launch) {
    p.launch = launch;
    p.met = drawn(o.seed, launch, to_string(allocator::mimalloc));
    launch_answer answer = start_launch(allocator::mimalloc, p);
    std::erase_if(answer.samples, [](const sample& line) { return line.met.has_value(); });
    if (!answer.complete) throw failure(g_interrupted ? exit_code::interrupted : machine_code(answer.code), answer.why);
    for (std::size_t i = 0; i < answer.samples.size() && i < all.size(); ++i) {
      const sample& line = answer.samples[i];
      if (line.ns) {
        all[i].ns.push_back(*line.ns);
        all[i].bytes_per_second = line.bytes_per_second.value_or(0);
      } else
        all[i].error = line.error.value_or("no reason given");
      if (line.bytes) all[i].bytes.push_back(*line.bytes);
    }
  }
  std::vector<limit_row> rows;
  for (const measured& m : all) rows.push_back(row_of(m));
  const bool some = std::ranges::any_of(all, [](const measured& m) { return !m.ns.empty(); });
  print(o, document(o.seed, json_rows(rows), some), limits_text(rows, output_columns()));
  return some ? exit_code::ok : exit_code::nothing_ran;
}

}  // namespace copycost
