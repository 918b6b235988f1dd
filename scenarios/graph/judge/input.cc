// SPDX-License-Identifier: Apache-2.0
//
// What the graph system makes of a real file: it goes into a bag piece by piece, and is read back.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/sha256.h"
#include "scenarios/graph/facade.h"
#include "scenarios/graph/laws/laws.h"

namespace copycost::graph {

input_result verify_input(facade_maker make, const input_file& in) {
  constexpr std::size_t kPiece = 64 * 1024;
  const auto wrong = [&](std::size_t at, const std::string& why) {
    return failure(exit_code::incorrect, in.name + ": at byte " + std::to_string(at) + ": " + why);
  };
  const auto bag = design_of<facade>(make);
  const bytes_view all = in.bytes;
  for (std::size_t at = 0; at < all.size(); at += kPiece) {
    const bytes_view piece = all.subspan(at, std::min(kPiece, all.size() - at));
    const auto done = bag->append(foreign_bytes::from_vector({piece.begin(), piece.end()}));
    if (!done) throw wrong(at, to_string(done.error()));
  }
  const bytes_view back = bag->bytes();
  const auto first = static_cast<std::size_t>(std::ranges::mismatch(back, all).in1 - back.begin());
  if (first != back.size() || first != all.size()) throw wrong(first, "what came back is not what was appended");
  sha256 sum;
  sum.add(back);
  return {sum.hex(), {{"bytes", back.size()}}};
}

}  // namespace copycost::graph
