// SPDX-License-Identifier: Apache-2.0
//
// send: one message with one entry becomes a unit, once, and is written to the streams of 1, 2 or 4 followers; then
// their ends are read. One operation is one message. One thread owns all ends.
//
//   how        copy      the payload beside the head in one piece, one write          (copy_below: everything)
//              gather    head and payload where they lie, one gather write            (copy_below: nothing)
//              separate  the same parts, each in a write of its own
//              adaptive  copied below the size that was measured on this machine      (copy_threshold.h)
//   transport  socketpair, unix, tcp, tcp_delayed, pipe: scenarios/common/streams
//
// A design whose encoder always copies does so whatever is asked, and the others stand beside it.
// The format is compat, which all designs speak and which has no checksum: only a way that copies the payload reads it.
//
// Receiving costs every way the same: each end is read into one buffer as long as the unit, with as few reads as the
// kernel needs, and the content is not looked at. What one thread writes must not wait for what it has not read: a unit
// that a stream does not take whole is read meanwhile. On TCP the other end may come late, and is waited for.
#pragma once
#include <array>
#include <memory>

#include "harness/base/now.h"
#include "scenarios/common/streams/pairs.h"
#include "scenarios/common/streams/poll_wait.h"
#include "scenarios/raft/workloads/parts/common.h"
#include "scenarios/raft/workloads/parts/copy_threshold.h"

namespace copycost::raft::workloads {

struct send : workload_defaults {
  static constexpr workload_traits traits{
      .name = "send",
      .about = "one message into a unit, which is written to each follower's stream",
      .cls = workload_class::fan_out,
      .payload = payload_use::framed,
      .with = beside::kernel,
      .unit = "message"};
  static constexpr std::int64_t kPatienceNs = 30'000'000'000;

  template <class D>
  static std::vector<params> points_of(profile p);

  static std::string_view how(const params& at) { return at.text("how"); }  // VALID UNTIL: `at` is
  static unsigned followers(const params& at) { return static_cast<unsigned>(at.number("followers")); }
  static stream_kind transport(const params& at) {
    const auto kind = stream_kind_named(at.text("transport"));
    if (!kind) throw failure(exit_code::internal, "send: no such transport: " + at.to_string());
    return *kind;
  }
  static asked asked_at(const params& at) { return {message_type::append, 1, at.number("size"), wire_format::compat}; }
  static std::size_t copy_below(const params& at) {
    if (how(at) == "copy") return ~std::size_t{0};
    return how(at) == "adaptive" ? measured_copy_below(transport(at), followers(at)) : 0;
  }

  // What is asked of an encoder, and what a pipe's two ends copy in user space. For caps and promises.
  static double copied_beside(const params& at) {
    return at.number("size") < copy_below(at) ? static_cast<double>(at.number("size")) : 0;
  }
  static double carried(const params& at) {
    return transport(at) == stream_kind::pipe ? 2 * followers(at) * sizes_of(asked_at(at)).unit : 0;
  }
  static double copied_cap(const params& at) { return copied_beside(at) + carried(at); }
  static double kernel_bytes(const params& at) { return 2.0 * followers(at) * (sizes_of(asked_at(at)).unit + 32); }
  static double syscalls(const params& at) {
    return followers(at) * (6 + static_cast<double>(at.number("size")) / (16 * kKiB));
  }
  // By those who read.
  static double written(const params& at) { return followers(at) * (sizes_of(asked_at(at)).unit + 4 * kKiB); }

