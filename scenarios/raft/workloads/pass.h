// SPDX-License-Identifier: Apache-2.0
//
// pass: a message with one entry from one process to another on the same host, which decodes it and reads the payload.
//
//   by:unix, by:tcp   encoder -> parts -> one gather write -> socket -> inbox -> message. The compatible frames, which
//                     have no checksum, and payloads below 4 KiB beside the head: the fastest way through a socket
//   by:link           where the design shares memory between processes:
//
//   class D::link {
//     static constexpr std::size_t kSegmentBytes;         // of the segment; all zero at first
//     link(D::context&, int segment_fd, unsigned side);   // the context is fresh; then it works in the segment
//     result<void> send(const D::message&);               // block; an error ends the episode
//     result<void> receive(D::message&);
//     void hang_up();                                     // the other side gets `closed`
//   };
//
// Messages follow one another without an answer, as a leader sends appends; a count is answered at the end of a batch.
// One operation is one message.
#pragma once
#include <algorithm>
#include <atomic>
#include <optional>
#include <string_view>

#include "harness/base/now.h"
#include "harness/core/observe.h"
#include "harness/ledger/witness/pattern.h"
#include "scenarios/common/least.h"
#include "scenarios/common/mapped.h"
#include "scenarios/common/must.h"
#include "scenarios/common/patience.h"
#include "scenarios/common/register.h"
#include "scenarios/common/streams/pairs.h"
#include "scenarios/common/workload.h"
#include "scenarios/raft/contract.h"

