// SPDX-License-Identifier: Apache-2.0
//
// What the graph system makes of a real file: each line goes as an item through a graph, in every mode.
#include <algorithm>
#include <string>
#include <utility>

#include "harness/base/failure.h"
#include "harness/base/refused.h"
#include "scenarios/graph/judge/modes.h"
#include "scenarios/graph/laws/laws.h"

namespace copycost::graph {
namespace input {
namespace {

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

input_result result_of(const mode& m, facade& f, const input_file& in, const edge_options& edges) {
  const std::string where = in.name + ": " + std::string(m.name) + ": ";
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
  r.mode = std::string(m.name);
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
  for (const input::mode& m : input::all_modes()) {
    const auto f = design_of<facade>(make);
    if (m.needs_segment && f->segment_bytes() == 0) continue;
    input_result one = input::result_of(m, *f, in, edges);
    if (all.mode.empty())
      all = std::move(one);
    else
      all.other_modes.push_back(std::move(one));
  }
  return all;
}

}  // namespace copycost::graph
