// SPDX-License-Identifier: Apache-2.0
//
// The two members between which the mix goes: a leader that offers messages to a connection, and a follower that reads
// every byte of what comes.
//
//   mix_traffic --offer()--> leader's connection ==stream==> follower's connection --> lane digests, or just reading
//                               <-- acknowledgements of snapshots, answers of heartbeats --
//
// Where the format has streams (native) a snapshot goes in pieces behind the other lanes, one at a time; otherwise as
// one message. Lanes overtake each other, so what a follower has seen is one digest a lane. A connection that ends is a
// failure.
//
// Lifetime: context and traffic outlive a member.
// Threads: a member belongs to one thread, its peer may belong to another.
// Cost: that of the connection; a snapshot allocates some hundred bytes.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "harness/base/now.h"
#include "harness/core/digest.h"
#include "harness/core/observe.h"
#include "scenarios/common/must.h"
#include "scenarios/raft/connection/connection.h"
#include "scenarios/raft/traffic/mix_traffic.h"

namespace copycost::raft {

inline connection_options mix_options(wire_format format, std::uint64_t self, std::uint64_t peer) {
  connection_options o;
  o.format = format;
  o.self = self;
  o.peer = peer;
  o.bound = true;
  o.copy_below = 4 * kKiB;
  o.frame_timeout_ns = o.write_timeout_ns = o.snapshot_timeout_ns = 30'000'000'000;  // of a machine that has much to do
  return o;
}

// What came in each lane, in order: numbers of the messages, and every byte of payload.
class mix_digest {
 public:
  void numbers(const message_view& m) {
    const message_head& h = m.head;
    of(h.type).add(static_cast<std::uint64_t>(h.type) + h.from + h.term + h.index + h.commit + m.entries.size());
  }
  void message(const message_view& m) {
    numbers(m);
    for (const entry_view& e : m.entries) {
      of(m.head.type).add(e.index);
      of(m.head.type).add(e.data);
    }
    if (m.head.type == message_type::snapshot)
      of(m.head.type).add(m.snapshot.data);
    else
      of(m.head.type).add(m.context);
  }
  digest& of(message_type t) { return lanes_[static_cast<std::size_t>(lane_of(t))]; }  // VALID UNTIL: this is destroyed
  void add_to(digest& all) const {
    for (const digest& d : lanes_) all.add(d.value());
  }

 private:
  std::array<digest, kLanes> lanes_;
};

template <class D>
class mix_follower final : public connection_handler<D> {
 public:
  // `judged`: what comes goes into seen(); otherwise its bytes are read. `answers`: heartbeats are answered.
  mix_follower(typename D::context& context, std::unique_ptr<byte_stream> s, wire_format format, bool judged,
               bool answers)
      : context_(context),
        judged_(judged),
        answers_(answers),
        link_(context, std::move(s), mix_options(format, 2, 1), *this, now_ns()) {
    response_.head.type = message_type::heartbeat_response;
    response_.head.from = 2;
    response_.head.to = 1;
    response_.head.term = 7;
    response_.head.has = fields_of(dialect::etcd, response_);
  }

  // One turn. Answers whether anything moved. Throws failure when the connection has ended.
  bool turn() {
    const bool moved = link_.pump(now_ns());
    if (!link_.is_open()) operation_failed(*link_.why());
    if (failed_) operation_failed(*failed_);
    if constexpr (has_batches<D>)
      if (batch_ >= kBatch && link_.bytes_waiting() == 0) {
        context_.applied();
        batch_ = 0;
      }
    return moved;
  }
  std::uint64_t handled() const { return handled_; }  // messages, snapshots among them
  const mix_digest& seen() const { return seen_; }    // VALID UNTIL: this is destroyed
  connection<D>& link() { return link_; }             // VALID UNTIL: as above

