// SPDX-License-Identifier: Apache-2.0
//
// hand_over_process: to a second process that reads every byte and answers with a count at the end. Each design goes
// its own way: bytes through a Unix socket, or, where the design can share memory between processes, a handle through
//
//   class D::context::process_link {
//     static constexpr std::size_t kSegmentBytes;                 // of the segment; all zero at first
//     process_link(D::context&, int segment_fd, unsigned side);   // side 0 sends, side 1 receives; the context is
//                                                                 // fresh and works in the segment from here on
//     result<void> send(D::chunk&&);  result<D::chunk> receive(); // block; an error ends the episode
//   };
//
// One operation is one message.
#pragma once
#include <atomic>
#include <optional>

#include "scenarios/chunk/workloads/parts/common.h"
#include "scenarios/chunk/workloads/parts/socket_link.h"
#include "scenarios/common/mapped.h"
#include "scenarios/common/patience.h"

namespace copycost::chunk::workloads {

template <class D>
struct link_of {
  using type = socket_link<D>;
};
template <class D>
requires(D::traits.handles_between_processes) struct link_of<D> {
  using type = typename D::context::process_link;
};

struct hand_over_process : workload_defaults {
  static constexpr workload_traits traits{.name = "hand_over_process",
                                          .about = "one message to another process, which reads every byte",
                                          .cls = workload_class::hand_over,
                                          .payload = payload_use::read,
                                          .with = beside::kernel,
                                          .unit = "message"};
  static constexpr std::size_t kMessages = 16;  // different ones, so that order shows

  static std::vector<params> points(profile p) {
    if (p == profile::smoke) return size_points({4 * kKiB}, {});
    if (p == profile::quick) return size_points({4 * kKiB, 64 * kKiB}, {});
    return size_points({64, 1 * kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB, 256 * kKiB}, {});
  }
  static shape shape_of(const params&) { return {.processes = 2}; }
  // The receiver reads. Handles travel many at a time, and whether a side waits depends on the machine.
  static limit_sum limit(const params& at) { return least_read(at.number("size")); }
  static double copied_cap(const params&) { return 0; }
  static double kernel_bytes(const params& at) { return 2 * static_cast<double>(at.number("size")) + 64; }
  static double syscalls(const params&) { return 4; }
  // By the consumer's kernel, and where its bytes end inside a page a part of that.
  static double written(const params& at) { return static_cast<double>(at.number("size") + 4 * kKiB); }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest receiver;
    for (std::uint64_t i = 0; i < n; ++i) receiver.add(model_payload(epoch, at.number("size"), i % kMessages));
    return results_of_roles({results_of_one_role(digest()), results_of_one_role(receiver)});
  }

  template <class D>
  class episode_of final : public counted_episode {
   public:
    explicit episode_of(const params& at)
        : counted_episode({.payload_bytes = at.number("size")}), size_(at.number("size")) {}
    void setup(window& w) override {
      sends_ = w.role() == 0;
      link_.emplace(context_, w.segment(link::kSegmentBytes), w.role());
      answer_.emplace(w.segment(4096));
      for (std::size_t id = 0; sends_ && id < kMessages; ++id) messages_.push_back(produce<D>(context_, w, size_, id));
    }
    void run(window& w, unsigned role, std::uint64_t n) override try {
      if (role == 0) return send(w, n);
      observed(w, [&](auto& see) { receive(see, w, n); });
    } catch (...) {
      if constexpr (requires(link & l) { l.hang_up(); }) link_->hang_up();
      throw;
    }

   private:
    using link = typename link_of<D>::type;
    struct answer {
      std::atomic<std::uint64_t> read;  // messages that the receiver has read
    };

    void send(window& w, std::uint64_t n) {
      w.open();
      const std::uint64_t first = did();
      for (std::uint64_t i = 0; i < n; ++i) done(send_one(messages_[(first + i) % kMessages]));
      for (patience wait("the answer of the receiving process");
           (*answer_)->read.load(std::memory_order_acquire) != first + n;)
        wait.turn();
      w.close();
      did(n);
    }
    // A link that only reads what it sends needs no owner of its own.
    result<void> send_one(const typename D::chunk& message) {
      if constexpr (requires { link_->send(message); })
        return link_->send(message);
      else
        return link_->send(message.share());
    }
    template <class See>
    void receive(See& see, window& w, std::uint64_t n) {
      w.open();
      in_rounds(n, round_of(size_), received_context(), [&](std::uint64_t) {
        const auto one = done(link_->receive());
        see.read(one.view());
      });
      received_ += n;
      (*answer_)->read.store(received_, std::memory_order_release);
      w.close();
    }
    // The receiver makes chunks in its own context only, and sets nothing up there.
    typename D::context& received_context() { return context_; }

    std::size_t size_;
    bool sends_ = false;
    std::uint64_t received_ = 0;
    typename D::context context_;
    std::optional<link> link_;
    std::optional<mapped<answer>> answer_;
    std::vector<typename D::chunk> messages_;
  };
};

}  // namespace copycost::chunk::workloads
