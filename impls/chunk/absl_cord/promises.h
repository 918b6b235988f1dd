// SPDX-License-Identifier: Apache-2.0
//
// What is promised of absl::Cord in each chunk workload: bounds, because it is a peer. Not a zero-copy design by the
// caps of the scenario: pieces of up to 15 bytes are copied into the handle.
#pragma once
#include <absl/strings/cord.h>
#include <absl/strings/cord_buffer.h>

#include "harness/core/registry.h"
#include "impls/chunk/common/families.h"

namespace copycost::chunk {
namespace cord_cost {

inline constexpr std::size_t kInline = sizeof(absl::Cord) - 1;  // bytes that fit into a Cord; one byte is its tag
inline constexpr std::size_t kNodes = 128;                      // of one chunk, at most

constexpr bool is_inline(std::uint64_t size) { return size <= kInline; }
// A piece of a Cord: in place, or one node.
constexpr double piece_allocs(std::uint64_t size) { return is_inline(size) ? 0 : 1; }
constexpr double piece_copied(std::uint64_t size) { return is_inline(size) ? static_cast<double>(size) : 0; }
// A copy: one flat node, or a block with an external node. What is built is always the latter.
constexpr double kBuilt = 2;
constexpr double copy_allocs(std::uint64_t size) { return size <= absl::CordBuffer::kDefaultLimit ? 1 : kBuilt; }

inline double line_allocs(const params& p) {
  const auto c = workloads::lines::census_of(p);
  return static_cast<double>(c.lines) + kBuilt * static_cast<double>(c.crossing);
}
// Generated lines are longer than what fits into a Cord, except for the last one; real ones may all be short.
inline double line_bytes(const params& p) {
  const auto c = workloads::lines::census_of(p);
  return static_cast<double>(workloads::on_input(p) ? c.bytes : c.crossing_bytes + kInline);
}
inline double codec_allocs(const params& p) {
  const std::uint64_t size = p.number("size");
  return kBuilt + (p.number("alias") != 0 ? piece_allocs(size) : copy_allocs(size));
}
inline double codec_bytes(const params& p) {
  const std::uint64_t size = p.number("size");
  return static_cast<double>(size) + (p.number("alias") != 0 ? piece_copied(size) : static_cast<double>(size));
}
// The rest of a piece of real input may be short.
inline double frame_bytes(const params& p) {
  const double last = workloads::on_input(p) ? static_cast<double>(kInline) : 0;
  return workloads::frames::mean_of(p).frames * piece_copied(p.number("frame")) + last;
}

}  // namespace cord_cost

inline promise_family absl_cord_promises() {
  using namespace cord_cost;
  using namespace amounts;
  constexpr std::string_view why = "a peer: what the library allocates and copies is its own business";
  constexpr amount cloned = [](const params& p) { return copy_allocs(p.number("size")); };
  constexpr amount half_node = [](const params& p) { return piece_allocs(p.number("size") / 2); };
  constexpr amount half_bytes = [](const params& p) { return piece_copied(p.number("size") / 2); };
  constexpr amount kept = [](const params& p) {
    return kBuilt + piece_allocs(workloads::retain::kPiece) + compactions(p);
  };
  return view_family<static_cast<int>(kBuilt), kNodes>()
      .amended({
          promised<workloads::slice>().exact().allocs(half_node).copied(half_bytes).grows(),  // what fits into a Cord
          promised<workloads::clone>().exact().allocs(cloned).copied(size).grows(),
          promised<workloads::frames>().exact().allocs(amounts::frames).copied(frame_bytes).grows(),
          promised<workloads::lines>().exact().allocs(line_allocs).copied(line_bytes).grows(),
          promised<workloads::codec>().exact().allocs(codec_allocs).copied(codec_bytes).grows(),
          promised<workloads::published>().exact().allocs(half_node).copied(half_bytes),
          promised<workloads::retain>().exact().allocs(kept).copied(compacted).retained(amounts::held<kNodes>),
      })
      .at_most(why);
}

inline design_entry absl_cord_card() {
  design_entry d;
  d.about = "absl::Cord: counted nodes, and up to 15 bytes in the handle itself";
  d.owns = ownership::counted;
  d.peer = true;
  d.obligations = "none: a chunk keeps its nodes alive";
  d.pick_when = "texts are put together from pieces and taken apart again, and need not be contiguous";
  d.avoid_when = "bytes are read as one piece, or cut into many small ones";
  d.promises = absl_cord_promises();
  return d;
}

}  // namespace copycost::chunk
