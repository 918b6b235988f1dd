// SPDX-License-Identifier: Apache-2.0
//
// What the graph system makes of a real file: each line becomes an item.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/sha256.h"
#include "scenarios/graph/laws/any_facade.h"
#include "scenarios/graph/laws/laws.h"

namespace copycost::graph {

input_result verify_input(facade_maker make, const input_file& in) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  any_maker m(x);
  sha256 sum;
  std::uint64_t items = 0;
  const bytes_view all = in.bytes;
  for (std::size_t at = 0; at < all.size(); ++items) {
    const auto rest = all.subspan(at);
    const auto end = static_cast<std::size_t>(std::ranges::find(rest, std::byte{10}) - rest.begin());
    const bytes_view line = rest.first(std::min(rest.size(), end + 1));
    const auto item = m.copy({}, line);
    if (!item)
      throw failure(exit_code::incorrect, in.name + ": at byte " + std::to_string(at) + ": " + to_string(item.error()));
    sum.add(item.value().bytes());
    at += line.size();
  }
  return {sum.hex(), {{"items", items}, {"bytes", all.size()}}};
}

}  // namespace copycost::graph