namespace copycost::raft::workloads {

struct pass : workload_defaults {
  static constexpr workload_traits traits{
      .name = "pass",
      .about = "one append to another process, which decodes it and reads every byte",
      .cls = workload_class::hand_over,
      .payload = payload_use::framed,
      .ops = op_kind::differ,
      .with = beside::kernel,
      .unit = "message"};
  static constexpr std::uint64_t kMessages = 16;  // different ones, so that order shows
  static constexpr std::size_t kCopyBelow = 4 * kKiB;
  static constexpr std::int64_t kPatienceNs = 30'000'000'000, kNapNs = 50'000'000;

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](std::string_view by, std::initializer_list<std::uint64_t> sizes) {
      for (const std::uint64_t size : sizes) out.push_back(params().set("size", size).set("by", by));
    };
    if constexpr (D::traits.links) add_points(p, "link", add);
    add_points(p, "unix", add);
    if (p == profile::full || p == profile::soak) add_points(p, "tcp", add);
    return out;
  }
  static shape shape_of(const params&) { return {.processes = 2}; }
  // The receiver reads, and through a socket the kernel copies what it reads. Messages follow one another: how long one
  // of them is on the way is not in the time.
  static limit_sum limit(const params& at) {
    const std::uint64_t size = at.number("size");
    return at.text("by") == "link" ? least_read_near(size) : least_read_near(size) + least_copy_near(size);
  }
  // Through a socket: beside the head, and where the unfinished unit at the end of a receive buffer moves. Through a
  // link: into a record and out of it, while that is cheaper than two counts; the fields always.
  static double copied_cap(const params& at) {
    const auto size = static_cast<double>(at.number("size"));
    if (at.text("by") == "link") return at.number("size") < kCopyBelow ? 2 * size + 64 : 64;
    return (at.number("size") < kCopyBelow ? 2 : 1) * size + size / 4 + 256;
  }
  static double kernel_bytes(const params& at) {
    return at.text("by") == "link" ? 0 : 2 * static_cast<double>(at.number("size")) + 256;
  }
  static double syscalls(const params& at) { return 8 + static_cast<double>(at.number("size")) / (16 * kKiB); }
  // By the receiver's kernel.
  static double written(const params& at) { return static_cast<double>(at.number("size")) + 256; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest receiver;
    std::vector<std::byte> bytes(at.number("size"));
    for (std::uint64_t i = 0; i < n; ++i) {
      pattern::write(bytes.data(), bytes.size(), epoch, i % kMessages);
      receiver.add(bytes);
    }
    return results_of_roles({results_of_one_role(digest()), results_of_one_role(receiver)});
  }

  template <class D>
  class episode_of final : public counted_episode {
   public:
    explicit episode_of(const params& at)
        : counted_episode({.payload_bytes = at.number("size")}), size_(at.number("size")), by_(at.text("by")) {}
    void setup(window& w) override {
      sends_ = w.role() == 0;
      if constexpr (D::traits.links)
        if (by_ == "link") link_.emplace(context_, w.segment(D::link::kSegmentBytes), w.role());
      if (by_ != "link") {
        const stream_kind kind = by_ == "tcp" ? stream_kind::tcp : stream_kind::unix_socket;
        stream_ = open_side(kind, w.segment(stream_segment_bytes(kind)), w.role());
      }
      answer_.emplace(w.segment(4096));
      for (std::uint64_t id = 0; sends_ && id < kMessages; ++id) messages_.push_back(made(w, id));
    }
    void run(window& w, unsigned role, std::uint64_t n) override try {
      if (role == 0) return send(w, n);
      observed(w, [&](auto& see) { receive(see, w, n); });
    } catch (...) {
      if constexpr (D::traits.links)
        if (link_) link_->hang_up();
      if (stream_) stream_->close();
      throw;
    }

   private:
    struct no_link {};
    template <class T>
    struct link_of {
      using type = no_link;
    };
    template <class T>
    requires(T::traits.links) struct link_of<T> {
      using type = typename T::link;
    };
    struct answer {
      std::atomic<std::uint64_t> read;  // messages that the receiver has read
    };

    typename D::message made(window& w, std::uint64_t id) {
      typename D::bytes owner = must(context_.copy(w.payload(size_, id)));
      entry_view e;
      e.term = 7;
      e.index = 1'000'001 + id;
      e.data = owner.view();
      e.has = fields_of(dialect::etcd, e);
      message_view m;
      m.head.type = message_type::append;
      m.head.from = 1;
      m.head.to = 2;
      m.head.term = m.head.log_term = 7;
      m.head.index = 1'000'000 + id;
      m.head.commit = 1'000'000;
      m.entries = {&e, 1};
      m.head.has = fields_of(dialect::etcd, m);
      return must(context_.compose(m, {&owner, 1}));
    }

    void send(window& w, std::uint64_t n) {
      const std::uint64_t first = did();
      w.open();
      if constexpr (D::traits.links)
        if (link_)
          for (std::uint64_t i = 0; i < n; ++i) done(link_->send(messages_[(first + i) % kMessages]));
      if (stream_)
        for (std::uint64_t i = 0; i < n; ++i) write(messages_[(first + i) % kMessages]);
      for (patience wait("the answer of the receiving process");
           (*answer_)->read.load(std::memory_order_acquire) != first + n;)
        wait.turn();
      w.close();
      did(n);
    }
    void write(const typename D::message& m) {
      done(encoder_.message(m.view(), frame_, nullptr));
      parts_.assign(frame_.parts().begin(), frame_.parts().end());
      const io_result wrote = write_all(*stream_, parts_, now_ns() + kPatienceNs);
      if (!wrote.is(io_state::done)) throw failure(exit_code::incorrect, "the receiving process takes no more");
    }

    template <class See>
    void receive(See& see, window& w, std::uint64_t n) {
      const std::uint64_t round = std::clamp<std::uint64_t>(256 * kKiB / (size_ + 1), 1, 256);
      w.open();
      for (std::uint64_t i = 0; i < n;) {
        for (const std::uint64_t end = std::min(n, i + round); i < end; ++i) {
          receive_one(w);
          see.read(received_.view().entries[0].data);
        }
        if constexpr (has_batches<D>) {
          received_.clear();
          context_.applied();
        }
      }
      handled_ += n;
      (*answer_)->read.store(handled_, std::memory_order_release);
      w.close();
    }
    void receive_one(window& w) {
      if constexpr (D::traits.links)
        if (link_) return done(link_->receive(received_));
      for (;;) {
        if (const arrived a = done(inbox_.next()); a.is_message()) return done(inbox_.message(received_));
        read_some(w, done(inbox_.space()));
      }
    }
    void read_some(window& w, std::span<std::byte> into) {
      for (const std::int64_t until = now_ns() + kPatienceNs;;) {
        const io_result got = stream_->read(into);
        if (got.is(io_state::done)) return inbox_.wrote(got.bytes);
        if (!got.is(io_state::would_block) || now_ns() > until)
          throw failure(exit_code::incorrect, "the sending process sends no more");
        stream_->wait(true, false, now_ns() + kNapNs);
        w.waiting();
      }
    }

    std::size_t size_;
    std::string by_;
    bool sends_ = false;
    std::uint64_t handled_ = 0;  // by the receiver
    typename D::context context_;
    std::optional<typename link_of<D>::type> link_;
    std::unique_ptr<byte_stream> stream_;
    std::optional<mapped<answer>> answer_;
    std::vector<typename D::message> messages_;  // that are sent
    typename D::encoder encoder_{context_, {.format = wire_format::compat, .limit = {}, .copy_below = kCopyBelow}};
    typename D::frame frame_;
    std::vector<iovec> parts_;
    typename D::inbox inbox_{context_, {.format = wire_format::compat, .limit = {}}};
    typename D::message received_;
  };

 private:
  template <class Add>
  static void add_points(profile p, std::string_view by, Add& add) {
    if (p == profile::smoke) return add(by, {4 * kKiB});
    if (p == profile::quick) return add(by, {64, 4 * kKiB, 64 * kKiB});
    add(by, {16, 64, 512, kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB, 256 * kKiB, kMiB});
  }
};

}  // namespace copycost::raft::workloads