  // The threshold differs between processes, and how often the kernel is asked between machines where it takes a unit
  // in parts or later.
  static shape shape_of(const params& at) {
    const stream_kind kind = transport(at);
    const bool exact = how(at) != "adaptive" && kind != stream_kind::tcp && kind != stream_kind::tcp_delayed &&
                       at.number("size") <= 64 * kKiB;
    return {.cost = exact ? op_cost::exact : op_cost::varies};
  }
  // In and out of what carries the bytes, for every follower.
  static limit_sum limit(const params& at) {
    const limit_sum copied = least_copy_near(at.number("size"));
    return 2.0 * followers(at) * (is_socket(transport(at)) ? copied + limit_sum{{1, "syscall"}} : copied);
  }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const asked a = asked_at(at);
    const auto payload = model_payload(epoch, a.payload());
    const made_stream stream(a, made_messages(a, payload));
    digest seen, unit;
    unit.add(stream.unit(0));
    for (std::uint64_t i = 0; i < n * followers(at); ++i) seen.add(unit.value());
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of;
};

template <class D>
class send::episode_of final : public loop_episode<send::episode_of<D>> {
 public:
  explicit episode_of(const params& at)
      : loop_episode<episode_of>({followers(at), followers(at) * asked_at(at).payload()}),
        a_(asked_at(at)),
        kind_(transport(at)),
        separate_(how(at) == "separate"),
        copy_below_(copy_below(at)) {
    followers_.resize(followers(at));
  }
  void setup(window& w) override {
    context_ = std::make_unique<typename D::context>();
    encoder_options o = encoder_options_of(a_);
    o.copy_below = copy_below_;
    encoder_ = std::make_unique<typename D::encoder>(*context_, o);
    messages_ = std::make_unique<made_messages>(a_, produced_payload(w, a_.payload()));
    const std::vector<std::byte> other = model_payload(0, a_.payload());  // of equal sizes
    const made_stream stream(a_, made_messages(a_, other));
    for (const made_stream::payload_place& p : stream.payloads_of(0)) payload_at_ = p.at;
    in_.resize(stream.unit(0).size());
    for (follower& f : followers_) std::tie(f.near, f.far) = make_stream_pair(kind_);
  }
  void ready(window& w) {
    // A connection's frame and lists have their memory. The search for copies begins before there is any.
    if (w.watches() != watching::identity) {
      must(encoder_->message((*messages_)[0], frame_, nullptr));
      for (follower& f : followers_) f.parts.reserve(frame_.parts().size());
    }
  }
  template <class See>
  void loop(See& see, window& w, std::uint64_t n) {
    const message_view* const message = &(*messages_)[0];
    for (std::uint64_t i = 0; i < n; ++i) {
      done(encoder_->message(*hidden(message), frame_, nullptr));
      for (follower& f : followers_) write(see, f);
      for (follower& f : followers_) read_rest(see, f);
      show(see, w);
    }
  }

 private:
  struct follower {
    std::unique_ptr<byte_stream> near, far;
    std::vector<iovec> parts;  // that are still to be written
    std::size_t got = 0;       // bytes of this unit
    digest seen;
  };

  template <class See>
  void write(See& see, follower& f) {
    f.parts.assign(frame_.parts().begin(), frame_.parts().end());
    f.got = 0;
    for (std::span<iovec> rest = f.parts; !rest.empty();) {
      const io_result r = f.near->write(separate_ ? rest.first(1) : rest);
      if (r.is(io_state::done))
        rest = drop_front(rest, r.bytes);
      else if (!r.is(io_state::would_block))
        broken();
      else if (!read_some(see, f))
        wait(f, true);
    }
  }
  template <class See>
  void read_rest(See& see, follower& f) {
    while (f.got < in_.size())
      if (!read_some(see, f)) wait(f, false);
  }
  // Whether anything was there.
  template <class See>
  bool read_some(See&, follower& f) {
    const std::span<std::byte> into = std::span(in_).subspan(f.got);
    const io_result r = f.far->read(into);
    if (r.is(io_state::would_block)) return false;
    if (!r.is(io_state::done) || r.bytes == 0) broken();
    if constexpr (std::is_same_v<See, results_observer>) f.seen.part(into.first(r.bytes));
    f.got += r.bytes;
    return true;
  }
  static void wait(follower& f, bool to_write) {
    std::array<stream_wish, 2> wishes{stream_wish{f.far.get(), true, false, {}},
                                      stream_wish{f.near.get(), false, true, {}}};
    if (!wait_any(std::span(wishes).first(to_write ? 2 : 1), now_ns() + kPatienceNs))
      throw failure(exit_code::incorrect, "send: nothing has arrived for 30 seconds");
  }
  [[noreturn]] static void broken() { throw failure(exit_code::incorrect, "send: a stream has ended or failed"); }

