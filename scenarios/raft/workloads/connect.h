// SPDX-License-Identifier: Apache-2.0
//
// connect: what a message costs that goes on a connection of its own (way:per_message: connect, one request, one
// answer, close, as the original does), on one connection with a round trip each (way:round_trip), and in a pipelined
// stream of which 64 messages are on the way at a time (way:pipelined). One operation is one message that was read and
// answered.
//
// A request is a raft message with an id; its answer is a response of 3 bytes with the same id, which the sender
// checks. Both ends are in one thread: the time is the work of both members and the kernel, without waiting. A real
// round trip waits for the other member besides, so the pipelined stream's lead is understated.
#pragma once
#include <cstring>
#include <memory>
#include <optional>

#include "harness/base/now.h"
#include "scenarios/common/streams/listener.h"
#include "scenarios/common/streams/pairs.h"
#include "scenarios/raft/wire/rpc.h"
#include "scenarios/raft/workloads/parts/common.h"

namespace copycost::raft::workloads {

struct connect : workload_defaults {
  static constexpr workload_traits traits{.name = "connect",
                                          .about = "a message and its answer: a connection each, or one that stays",
                                          .cls = workload_class::hand_over,
                                          .payload = payload_use::framed,
                                          .with = beside::kernel,
                                          .unit = "message"};
  template <class D>
  static constexpr bool offered = !D::traits.codec_only;
  static constexpr std::size_t kWindow = 64;
  static constexpr std::int64_t kPatienceNs = 30'000'000'000;

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    const auto add = [&](const char* by, std::uint64_t size, const char* way) {
      out.push_back(params().set("size", size).set("by", by).set("way", way));
    };
    if (p == profile::smoke) {
      add("unix", 64, "pipelined");
      return out;
    }
    for (const char* by : {"unix", "tcp"}) {
      if (p == profile::quick && by[0] != 'u') continue;
      for (const std::uint64_t size : {std::uint64_t{64}, 4 * kKiB})
        for (const char* way : {"per_message", "round_trip", "pipelined"})
          if (size == 64 || p != profile::quick) add(by, size, way);
    }
    return out;
  }
  static bool pipelined(const params& at) { return at.text("way") == "pipelined"; }
  static bool connects(const params& at) { return at.text("way") == "per_message"; }
  // A write and a read each way; socket, connect, accept and two closes.
  static limit_sum limit(const params& at) {
    const double calls = connects(at) ? 9 : pipelined(at) ? 4.0 / kWindow : 4;
    return limit_sum{{calls, "syscall"}} + least_read(at.number("size"));
  }
  // Below the threshold the payload goes beside the head; what has come of an unfinished unit may move.
  static double copied_cap(const params& at) { return 2 * static_cast<double>(at.number("size")) + 128; }
  static double kernel_bytes(const params& at) { return 4 * static_cast<double>(at.number("size")) + 256; }
  static double syscalls(const params&) { return 12; }
  static std::uint64_t audit_ops(const params& at) { return pipelined(at) ? 4 * kWindow : 64; }
  static asked asked_of(const params& at) {
    asked a;
    a.entries = 1;
    a.size = at.number("size");
    a.format = wire_format::compat;
    return a;
  }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    return results_of_messages(asked_of(at), epoch, n, true);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>({.payload_bytes = asked_of(at).payload()}),
          a_(asked_of(at)),
          connects_(connects(at)),
          window_(pipelined(at) ? kWindow : 1),
          kind_(*stream_kind_named(at.text("by"))),
          frames_(window_),
          answers_(window_),
          ids_(window_) {}
    void setup(window& w) override {
      messages_ = std::make_unique<made_messages>(a_, produced_payload(w, a_.payload()));
      raft::encode(rpc_response{}, answer_);
      if (connects_)
        listener_.emplace(kind_);
      else
        opened(make_stream_pair(kind_));
    }
    void ready(window& w) {
      cost_observer nobody;
      if (w.watches() != watching::identity && this->did() == 0) exchange(nobody, kWarm * window_);
    }
    template <class See>
    void loop(See& see, window&, std::uint64_t n) {
      exchange(see, n);
    }

   private:
    static constexpr std::uint64_t kWarm = 4;
    struct reply {
      frame_head head;
      typename D::frame frame;
    };
    struct member {
      std::unique_ptr<byte_stream> stream;
      std::optional<typename D::inbox> inbox;
    };

