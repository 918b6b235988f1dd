// SPDX-License-Identifier: Apache-2.0
//
// receive: a payload of `size` bytes arrives over a socket pair and is read once: as a whole unit that the inbox keeps
// (to:whole), or as pieces of at most 64 KiB, which the consumer does not keep (to:sink). One operation is one payload.
// Beside the time, the ledger's peak of live bytes is the result: what a receiver must have to take in that much.
//
// The sender is in the same thread and repeats 64 KiB of payload, so that what lives is the receiver's. The inbox is
// new: its first room is counted, too.
#pragma once
#include <memory>

#include "scenarios/raft/traffic/frame_feed.h"
#include "scenarios/raft/workloads/parts/common.h"

namespace copycost::raft::workloads {

struct receive : workload_defaults {
  static constexpr workload_traits traits{.name = "receive",
                                          .about = "a large payload from a socket, kept whole or given on in pieces",
                                          .cls = workload_class::ingest,
                                          .payload = payload_use::framed,
                                          .with = beside::kernel,
                                          .unit = "payload"};
  template <class D>
  static constexpr bool offered = !D::traits.codec_only;
  static constexpr std::size_t kSource = 64 * kKiB, kPiece = 64 * kKiB;

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    std::vector<std::uint64_t> sizes{kMiB};
    if (p != profile::smoke) sizes.push_back(16 * kMiB);
    if (p == profile::full || p == profile::soak) sizes.push_back(100 * kMiB);
    for (const std::uint64_t size : sizes)
      for (const char* to : {"whole", "sink"}) out.push_back(params().set("size", size).set("to", to));
    return out;
  }
  static std::uint64_t audit_ops(const params& at) { return at.number("size") > kMiB ? 1 : 4; }
  // Into the socket and out of it, and read; the sender's 64 KiB stay near.
  static limit_sum limit(const params& at) {
    return 2 * least_copy_near(at.number("size")) + least_read_near(at.number("size"));
  }
  // Growing as bytes arrive moves an eighth of what is kept whole, and what one read brings.
  static double copied_cap(const params& at) {
    return at.text("to") == "sink" ? 0 : static_cast<double>(at.number("size")) / 8 + 256 * kKiB;
  }
  static double kernel_bytes(const params& at) { return 2.01 * static_cast<double>(at.number("size")) + 512; }
  static double syscalls(const params& at) { return 32 + static_cast<double>(at.number("size")) / (16 * kKiB); }
  // What a sink has looked at is written over; what is kept whole is written once.
  static double written(const params& at) {
    const std::uint64_t size = at.number("size");
    return static_cast<double>(at.text("to") == "sink" ? std::min<std::uint64_t>(size, 128 * kKiB) : size + 64 * kKiB);
  }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto source = model_payload(epoch, kSource);
    const std::uint64_t size = at.number("size");
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i) {
      for (std::uint64_t k = 0; k < size; k += kSource)
        seen.part(bytes_view(source).first(std::min<std::size_t>(kSource, size - k)));
      seen.add(size);
    }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>({.payload_bytes = at.number("size")}),
          size_(at.number("size")),
          sink_(at.text("to") == "sink") {}
    void setup(window& w) override {
      receiver_ =
          std::make_unique<frame_receiver<D>>(context_, w.payload(kSource, 0), size_, sink_, sink_ ? kPiece : size_);
    }
    template <class See>
    void loop(See& see, window& w, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n; ++i) {
        receiver_->one(part_reader(see, w));
        end_of_parts(see, w, size_);
      }
    }

   private:
    std::size_t size_;
    bool sink_;
    typename D::context context_;
    std::unique_ptr<frame_receiver<D>> receiver_;
  };
};

}  // namespace copycost::raft::workloads