  // The oracle wants what arrived. The place of payload is reported for what goes to the kernel, which makes its own
  // copies; a pipe has none, and the follower reads what it received.
  template <class See>
  void show(See& see, window& w) {
    if constexpr (std::is_same_v<See, results_observer>) {
      for (follower& f : followers_) {
        f.seen.add(std::uint64_t{f.got});
        w.seen().add(f.seen.value());
        f.seen = digest();
      }
    } else if constexpr (std::is_same_v<See, identity_observer>) {
      if (a_.payload() == 0) return;
      if (kind_ == stream_kind::pipe) return see.handle(std::span(in_).subspan(payload_at_, a_.payload()));
      std::size_t at = 0;
      for (const iovec& part : frame_.parts()) {
        const std::size_t begin = std::max(payload_at_, at),
                          end = std::min(payload_at_ + a_.payload(), at + part.iov_len);
        if (begin < end) see.handle({static_cast<const std::byte*>(part.iov_base) + (begin - at), end - begin});
        at += part.iov_len;
      }
    }
  }

  asked a_;
  stream_kind kind_;
  bool separate_;
  std::size_t copy_below_, payload_at_ = 0;  // in the unit
  std::unique_ptr<typename D::context> context_;
  std::unique_ptr<typename D::encoder> encoder_;
  std::unique_ptr<made_messages> messages_;
  typename D::frame frame_;
  std::vector<follower> followers_;
  std::vector<std::byte> in_;  // a unit, of whichever follower
};

template <class D>
std::vector<params> send::points_of(profile p) {
  using names = std::span<const std::string_view>;
  using sizes = std::initializer_list<std::uint64_t>;
  static constexpr std::string_view kEvery[] = {"copy", "gather", "adaptive"}, kAdaptive[] = {"adaptive"},
                                    kSeparate[] = {"separate"}, kParted[] = {"adaptive", "separate"};
  std::vector<params> out;
  const auto add = [&](std::string_view transport, unsigned count, names hows, sizes all) {
    for (const std::string_view one : hows)
      for (const std::uint64_t size : all)
        out.push_back(params().set("size", size).set("followers", count).set("transport", transport).set("how", one));
  };
  const bool full = p == profile::full || p == profile::soak;
  if (D::traits.writes_pieces) {
    add("socketpair", 1, kSeparate, {4 * kKiB});
    if (full) add("socketpair", 1, kSeparate, {512, 64 * kKiB, 64 * kKiB + 1, kMiB});
    return out;
  }
  if (p == profile::smoke) {
    add("socketpair", 2, kAdaptive, {4 * kKiB});
    return out;
  }
  if (!D::traits.every_size) {
    add("socketpair", 1, kAdaptive, {4 * kKiB});
    if (full) add("socketpair", 1, kAdaptive, {512, 64 * kKiB});
    return out;
  }
  if (!full) {
    add("socketpair", 1, kEvery, {512, 4 * kKiB, 16 * kKiB, 64 * kKiB});
    add("socketpair", 1, kSeparate, {4 * kKiB});
    return out;
  }
  add("socketpair", 1, kEvery,
      {0, 16, 64, 512, kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB - 1, 64 * kKiB, 64 * kKiB + 1, 256 * kKiB, kMiB});
  add("socketpair", 1, kSeparate, {512, 4 * kKiB, 64 * kKiB});
  for (const unsigned count : {2u, 4u}) add("socketpair", count, kEvery, {512, 16 * kKiB, 64 * kKiB});
  for (const std::string_view other : {"unix", "tcp", "pipe"}) add(other, 1, kEvery, {512, 16 * kKiB, 256 * kKiB});
  // Small parts wait for an answer to the part before; a whole unit does, too, if it is small.
  add("tcp_delayed", 1, kParted, {512, 64 * kKiB});
  add("tcp", 1, kSeparate, {512, 64 * kKiB});
  return out;
}

}  // namespace copycost::raft::workloads
