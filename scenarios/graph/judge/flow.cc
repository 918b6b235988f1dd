// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/judge/flow.h"

#include <memory>
#include <utility>

#include "scenarios/common/must.h"
#include "scenarios/graph/node/control/key_routers.h"
#include "scenarios/graph/node/control/merges.h"

namespace copycost::graph::input {
namespace {

constexpr unsigned kWays = 4;

}  // namespace

sinks add_consumers(builder& b, const std::string& from, const edge_options& edges) {
  auto order = std::make_unique<line_sink>(), count = std::make_unique<line_sink>();
  const sinks all{order.get(), count.get()};
  must(b.add("order", std::move(order)));
  must(b.add("ways", std::make_unique<key_hash<any_design>>(kWays)));
  must(b.add("together", std::make_unique<merge<any_design>>(kWays, merge_order::interleave)));
  must(b.add("count", std::move(count)));
  must(b.connect(from, "order", edges));
  must(b.connect(from, "ways", edges));
  for (unsigned i = 0; i < kWays; ++i) {
    const std::string port = ":" + std::to_string(i);
    must(b.connect("ways" + port, "together" + port, edges));
  }
  must(b.connect("together", "count", edges));
  return all;
}

void must_end(runner<any_design>& r) {
  const auto ended = r.wait();
  const run_report report = r.report();
  if (!report.failures.empty()) failed_with(report.failures[0].name + ": ", report.failures[0].what);
  must(ended);
}

std::uint64_t dropped_in(const runner<any_design>& r) {
  const run_report report = r.report();
  std::uint64_t sum = 0;
  for (const edge_report& e : report.edges) sum += e.dropped + e.left_out + e.inside;
  for (const node_report& n : report.nodes) sum += n.skipped + n.unread + n.unconnected + n.dead_lettered + n.dropped;
  return sum;
}

}  // namespace copycost::graph::input
