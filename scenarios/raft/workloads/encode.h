// SPDX-License-Identifier: Apache-2.0
//
// encode: one message becomes a unit, whose parts are shown to the observer. One operation is one unit.
// The frame is used again and again, as a connection does. An append stream walks through messages that follow each
// other.
#pragma once
#include "scenarios/raft/workloads/parts/common.h"

namespace copycost::raft::workloads {

struct encode : workload_defaults {
  static constexpr workload_traits traits{.name = "encode",
                                          .about = "one message into a unit",
                                          .cls = workload_class::ingest,
                                          .payload = payload_use::framed,
                                          .unit = "message"};

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](std::string_view type, std::uint64_t entries, std::uint64_t size, std::string_view format) {
      if (D::traits.speaks(*format_named(format))) out.push_back(point(type, entries, size, format));
    };
    if (p == profile::smoke) {
      add("append", 16, 256, "compat");
      return out;
    }
    add("heartbeat", 0, 0, "compat");
    add("heartbeat", 0, 0, "native");
    add("append", 1, 64, "compat");
    add("append", 64, 256, "compat");
    add("append", 1, 64 * kKiB, "compat");
    add("append", 16, 256, "msgappv2");
    if (p == profile::quick) return out;
    for (const char* type :
         {"heartbeat_response", "append_response", "vote", "vote_response", "pre_vote", "read_index", "timeout_now"})
      add(type, 0, 0, "compat");
    add("heartbeat", 0, 16, "compat");
    add("read_index", 0, 16, "compat");
    add("heartbeat", 0, 0, "message");
    add("snapshot", 0, 64 * kKiB, "compat");
    add("snapshot", 0, kMiB, "compat");
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{16}, std::uint64_t{512}, kKiB, 4 * kKiB, 16 * kKiB,
                                     64 * kKiB - 1, 64 * kKiB + 1, 256 * kKiB, kMiB})
      add("append", 1, size, "compat");
    for (const std::uint64_t entries : {16u, 256u})
      for (const std::uint64_t size : {std::uint64_t{64}, std::uint64_t{256}, kKiB})
        add("append", entries, size, "compat");
    for (const char* format : {"native", "message", "msgappv2"})
      for (const std::uint64_t size : {std::uint64_t{64}, 4 * kKiB, 64 * kKiB}) add("append", 1, size, format);
    add("append", 256, 256, "msgappv2");
    add("append", 64, 256, "native");
    add("append", 64, 256, "message");
    return out;
  }
  static limit_sum limit(const params& at) {
    const asked a = asked_of(at);
    return least_of_unit(a, a.format == wire_format::native);
  }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params& at) { return asked_of(at).format == wire_format::native; }  // its checksum
  static double written(const params& at) { return 128.0 * static_cast<double>(asked_of(at).entries) + 256; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const asked a = asked_of(at);
    const auto payload = model_payload(epoch, a.payload());
    const made_messages messages(a, payload);
    const made_stream stream(a, messages);
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i) seen.add(stream.unit(i % stream.units()));
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>({.payload_bytes = asked_of(at).payload()}), a_(asked_of(at)) {}
    void setup(window& w) override {
      context_ = std::make_unique<typename D::context>();
      encoder_ = std::make_unique<typename D::encoder>(*context_, encoder_options_of(a_));
      messages_ = std::make_unique<made_messages>(a_, produced_payload(w, a_.payload()));
      if (w.watches() == watching::identity)
        stream_ = std::make_unique<made_stream>(a_, made_messages(a_, model_payload(0, a_.payload())));
    }
    void ready(window& w) {
      const std::size_t count = messages_->size();
      for (; next_ != 0; next_ = (next_ + 1) % count) encode_unseen(next_);  // the round before ends
      // A connection's frame has its memory. The search for copies begins before there is any.
      for (std::size_t i = 0; w.watches() != watching::identity && i < count; ++i) encode_unseen(i);
    }
    template <class See>
    void loop(See& see, window& w, std::uint64_t n) {
      const message_view* const messages = &(*messages_)[0];
      const std::size_t count = messages_->size();
      std::size_t k = 0;
      for (std::uint64_t i = 0; i < n; ++i) {
        done(encoder_->message(hidden(messages)[k], frame_, nullptr));
        show(see, w, k);
        if (++k == count) k = 0;
      }
      next_ = k;
    }

   private:
    void encode_unseen(std::size_t i) { must(encoder_->message((*messages_)[i], frame_, nullptr)); }
    template <class See>
    void show(See& see, window& w, std::size_t k) {
      if constexpr (std::is_same_v<See, cost_observer>) {
        for (const iovec& part : frame_.parts())
          see.handle({static_cast<const std::byte*>(part.iov_base), part.iov_len});
      } else if constexpr (std::is_same_v<See, results_observer>) {
        for (const iovec& part : frame_.parts())
          w.seen().part({static_cast<const std::byte*>(part.iov_base), part.iov_len});
        w.seen().add(std::uint64_t{frame_.size()});
      } else {
        show_payload(see, k);
      }
    }
    // Where the payload lies in the parts: fields are not payload.
    template <class See>
    void show_payload(See& see, std::size_t k) {
      for (const made_stream::payload_place& p : stream_->payloads_of(k)) {
        const std::size_t from = p.at - stream_->begin_of(k), to = from + p.size;
        std::size_t at = 0;
        for (const iovec& part : frame_.parts()) {
          const std::size_t begin = std::max(from, at), end = std::min(to, at + part.iov_len);
          if (begin < end) see.handle({static_cast<const std::byte*>(part.iov_base) + (begin - at), end - begin});
          at += part.iov_len;
        }
      }
    }

    asked a_;
    std::size_t next_ = 0;  // the message with which the round goes on
    std::unique_ptr<typename D::context> context_;
    std::unique_ptr<typename D::encoder> encoder_;
    std::unique_ptr<made_messages> messages_;
    std::unique_ptr<made_stream> stream_;  // of equal sizes, for the identity observer
    typename D::frame frame_;
  };
};

}  // namespace copycost::raft::workloads
