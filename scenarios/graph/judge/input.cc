// SPDX-License-Identifier: Apache-2.0
//
// What the graph system makes of a real file: each line goes as an item through a graph, in every mode.
//
//   in_process  [lines] ---------------------------+--> [order]
//                                                  '--> [ways] --> 4 edges --> [together] --> [count]
//   serialised  [lines] --> link ~~socket~~> link -+--> the same, in another context
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/failure.h"
#include "scenarios/common/must.h"
#include "scenarios/common/streams/pairs.h"
#include "scenarios/graph/build/graph_builder.h"
#include "scenarios/graph/judge/lines.h"
#include "scenarios/graph/laws/any_facade.h"
#include "scenarios/graph/laws/laws.h"
#include "scenarios/graph/link/nodes.h"
#include "scenarios/graph/link/stream_link_in.h"
#include "scenarios/graph/link/stream_link_out.h"
#include "scenarios/graph/node/control/key_routers.h"
#include "scenarios/graph/node/control/merges.h"
#include "scenarios/graph/run/runner.h"

namespace copycost::graph {
namespace input {
namespace {

using builder = graph_builder<any_design>;
constexpr unsigned kWays = 4;

struct made_of_input {
  tally in_order, counted;
  std::uint64_t dropped = 0;  // wherever in the graph
};

// The longest line, and the largest block: an edge must have room for one.
std::uint64_t largest_item(bytes_view file) {
  std::uint64_t most = 0;
  for (auto at = file.begin(); at != file.end();) {
    const auto end = std::find(at, file.end(), std::byte{'\n'});
    const auto next = end == file.end() ? end : end + 1;
    most = std::max(most, static_cast<std::uint64_t>(next - at));
    at = next;
  }
  return most;
}

// The nodes behind `from`. VALID UNTIL, of the sinks: the graph is destroyed.
struct sinks {
  line_sink *order = nullptr, *count = nullptr;
};
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

std::uint64_t dropped_in(const runner<any_design>& r) {
  const run_report report = r.report();
  std::uint64_t sum = 0;
  for (const edge_report& e : report.edges) sum += e.dropped + e.left_out + e.inside;
  for (const node_report& n : report.nodes) sum += n.skipped + n.unread + n.unconnected + n.dead_lettered;
  return sum;
}
void must_end(runner<any_design>& r) {
  const auto ended = r.wait();
  const run_report report = r.report();
  if (!report.failures.empty()) failed_with(report.failures[0].name + ": ", report.failures[0].what);
  must(ended);
}

made_of_input in_process(facade& f, bytes_view file, const edge_options& edges) {
  any_context x = f.context();
  builder b;
  must(b.add("lines", std::make_unique<line_source>(file)));
  const sinks all = add_consumers(b, "lines", edges);
  runner<any_design> r(must(std::move(b).build()), x);
  must(r.start());
  must_end(r);
  return {all.order->came(), all.count->came(), dropped_in(r)};
}

// Both ends of the link in this process, with nothing in common but the socket.
made_of_input serialised(facade& f, bytes_view file, const edge_options& edges) {
  any_context here = f.context(), there = f.context();
  auto ends = make_stream_pair(stream_kind::socketpair);
  link_options link;
  link.bytes = std::max(link.bytes, edges.limits.bytes);
  auto out = std::make_unique<link_sink<any_design>>(
      std::make_unique<stream_link_out<any_design>>(here, std::move(ends.first), link));
  auto in = std::make_unique<link_source<any_design>>(
      std::make_unique<stream_link_in<any_design>>(there, std::move(ends.second), link));
  const auto& sent = *out;
  const auto& came = *in;
  builder first, second;
  must(first.add("lines", std::make_unique<line_source>(file)));
  must(first.add("out", std::move(out)));
  must(first.connect("lines", "out", edges));
  must(second.add("in", std::move(in)));
  const sinks all = add_consumers(second, "in", edges);
  runner<any_design> producer(must(std::move(first).build()), here), consumer(must(std::move(second).build()), there);
  must(producer.start());
  must(consumer.start());
  must_end(producer);
  must_end(consumer);
  const std::uint64_t lost = sent.stats().undelivered + came.stats().undelivered + came.stats().refused;
  return {all.order->came(), all.count->came(), dropped_in(producer) + dropped_in(consumer) + lost};
}

struct mode {
  const char* name;
  made_of_input (*run)(facade&, bytes_view file, const edge_options&);
};
constexpr mode kModes[] = {{"in_process", in_process}, {"serialised", serialised}};

input_result result_of(const mode& m, facade& f, const input_file& in, const edge_options& edges) {
  const std::string where = in.name + ": " + m.name + ": ";
  made_of_input made;
  try {
    made = m.run(f, in.bytes, edges);
  } catch (const refused& why) {
    throw refused(why.code, where + why.what());
  }
  if (made.in_order.items != made.counted.items || made.in_order.bytes != made.counted.bytes ||
      made.in_order.keys != made.counted.keys)
    throw copycost::failure(exit_code::incorrect, where + "what came in order, " + std::to_string(made.in_order.items) +
                                                      " items, is not what came by the ways, " +
                                                      std::to_string(made.counted.items));
  input_result r{made.in_order.digest,
                 {{"items", made.in_order.items}, {"bytes", made.in_order.bytes}, {"dropped", made.dropped}}};
  r.mode = m.name;
  return r;
}

}  // namespace
}  // namespace input

input_result verify_input(facade_maker make, const input_file& in) {
  const std::uint64_t most = input::largest_item(in.bytes);
  if (most > kItemMax)
    throw copycost::failure(exit_code::usage, in.name + ": a line of " + std::to_string(most) +
                                                  " bytes; an item has at most " + std::to_string(kItemMax));
  edge_options edges;
  edges.limits.bytes = std::max(edges.limits.bytes, most);
  input_result all;
  for (const input::mode& m : input::kModes) {
    const auto f = design_of<facade>(make);
    input_result one = input::result_of(m, *f, in, edges);
    if (all.mode.empty())
      all = std::move(one);
    else
      all.other_modes.push_back(std::move(one));
  }
  return all;
}

}  // namespace copycost::graph
