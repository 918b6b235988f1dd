// SPDX-License-Identifier: Apache-2.0
//
// head: a frame that is nothing but its head, as a heartbeat of the framing is (a request has an id, too), into bytes
// or (way:decode) found in the inbox. One operation is one frame. What raftpb calls a heartbeat is a message: encode,
// decode.
//
// Frames that are found arrive in a pause of the window, as many at once as have room.
#pragma once
#include <cstring>
#include <memory>

#include "scenarios/raft/workloads/parts/common.h"

namespace copycost::raft::workloads {

struct head : workload_defaults {
  static constexpr workload_traits traits{.name = "head",
                                          .about = "a frame without payload into bytes, or found in the inbox",
                                          .cls = workload_class::ingest,
                                          .payload = payload_use::framed,
                                          .unit = "frame"};
  static constexpr std::uint64_t kRoundFrames = 256;

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    if (p == profile::smoke) return out;
    for (const char* type : {"heartbeat", "request"})
      for (const char* format : {"compat", "native"})
        for (const char* way : {"encode", "decode"})
          if (D::traits.speaks(*format_named(format)) && (p != profile::quick || std::string_view(type) == "heartbeat"))
            out.push_back(params{}.set("type", type).set("format", format).set("way", way));
    return out;
  }
  static frame_head head_of(const params& at) {
    frame_head h;
    h.type = frame_type::heartbeat;
    if (at.text("type") == "heartbeat") return h;
    h.type = frame_type::request;
    h.flags = frame_flag::has_id;
    for (std::size_t i = 0; i < kIdBytes; ++i) h.id.bytes[i] = static_cast<std::byte>(i + 1);
    return h;
  }
  static std::vector<std::byte> bytes_of(const params& at) {
    std::vector<std::byte> out(kHeadBytesMax);
    out.resize(write_head(framing_of(*format_named(at.text("format"))), head_of(at), out.data()));
    return out;
  }
  static bool decodes(const params& at) { return at.text("way") == "decode"; }
  static limit_sum limit(const params&) { return least_turn(); }
  static double copied_cap(const params&) { return 0; }

  static std::uint64_t expected(const params& at, std::uint16_t, std::uint64_t n) {
    const std::vector<std::byte> bytes = bytes_of(at);
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i) {
      if (decodes(at))
        seen.add(number_of(head_of(at), bytes.size()));
      else
        seen.add(bytes_view(bytes));
    }
    return results_of_one_role(seen);
  }
  static std::uint64_t number_of(const frame_head& h, std::size_t size) {
    return static_cast<std::uint64_t>(h.type) + size +
           static_cast<std::uint64_t>(h.id.bytes[kIdBytes - 1]) * h.has_id();
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>(handled{}), head_(head_of(at)), bytes_(bytes_of(at)), decodes_(decodes(at)) {
      a_.format = *format_named(at.text("format"));
    }
    void setup(window&) override {
      context_ = std::make_unique<typename D::context>();
      encoder_ = std::make_unique<typename D::encoder>(*context_, encoder_options_of(a_));
      inbox_ = std::make_unique<typename D::inbox>(*context_, inbox_options_of(a_));
    }
    void ready(window&) {
      must(encoder_->frame(head_, {}, frame_));  // a connection's frame and inbox have their memory
      cost_observer nobody;
      take(nobody, deliver(kRoundFrames));
    }
    template <class See>
    void loop(See& see, window& w, std::uint64_t n) {
      decodes_ ? find(see, w, n) : make(see, w, n);
    }

   private:
    template <class See>
    void make(See& see, window& w, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n; ++i) {
        done(encoder_->frame(*hidden(&head_), {}, frame_));
        for (const iovec& part : frame_.parts()) {
          const bytes_view bytes{static_cast<const std::byte*>(part.iov_base), part.iov_len};
          if constexpr (std::is_same_v<See, results_observer>)
            w.seen().part(bytes);
          else if constexpr (std::is_same_v<See, cost_observer>)
            see.handle(bytes);  // no payload: nothing to identify
        }
        end_of_parts(see, w, frame_.size());
      }
    }
    template <class See>
    void find(See& see, window& w, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n;) {
        w.pause();
        const std::uint64_t frames = deliver(n - i);
        w.resume();
        take(see, frames);
        i += frames;
      }
    }
    template <class See>
    void take(See& see, std::uint64_t frames) {
      typename D::inbox& inbox = *hidden(inbox_.get());
      for (std::uint64_t k = 0; k < frames; ++k) {
        const arrived a = done(inbox.next());
        see.number(number_of(a.head, a.size));
      }
      if (done(inbox.next()).what != arrival::none)
        throw failure(exit_code::incorrect, "head: more has come than was brought");
      end_of_batch<D>(*context_);
    }
    // Whole frames into the inbox, however little room it gives; answers how many.
    std::uint64_t deliver(std::uint64_t most) {
      const std::uint64_t frames = std::min(most, kRoundFrames);
      for (std::uint64_t k = 0; k < frames; ++k)
        for (bytes_view rest = bytes_; !rest.empty();) {
          const std::span<std::byte> space = must(inbox_->space());
          const std::size_t n = std::min(space.size(), rest.size());
          COPYCOST_REQUIRE(n != 0);
          std::memcpy(space.data(), rest.data(), n);
          inbox_->wrote(n);
          rest = rest.subspan(n);
        }
      return frames;
    }

    asked a_;
    frame_head head_;
    std::vector<std::byte> bytes_;
    bool decodes_;
    std::unique_ptr<typename D::context> context_;
    std::unique_ptr<typename D::encoder> encoder_;
    std::unique_ptr<typename D::inbox> inbox_;
    typename D::frame frame_;
  };
};

}  // namespace copycost::raft::workloads
