// SPDX-License-Identifier: Apache-2.0
//
// decode: a unit that lies in the inbox becomes a message, and a consumer looks at its numbers (with read:1 at every
// byte of its payload, too). One operation is one unit. The message is used again, or with fresh:1 made anew each time.
//
// Units arrive in a pause of the window, as many at once as one read would bring (up to 48 KiB), so that neither the
// copy that brings them nor the room for them counts: `pieces` has both. What the clock needs to pause belongs to a
// round.
#pragma once
#include <cstring>
#include <memory>

#include "scenarios/raft/workloads/parts/common.h"

namespace copycost::raft::workloads {

struct decode : workload_defaults {
  static constexpr workload_traits traits{.name = "decode",
                                          .about = "a unit in the inbox into a message, of which numbers are read",
                                          .cls = workload_class::read_once,
                                          .payload = payload_use::framed,
                                          .unit = "message"};
  static constexpr std::size_t kRound = 48 * kKiB, kRoundUnits = 256;  // of bytes and units that lie in the inbox
  static constexpr unsigned kWarmRounds = 4;
  static constexpr std::size_t kCut = 16;

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](std::string_view type, std::uint64_t entries, std::uint64_t size, std::string_view format,
                         std::string_view also = "") {
      if (!D::traits.speaks(*format_named(format))) return;
      out.push_back(point(type, entries, size, format));
      if (!also.empty()) out.back().set(also, 1);
    };
    if (p == profile::smoke) {
      add("append", 16, 256, "compat");
      return out;
    }
    add("heartbeat", 0, 0, "compat");
    add("heartbeat", 0, 0, "native");
    add("append", 1, 64, "compat");
    add("append", 64, 256, "compat");
    add("append", 64, 256, "compat", "fresh");
    add("append", 64, 256, "compat", "read");
    add("append", 1, 64 * kKiB, "compat");
    if (p == profile::quick) return out;
    for (const char* type :
         {"heartbeat_response", "append_response", "vote", "vote_response", "pre_vote", "read_index", "timeout_now"})
      add(type, 0, 0, "compat");
    add("heartbeat", 0, 16, "compat");
    add("heartbeat", 0, 0, "message");
    add("heartbeat", 0, 0, "compat", "fresh");
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
    add("append", 16, 256, "msgappv2");
    add("append", 256, 256, "msgappv2");
    add("append", 64, 256, "native");
    return out;
  }
  static bool reads(const params& at) { return at.has("read") && at.number("read") != 0; }
  static bool fresh(const params& at) { return at.has("fresh") && at.number("fresh") != 0; }
  static limit_sum limit(const params& at) {
    const asked a = asked_of(at);
    return least_of_unit(a, a.format == wire_format::native || reads(at));
  }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params& at) { return asked_of(at).format == wire_format::native; }  // its checksum
  // A place for each entry, where the message is made anew.
  static double written(const params& at) {
    return (fresh(at) ? 640.0 : 128.0) * static_cast<double>(asked_of(at).entries) + 256;
  }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    return results_of_messages(asked_of(at), epoch, n, reads(at));
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>({.payload_bytes = asked_of(at).payload()}),
          a_(asked_of(at)),
          read_(reads(at)),
          fresh_(fresh(at)) {}
    void setup(window& w) override {
      const auto payload = model_payload(w.epoch(), a_.payload());
      stream_ = std::make_unique<made_stream>(a_, made_messages(a_, payload));
      context_ = std::make_unique<typename D::context>();
      inbox_ = std::make_unique<typename D::inbox>(*context_, inbox_options_of(a_));
      message_ = std::make_unique<typename D::message>();
    }
    void ready(window& w) {
      // A connection's inbox and message have their memory. The search for copies begins before there is any.
      cost_observer nobody;
      if (w.watches() != watching::identity)
        for (; warm_ < kWarmRounds; ++warm_) take(nobody, deliver(w, kRoundUnits));
      while (next_ != 0) take(nobody, deliver(w, stream_->units() - next_));  // an append stream begins at its begin
    }
    template <class See>
    void loop(See& see, window& w, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n;) {
        w.pause();
        const std::uint64_t units = deliver(w, n - i);
        w.resume();
        take(see, units);
        i += units;
      }
    }

   private:
    template <class See>
    void take(See& see, std::uint64_t units) {
      typename D::message& reused = *message_;
      typename D::inbox& inbox = *hidden(inbox_.get());
      for (std::uint64_t k = 0; k < units; ++k) {
        const arrived a = done(inbox.next());
        if (!a.is_message()) throw failure(exit_code::incorrect, "decode: no message has come");
        if (fresh_) {
          typename D::message m;
          done(inbox.message(m));
          consume(see, m.view(), read_);
        } else {
          done(inbox.message(reused));
          consume(see, reused.view(), read_);
        }
      }
      if (done(inbox.next()).what != arrival::none)  // as a receiver asks, and the inbox has done with the last one
        throw failure(exit_code::incorrect, "decode: more has come than was brought");
      reused.clear();
      end_of_batch<D>(*context_);
    }
    // Whole units into the inbox, at least one; answers how many.
    std::uint64_t deliver(window& w, std::uint64_t most) {
      std::uint64_t units = 0;
      std::size_t bytes = 0;
      while (units < std::min<std::uint64_t>(most, kRoundUnits)) {
        const bytes_view unit = stream_->unit(next_);
        if (units != 0 && bytes + unit.size() > kRound) break;
        arrive(w, unit, units == 0);
        bytes += unit.size();
        ++units;
        next_ = next_ + 1 < stream_->units() ? next_ + 1 : 0;
      }
      return units;
    }
    void arrive(window& w, bytes_view rest, bool first) {
      for (std::size_t come = 0; !rest.empty();) {
        const std::span<std::byte> space = must(inbox_->space());
        std::size_t n = std::min(space.size(), rest.size());
        if (n < rest.size() && n > kCut)  // what lies behind must not make a cut cell of the pattern whole again
        {
          n -= kCut;
          std::memset(space.data() + n, 0, kCut);
        }
        std::memcpy(space.data(), rest.data(), n);    // not payload: in a pause of the window
        w.produced({space.data() - come, come + n});  // what had come before may have moved
        inbox_->wrote(n);
        come += n;
        rest = rest.subspan(n);
        if (first && !rest.empty() && must(inbox_->next()).what != arrival::none)  // finds how much room it needs
          throw failure(exit_code::incorrect, "decode: a unit was found before all of it had come");
      }
    }

    asked a_;
    bool read_, fresh_;
    unsigned warm_ = 0;
    std::size_t next_ = 0;  // the unit that arrives next
    std::unique_ptr<made_stream> stream_;
    std::unique_ptr<typename D::context> context_;
    std::unique_ptr<typename D::inbox> inbox_;
    std::unique_ptr<typename D::message> message_;
  };
};

}  // namespace copycost::raft::workloads
