// SPDX-License-Identifier: Apache-2.0
//
// reassemble: the pieces of a 64 KiB message arrive in a seeded order; put them in order and read every byte. One
// operation is one message. Pieces are kept as they arrived: nothing is joined.
#pragma once
#include <numeric>

#include "harness/base/rng.h"
#include "scenarios/chunk/derived/reassembly.h"
#include "scenarios/chunk/workloads/parts/common.h"

namespace copycost::chunk::workloads {

struct reassemble : workload_defaults {
  static constexpr workload_traits traits{.name = "reassemble",
                                          .about = "put the pieces of a 64 KiB message in order and read every byte",
                                          .cls = workload_class::ingest,
                                          .payload = payload_use::read,
                                          .unit = "message"};
  static constexpr std::size_t kMessage = 64 * kKiB;

  static std::vector<params> points(profile) { return {params{{"size", kMessage}, {"piece", 8 * kKiB}}}; }
  static limit_sum limit(const params& at) { return least_read(at.number("size")); }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns != ownership::counted) return {};
    return limit_sum{{static_cast<double>(sizes_of(at).size()), "refcount_pair"}} + limit(at);
  }
  static double copied_cap(const params&) { return 0; }
  // Each piece has a count of its own; where the heap has holes, few of them share a page.
  static double written(const params& at) { return static_cast<double>(sizes_of(at).size() * kKiB); }
  static std::uint64_t audit_ops(const params&) { return 16; }

  // Sizes of 1 byte to `piece`, in the order of the stream.
  static std::vector<std::size_t> sizes_of(const params& at) {
    rng random(0x9EA55E3B1E);
    std::vector<std::size_t> out;
    for (std::size_t left = at.number("size"); left > 0; left -= out.back())
      out.push_back(std::min(left, static_cast<std::size_t>(random.between(1, at.number("piece")))));
    return out;
  }
  // In which order they arrive.
  static std::vector<std::size_t> order_of(std::size_t pieces) {
    std::vector<std::size_t> out(pieces);
    std::iota(out.begin(), out.end(), std::size_t{0});
    rng random(0x0D0E50);
    random.shuffle(out);
    return out;
  }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    std::vector<std::vector<std::byte>> pieces;
    for (const std::size_t size : sizes_of(at)) pieces.push_back(model_payload(epoch, size, pieces.size()));
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i)
      for (const auto& piece : pieces) seen.add(piece);
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>({sizes_of(at).size(), at.number("size")}),
          sizes_(sizes_of(at)),
          message_({}, {at.number("size"), sizes_.size()}) {}
    void setup(window& w) override {
      stream_ = context_.intern("stream");
      std::vector<typename D::chunk> pieces;
      std::uint64_t offset = 0;
      for (const std::size_t size : sizes_) {
        pieces.push_back(must(context_.adopt({stream_, offset}, foreign_bytes::lent(w.payload(size, pieces.size())))));
        offset += size;
      }
      for (const std::size_t k : order_of(pieces.size())) arriving_.push_back(std::move(pieces[k]));
    }
    template <class See>
    void loop(See& see, window&, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n; ++i) {
        message_.restart({stream_, 0});
        for (const auto& piece : arriving_) done(message_.insert(piece.share()));
        message_.drain([&](const auto& piece) { see.read(piece.view()); });
      }
    }

   private:
    std::vector<std::size_t> sizes_;
    stream_id stream_ = 0;
    typename D::context context_;
    std::vector<typename D::chunk> arriving_;
    reassembly<typename D::chunk> message_;
  };
};

}  // namespace copycost::chunk::workloads