  void message(typename D::message&& m) override {
    const message_view& v = m.view();
    if (judged_)
      seen_.message(v);
    else
      read(v);
    const bool beats = v.head.type == message_type::heartbeat;
    m.clear();
    ++handled_;
    if (beats && answers_) done(link_.send_lent(response_));
  }
  result<std::uint64_t> snapshot_begins(const incoming_snapshot& s) override {
    if (judged_) seen_.numbers(s.message);
    return std::uint64_t{0};
  }
  result<void> snapshot_piece(std::uint32_t, std::uint64_t offset, bytes_view piece) override {
    if (judged_)
      seen_.of(message_type::snapshot).part(piece);
    else
      escape(static_cast<std::size_t>(read_all(piece)));
    snapshot_size_ = offset + piece.size();
    return {};
  }
  void snapshot_ended(std::uint32_t, result<void> how) override {
    if (!how) {
      failed_ = how.error();
      return;
    }
    if (judged_) seen_.of(message_type::snapshot).add(snapshot_size_);
    ++handled_;
  }

 private:
  static constexpr std::size_t kBatch = 256 * kKiB;  // of payload, after which the messages are not used any more

  void read(const message_view& m) {
    for (const entry_view& e : m.entries) read(e.data);
    if (!m.context.empty()) read(m.context);
    if (!m.snapshot.data.empty()) read(m.snapshot.data);
  }
  void read(bytes_view v) {
    escape(static_cast<std::size_t>(read_all(v)));
    batch_ += v.size();
  }

  typename D::context& context_;
  bool judged_, answers_;
  std::uint64_t handled_ = 0, snapshot_size_ = 0;
  std::size_t batch_ = 0;
  mix_digest seen_;
  std::optional<error> failed_;  // a snapshot was given up
  message_view response_;
  connection<D> link_;
};

template <class D>
class mix_leader final : public connection_handler<D> {
 public:
  // At most `waiting` bytes wait to be written before another message is taken.
  mix_leader(typename D::context& context, std::unique_ptr<byte_stream> s, wire_format format,
             const mix_traffic& traffic, std::size_t waiting)
      : traffic_(traffic),
        streams_(format == wire_format::native),
        waiting_(waiting),
        link_(context, std::move(s), mix_options(format, 1, 2), *this, now_ns()) {}

  // Takes message `i` of the traffic, or answers false: later. Throws failure when the connection has ended.
  bool offer(std::uint64_t i) {
    if (link_.bytes_waiting() > waiting_) return false;
    if (streams_ && traffic_.is_snapshot(i)) {
      ++snapshots_due_;
      return true;
    }
    done(link_.send_lent(traffic_[i]));
    return true;
  }
  // One turn. Answers whether anything moved. Throws failure when the connection has ended.
  bool turn() {
    if (snapshots_due_ != 0 && !snapshot_goes_) begin_snapshot();
    const bool moved = link_.pump(now_ns());
    if (!link_.is_open()) operation_failed(*link_.why());
    if (failed_) operation_failed(*failed_);
    return moved;
  }
  std::uint64_t snapshots() const { return snapshots_due_; }  // that have not ended
  bool is_done() const { return snapshots_due_ == 0 && link_.bytes_waiting() == 0; }
  std::uint64_t answered() const { return answered_; }  // heartbeats
  connection<D>& link() { return link_; }               // VALID UNTIL: this is destroyed

  void message(typename D::message&& m) override {
    if (m.view().head.type == message_type::heartbeat_response) ++answered_;
  }

 private:
  void begin_snapshot() {
    outgoing_snapshot s;
    s.message = traffic_.opening();
    s.total = mix_traffic::kSnapshotBytes;
    s.token = ++token_;
    s.source = [this](std::uint64_t offset, std::size_t most) -> result<bytes_view> {
      const bytes_view all = traffic_.snapshot();
      return all.subspan(offset, std::min<std::size_t>(most, all.size() - offset));
    };
    s.done = [this](const snapshot_end& end) {
      if (!end.how) failed_ = end.how.error();
      snapshot_goes_ = false;
      --snapshots_due_;
    };
    (void)done(link_.send_snapshot(std::move(s), now_ns()));
    snapshot_goes_ = true;
  }

  const mix_traffic& traffic_;
  const bool streams_;
  const std::size_t waiting_;
  bool snapshot_goes_ = false;
  std::uint64_t snapshots_due_ = 0, answered_ = 0, token_ = 0;
  std::optional<error> failed_;  // a snapshot was given up
  connection<D> link_;
};

}  // namespace copycost::raft
