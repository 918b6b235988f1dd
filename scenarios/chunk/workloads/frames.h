// SPDX-License-Identifier: Apache-2.0
//
// frames: cut a buffer into frames, as a parser does: each frame becomes a chunk of its own and is dropped before the
// next one is cut. Moves handles only: no payload is read. With input:1 the buffers are pieces of the real input.
#pragma once
#include <tuple>

#include "scenarios/chunk/workloads/parts/common.h"

namespace copycost::chunk::workloads {

struct frames : workload_defaults {
  static constexpr workload_traits traits{
      .name = "frames",
      .about = "cut a buffer into frames, each dropped before the next (handle only)",
      .cls = workload_class::ingest,
      .unit = "buffer"};
  static constexpr std::size_t kBuffer = 64 * kKiB;

  static std::vector<params> points(profile p) {
    std::vector<std::uint64_t> sizes = {64, 256, 1 * kKiB};
    if (p == profile::smoke) sizes = {256};
    if (p >= profile::full) sizes = {16, 64, 256, 1 * kKiB, 4 * kKiB, 16 * kKiB};
    std::vector<params> out;
    for (const std::uint64_t frame : sizes) out.push_back(params{{"size", kBuffer}, {"frame", frame}});
    if (p >= profile::full)  // what a copy costs depends on how far away its source is
      for (const std::uint64_t size : {8 * kKiB, 1 * kMiB, 16 * kMiB})
        out.push_back(params{{"size", size}, {"frame", kKiB}});
    if (has_input()) out.push_back(params{{"size", input_piece_size(kBuffer)}, {"frame", 256}, {"input", 1}});
    return out;
  }
  // Of one buffer, at least: the pieces of real input differ by a byte.
  static std::uint64_t frames_of(const params& at) {
    const std::uint64_t frame = at.number("frame");
    if (!on_input(at)) return at.number("size") / frame;
    const std::uint64_t least = input_pieces(at.number("size")).back().size();
    return (least + frame - 1) / frame;
  }
  // Of one operation, on average over an audit; pieces of real input may be shorter than the rest.
  struct mean {
    double frames = 0, bytes = 0;
  };
  static mean mean_of(const params& at) {
    if (!on_input(at)) return {static_cast<double>(frames_of(at)), static_cast<double>(at.number("size"))};
    mean out;
    const auto pieces = input_pieces(at.number("size"));
    const std::size_t ops = audit_ops(at), frame = at.number("frame");
    for (std::size_t i = 0; i < ops; ++i) {
      const std::size_t size = pieces[i % pieces.size()].size();
      out.frames += static_cast<double>((size + frame - 1) / frame) / static_cast<double>(ops);
      out.bytes += static_cast<double>(size) / static_cast<double>(ops);
    }
    return out;
  }
  static limit_sum limit(const params& at) { return mean_of(at).frames * least_turn(); }
  // Pieces of the buffer in order, of which the last may be shorter; of the real input buffer after buffer, all of
  // which pass through the caches.
  static limit_sum floor(const params& at) {
    const std::uint64_t frame = at.number("frame");
    const std::uint64_t all = on_input(at) ? current_input("chunk")->bytes.size() : at.number("size");
    const std::uint64_t piece = on_input(at) ? input_pieces(at.number("size")).back().size() : all;
    limit_sum out;
    for (const auto& [times, size, from] : {std::tuple{piece / frame, frame, std::uint64_t{0}},
                                            std::tuple{std::uint64_t{1}, piece % frame, piece - piece % frame}}) {
      if (times == 0 || size == 0) continue;
      limit_term copies{static_cast<double>(times), "malloc_memcpy_free", size};
      copies.span = all;
      copies.buffer = all > piece ? piece : 0;
      copies.from = from;
      out.push_back(copies);
    }
    return out;
  }
  static limit_sum reference(const params& at, ownership owns) {
    return handle_reference(owns, floor(at), mean_of(at).frames);
  }
  static double copied_cap(const params&) { return 0; }
  static std::uint64_t audit_ops(const params&) { return 16; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const std::size_t size = at.number("size"), frame = at.number("frame");
    std::vector<std::vector<std::byte>> buffers;
    if (!on_input(at)) buffers.push_back(model_payload(epoch, size, 0));
    if (on_input(at))
      for (const auto piece : input_pieces(size)) buffers.emplace_back(piece.begin(), piece.end());
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i) {
      const std::span<const std::byte> bytes = buffers[i % buffers.size()];
      for (std::size_t pos = 0; pos < bytes.size(); pos += frame)
        seen.add(bytes.subspan(pos, std::min(frame, bytes.size() - pos)));
    }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>({0, 0}),
          size_(at.number("size")),
          frame_(at.number("frame")),
          input_(on_input(at)) {}
    void setup(window& w) override {
      if (input_) sources_ = produce_input<D>(context_, w, size_);
      if (!input_) sources_.push_back(produce<D>(context_, w, size_, 0));
    }
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      std::uint64_t cut = 0, bytes = 0;
      const auto* sources = sources_.data();
      const std::size_t count = sources_.size(), frame = frame_;
      for (std::uint64_t i = 0, k = this->did() % count; i < n; ++i, k = k + 1 < count ? k + 1 : 0) {
        const auto& buffer = sources[k];
        const std::size_t size = buffer.size(), whole = size - size % frame;
        for (std::size_t pos = 0; pos < whole; pos += frame) {
          const auto part = buffer.slice(pos, frame);
          see.handle(part.value().view());
        }
        if (whole < size) {
          const auto rest = buffer.slice(whole, size - whole);
          see.handle(rest.value().view());
        }
        cut += (size + frame - 1) / frame;
        bytes += size;
      }
      this->also({cut, bytes});
    }

   private:
    std::size_t size_, frame_;
    bool input_;
    typename D::context context_;
    std::vector<typename D::chunk> sources_;
  };
};

}  // namespace copycost::chunk::workloads
