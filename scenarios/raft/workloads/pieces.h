// SPDX-License-Identifier: Apache-2.0
//
// pieces: the same units arrive 1 byte, 1,460 bytes (a segment of TCP), 16 KiB or a whole unit (piece:0) at a time, and
// each becomes a message. One operation is one unit. The copy of a piece to where the inbox wants it is the
// transport's, and belongs to the operation: every design pays for it, and promises it.
#pragma once
#include <memory>

#include "scenarios/raft/workloads/parts/common.h"

namespace copycost::raft::workloads {

struct pieces : workload_defaults {
  static constexpr workload_traits traits{.name = "pieces",
                                          .about = "a unit arrives in pieces and becomes a message",
                                          .cls = workload_class::ingest,
                                          .payload = payload_use::framed,
                                          .ops = op_kind::differ,
                                          .unit = "message"};
  static constexpr std::size_t kStream = 256 * kKiB;  // of units, one after the other, that come round
  static constexpr std::uint64_t kBatch = 64 * kKiB;  // of bytes, after which the messages are not used any more

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t entries, std::uint64_t size, std::string_view format, std::uint64_t piece) {
      if (D::traits.speaks(*format_named(format)))
        out.push_back(point("append", entries, size, format).set("piece", piece));
    };
    if (p == profile::smoke) {
      add(16, 256, "compat", 1460);
      return out;
    }
    for (const std::uint64_t piece : {1u, 1460u, 16384u}) add(16, 256, "compat", piece);
    if (p == profile::quick) return out;
    add(16, 256, "compat", 0);
    add(1, 64, "compat", 0);
    for (const std::uint64_t piece : {1460u, 16384u, 0u}) add(1, 64 * kKiB, "compat", piece);
    add(1, kMiB, "compat", 16 * kKiB);
    add(16, 256, "native", 1460);
    add(16, 256, "msgappv2", 1460);
    return out;
  }
  // COPIES: the unit, by the transport.
  static limit_sum limit(const params& at) {
    return least_copy_near(static_cast<std::uint64_t>(sizes_of(asked_of(at)).unit));
  }
  // The last piece brings more than the units that were asked for: so much an operation of an audit.
  static double bytes_over(const params& at) {
    return static_cast<double>(at.number("piece")) / static_cast<double>(audit_ops(at));
  }
  // The transport's copy, and as much again: the part of a unit that had come when the room behind it ended.
  static double copied_cap(const params& at) { return 2 * sizes_of(asked_of(at)).unit + bytes_over(at); }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    return results_of_messages(asked_of(at), epoch, n, false);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>({.payload_bytes = asked_of(at).payload()}),
          a_(asked_of(at)),
          piece_(at.number("piece")) {}
    void setup(window& w) override {
      const auto payload = model_payload(w.epoch(), a_.payload());
      const made_messages messages(a_, payload);
      stream_ = std::make_unique<made_stream>(a_, messages, kStream);
      cycle_ = messages.size();
      batch_ = std::clamp<std::uint64_t>(kBatch / stream_->unit(0).size(), 1, 256);
      context_ = std::make_unique<typename D::context>();
      inbox_ = std::make_unique<typename D::inbox>(*context_, inbox_options_of(a_));
      message_ = std::make_unique<typename D::message>();
    }
    void ready(window& w) {
      cost_observer nobody;
      if (w.watches() != watching::identity && this->did() == 0) units(nobody, w, kWarm * cycle_);
      if (const std::uint64_t rest = taken_ % cycle_; rest != 0) units(nobody, w, cycle_ - rest);
    }
    template <class See>
    void loop(See& see, window& w, std::uint64_t n) {
      units(see, w, n);
    }

   private:
    static constexpr std::uint64_t kWarm = 64;

    template <class See>
    void units(See& see, window& w, std::uint64_t n) {
      typename D::message& message = *message_;
      typename D::inbox& inbox = *hidden(inbox_.get());
      for (std::uint64_t i = 0; i < n; ++i) {
        for (arrived a = done(inbox.next()); !a.is_message(); a = done(inbox.next())) {
          if (in_batch_ >= batch_) end_of_messages();
          arrive<See>(w);
        }
        done(inbox.message(message));
        consume(see, message.view(), false);
        ++in_batch_;
      }
      taken_ += n;
    }
    void end_of_messages() {
      in_batch_ = 0;
      message_->clear();
      end_of_batch<D>(*context_);
    }
    template <class See>
    void arrive(window& w) {
      const std::span<std::byte> space = done(inbox_->space());
      const std::size_t unit_left = stream_->ends[unit_] - at_, left = stream_->bytes.size() - at_;
      const std::size_t n = std::min({piece_ == 0 ? unit_left : piece_, left, space.size()});
      counted_copy(space.data(), stream_->bytes.data() + at_, n);
      if constexpr (!std::is_same_v<See, cost_observer>) w.produced(space.first(n));
      inbox_->wrote(n);
      at_ += n;
      while (unit_ < stream_->units() && at_ >= stream_->ends[unit_]) ++unit_;
      if (at_ == stream_->bytes.size()) {
        at_ = 0;
        unit_ = 0;
      }
    }

    asked a_;
    std::size_t piece_;
    std::uint64_t taken_ = 0, in_batch_ = 0, batch_ = 1;
    std::size_t cycle_ = 1, at_ = 0, unit_ = 0;  // where the stream goes on, and in which unit
    std::unique_ptr<made_stream> stream_;
    std::unique_ptr<typename D::context> context_;
    std::unique_ptr<typename D::inbox> inbox_;
    std::unique_ptr<typename D::message> message_;
  };
};

}  // namespace copycost::raft::workloads