    void opened(stream_pair ends) {
      client_.stream = std::move(ends.first);
      server_.stream = std::move(ends.second);
      client_.inbox.emplace(receives_, inbox_options_of(a_));
      server_.inbox.emplace(receives_, inbox_options_of(a_));
    }
    void open() {
      const std::int64_t until = now_ns() + kPatienceNs;
      stream_opened mine = connect_stream(listener_->address(), until), other = listener_->accept(until);
      if (mine.stream == nullptr || other.stream == nullptr)
        throw failure(exit_code::internal,
                      "cannot connect: error " + std::to_string(mine.code != 0 ? mine.code : other.code));
      opened({std::move(mine.stream), std::move(other.stream)});
    }
    // The client hangs up, and the server sees it.
    void shut() {
      client_.stream->close();
      if (read_some(server_)) throw failure(exit_code::incorrect, "more has come than was sent");
      done(server_.inbox->ended());
      server_.stream->close();
    }

    template <class See>
    void exchange(See& see, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n;) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(n - i, window_));
        if (connects_) open();
        ask(count);
        for (std::size_t served = 0; served < count;) {
          write_rest();
          served += serve(see, served);
        }
        answer(count);
        hear(count);
        if (connects_) shut();
        received_.clear();
        if constexpr (has_batches<D>) receives_.applied();
        i += count;
      }
    }
    void ask(std::size_t count) {
      parts_.clear();
      for (std::size_t k = 0; k < count; ++k) {
        ++asked_;
        std::memcpy(ids_[k].bytes.data(), &asked_, sizeof asked_);  // not payload: a number
        done(encoder_.message((*hidden(messages_.get()))[0], frames_[k], &ids_[k]));
        parts_.insert(parts_.end(), frames_[k].parts().begin(), frames_[k].parts().end());
      }
      rest_ = parts_;
    }
    // As much as the stream takes at present.
    void write_rest() {
      while (!rest_.empty()) {
        const io_result r = client_.stream->write(rest_);
        if (r.is(io_state::would_block)) return;
        if (!r.is(io_state::done)) throw failure(exit_code::incorrect, "the request cannot be written");
        rest_ = drop_front(rest_, r.bytes);
      }
    }
    // Messages that have come, from number `first` of the window on; reads once if there are none.
    template <class See>
    std::size_t serve(See& see, std::size_t first) {
      std::size_t served = 0;
      for (arrived a = done(server_.inbox->next()); a.is_message(); a = done(server_.inbox->next())) {
        answers_[first + served].head.id = a.head.id;
        done(server_.inbox->message(received_));
        consume(see, received_.view(), true);
        ++served;
      }
      if (served == 0) (void)read_some(server_);
      return served;
    }
    void answer(std::size_t count) {
      parts_.clear();
      for (std::size_t k = 0; k < count; ++k) {
        frame_head h;
        h.type = frame_type::response;
        h.flags = frame_flag::has_id;
        h.id = answers_[k].head.id;
        done(encoder_.frame(h, answer_, answers_[k].frame));
        parts_.insert(parts_.end(), answers_[k].frame.parts().begin(), answers_[k].frame.parts().end());
      }
      if (!write_all(*server_.stream, parts_, now_ns() + kPatienceNs).is(io_state::done))
        throw failure(exit_code::incorrect, "the answer cannot be written");
    }
    void hear(std::size_t count) {
      for (std::size_t heard = 0; heard < count;) {
        const arrived a = done(client_.inbox->next());
        if (a.what == arrival::none) {
          if (!read_some(client_)) throw failure(exit_code::incorrect, "the connection ended before the answer");
          continue;
        }
        if (a.head.type != frame_type::response || a.head.id != ids_[heard] || a.payload.size() != answer_.size() ||
            a.payload[0] != answer_[0])
          throw failure(exit_code::incorrect, "not the answer to what was asked");
        ++heard;
      }
    }
    // False when the stream has ended.
    bool read_some(member& m) {
      for (const std::span<std::byte> space = done(m.inbox->space());;) {
        const io_result r = m.stream->read(space);
        if (r.is(io_state::done)) {
          m.inbox->wrote(r.bytes);
          return true;
        }
        if (r.is(io_state::closed) && r.code == 0) return false;
        if (!r.is(io_state::would_block)) throw failure(exit_code::incorrect, "cannot read");
        if (!m.stream->wait(true, false, now_ns() + kPatienceNs).any())
          throw failure(exit_code::incorrect, "gave up waiting for what was written");
      }
    }

    const asked a_;
    const bool connects_;
    const std::size_t window_;
    const stream_kind kind_;
    std::uint64_t asked_ = 0;
    typename D::context sends_, receives_;
    std::unique_ptr<made_messages> messages_;
    typename D::encoder encoder_{sends_, {.format = wire_format::compat, .limit = {}, .copy_below = kCopyBelow}};
    std::vector<typename D::frame> frames_;  // of the window
    std::vector<reply> answers_;
    std::vector<request_id> ids_;
    std::vector<std::byte> answer_;  // success
    std::vector<iovec> parts_;
    std::span<iovec> rest_;
    std::optional<stream_listener> listener_;
    member client_, server_;
    typename D::message received_;
  };
};

}  // namespace copycost::raft::workloads
