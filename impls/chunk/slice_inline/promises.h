// SPDX-License-Identifier: Apache-2.0
//
// What the slice_inline design promises of each chunk workload. The judge holds it to every cell. Not a zero-copy
// design by the caps of the scenario: up to 16 bytes are copied into the handle.
#pragma once
#include "harness/core/registry.h"
#include "impls/chunk/common/families.h"
#include "impls/chunk/slice_inline/handle.h"

namespace copycost::chunk {
namespace inline_cost {

// Bytes copied, and blocks made, for a chunk of that size.
constexpr double copied(std::uint64_t size) { return size <= inline_handle::kNear ? static_cast<double>(size) : 0; }
constexpr double blocks(std::uint64_t size) { return size <= inline_handle::kNear ? 0 : 1; }

// The last frame of a piece of real input may be short where the others are not.
inline double frame_bytes(const params& p) {
  using workloads::frames;
  const std::uint64_t frame = p.number("frame");
  if (!workloads::on_input(p)) return static_cast<double>(frames::frames_of(p)) * copied(frame);
  const auto pieces = workloads::input_pieces(p.number("size"));
  const std::size_t ops = frames::audit_ops(p);
  double sum = 0;
  for (std::size_t i = 0; i < ops; ++i) {
    const std::uint64_t size = pieces[i % pieces.size()].size();
    sum += static_cast<double>(size / frame) * copied(frame) + copied(size % frame);
  }
  return sum / static_cast<double>(ops);
}

// A short line is copied once; when it crosses a boundary twice: into its builder, and out of it.
struct lines_cost {
  double blocks = 0, copied = 0;
};
inline lines_cost lines_of(const params& p) {
  using workloads::lines;
  const auto all = workloads::lines::text_of(p, 1);
  lines_cost out;
  std::size_t begin = 0;
  for (const std::string_view line : workloads::lines::split_lines(all.text)) {
    const std::size_t end = begin + line.size();
    const auto cut = std::upper_bound(all.cuts.begin(), all.cuts.end(), begin);
    const bool crosses = cut != all.cuts.end() && *cut < end;
    if (crosses) {
      out.blocks += blocks(line.size());
      out.copied += static_cast<double>(line.size());
    }
    out.copied += copied(line.size());
    begin = end + 1;
  }
  return out;
}

inline double piece_bytes(const params& p) {
  double sum = 0;
  for (const std::size_t size : workloads::reassemble::sizes_of(p)) sum += copied(size);
  return sum;
}

}  // namespace inline_cost

inline promise_family slice_inline_promises() {
  using namespace inline_cost;
  using namespace amounts;
  constexpr amount whole = [](const params& p) { return copied(p.number("size")); };
  constexpr amount short_half = [](const params& p) { return copied(p.number("size") / 2); };
  constexpr amount a_block = [](const params& p) { return blocks(p.number("size")); };
  constexpr amount line_blocks = [](const params& p) { return lines_of(p).blocks; };
  constexpr amount line_bytes = [](const params& p) { return lines_of(p).copied; };
  // A kept piece keeps nothing, and compact() copies it once more.
  constexpr amount kept_bytes = [](const params& p) { return workloads::retain::kPiece + compacted(p); };
  return view_family<1, 0>().amended({
      promised<workloads::slice>().exact().allocs(none).copied(short_half).grows(),  // up to 16 bytes
      promised<workloads::share>().exact().allocs(none).copied(whole).grows(),
      promised<workloads::clone>().exact().allocs(a_block).copied(size).grows(),
      promised<workloads::frames>().exact().allocs(none).copied(frame_bytes).grows(),
      promised<workloads::lines>().exact().allocs(line_blocks).copied(line_bytes).grows(),
      promised<workloads::reassemble>().exact().allocs(none).copied(piece_bytes).grows(),
      promised<workloads::retain>().exact().allocs(one).copied(kept_bytes).retained(none),
  });
}

inline design_entry slice_inline_card() {
  design_entry d;
  d.about = "counted slices of immutable blocks; up to 16 bytes in the handle itself";
  d.owns = ownership::counted;
  d.obligations = "views of chunks of up to 16 bytes are not used after the handle is moved";
  d.pick_when = "most chunks are tokens of up to 16 bytes, or such pieces outlive large blocks";
  d.avoid_when = "views outlive the moves of their chunks, or most chunks are longer and shared all the time";
  d.handle_payload_bytes = short_bytes::kMax;
  d.promises = slice_inline_promises();
  return d;
}

}  // namespace copycost::chunk
