// SPDX-License-Identifier: Apache-2.0
//
// stream: one frame arrives over a socket pair and its consumer reads every byte: when all of it is there (streamed:0),
// or each piece as it arrives (streamed:1). One operation is one frame. Where the two cross is the size from which
// streaming pays.
//
// Both ends are in one thread, and the frame is written at once where the socket takes it.
#pragma once
#include <memory>

#include "scenarios/raft/traffic/frame_feed.h"
#include "scenarios/raft/workloads/parts/common.h"

namespace copycost::raft::workloads {

struct stream : workload_defaults {
  static constexpr workload_traits traits{.name = "stream",
                                          .about = "a frame from a socket, read when it is whole or piece by piece",
                                          .cls = workload_class::ingest,
                                          .payload = payload_use::framed,
                                          .with = beside::kernel,
                                          .unit = "frame"};
  template <class D>
  static constexpr bool offered = !D::traits.codec_only;

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    if (D::traits.trusts_lengths && p != profile::full && p != profile::soak)
      return out;  // shows nothing before it is whole, whatever is asked
    if (p == profile::smoke) {
      add(out, 64 * kKiB);
      return out;
    }
    if (p == profile::quick) {
      for (const std::uint64_t kib : {4u, 32u, 128u, 256u}) add(out, kib * kKiB);
      return out;
    }
    for (std::uint64_t size = kKiB; size <= 256 * kKiB; size *= 2) add(out, size);
    return out;
  }
  // Into the socket and out of it, by two calls at least, and read.
  static limit_sum limit(const params& at) {
    return 2 * (least_copy_near(at.number("size")) + limit_sum{{1, "syscall"}}) + least_read_near(at.number("size"));
  }
  static double copied_cap(const params& at) {
    return at.number("streamed") != 0 ? 0 : static_cast<double>(at.number("size")) / 8 + 64 * kKiB;
  }
  static double kernel_bytes(const params& at) { return 2 * static_cast<double>(at.number("size")) + 256; }
  static double syscalls(const params& at) { return 6 + static_cast<double>(at.number("size")) / (16 * kKiB); }
  static double written(const params& at) {
    return static_cast<double>(std::min<std::uint64_t>(at.number("size"), 128 * kKiB));
  }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto payload = model_payload(epoch, at.number("size"));
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i) seen.add(payload);
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>({.payload_bytes = at.number("size")}),
          size_(at.number("size")),
          streamed_(at.number("streamed") != 0) {}
    void setup(window& w) override {
      receiver_ = std::make_unique<frame_receiver<D>>(context_, w.payload(size_, 0), size_, streamed_, 64 * kKiB);
    }
    void ready(window& w) {
      if (w.watches() != watching::identity && this->did() == 0)  // a connection's inbox has its room
        for (int i = 0; i < kWarm; ++i) receiver_->one([](bytes_view part) { escape(part.data(), part.size()); });
    }
    template <class See>
    void loop(See& see, window& w, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n; ++i) {
        receiver_->one(part_reader(see, w));
        end_of_parts(see, w, size_);
      }
    }

   private:
    static constexpr int kWarm = 16;

    std::size_t size_;
    bool streamed_;
    typename D::context context_;
    std::unique_ptr<frame_receiver<D>> receiver_;
  };

 private:
  static void add(std::vector<params>& out, std::uint64_t size) {
    for (const std::uint64_t streamed : {0u, 1u}) out.push_back(params().set("size", size).set("streamed", streamed));
  }
};

}  // namespace copycost::raft::workloads
