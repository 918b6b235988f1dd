// SPDX-License-Identifier: Apache-2.0
//
// One connection between two members of a raft group, over any stream of bytes, with any design's codec.
//
//   send() -> encoder -> lanes -> gather write -> stream -> space() / next() -> handler
//   pump(now): reads what is there, shows it to the handler; checks deadlines; writes what fits
//
// Only wait() blocks. A full lane drops and says so; bytes over limit.in_flight are refused with backpressure, and a
// peer that does not read costs no more than that. Heartbeats are answered; round trips, liveness, requests and
// snapshots have their own parts (liveness.h, request_table.h, snapshot_stream.h). etcd's formats have messages only;
// msgappv2 has a single lane, because its frames depend on the ones before.
//
// Lifetime: context, options' limits and handler outlive it; messages that were sent are kept until they are written; a
// design with batches must not end one while bytes_waiting() is not 0.
// Threads: one pumps.
// Cost: one system call to read and one to write for as many frames as fit; a steady connection allocates nothing of
// its own.
// Source: priorities, dropping and reports as in etcd 3.4's rafthttp (peer.go, stream.go), described in the README.
#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "scenarios/common/streams/listener.h"
#include "scenarios/raft/connection/handler.h"
#include "scenarios/raft/connection/liveness.h"
#include "scenarios/raft/connection/outbox.h"
#include "scenarios/raft/connection/request_table.h"

namespace copycost::raft {

// The answer to a request, or why there is none: timed_out, closed, malformed_envelope. Views live until it returns.
using rpc_completion = std::function<void(result<rpc_response>)>;

template <class D>
class connection {
 public:
  using handler = connection_handler<D>;
  using message = typename D::message;

  connection(typename D::context& context, std::unique_ptr<byte_stream> stream, const connection_options& o, handler& h,
             std::int64_t now_ns);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  // Puts a message into its lane; moved from on success only. Errors: closed; backpressure (the lane is full: dropped
  // and counted; or limit.in_flight: refused); the encoder's.
  result<void> send(message&& m);
  // The same, and its payload stays where it is until it is written. The caller keeps it.
  result<void> send_lent(const message_view& m);
  // Asks for an answer until `deadline_ns`. COPIES: payload. Errors: closed, backpressure, payload_too_large,
  // too_many_requests, duplicate_request; not_in_the_form (etcd's formats). Then `done` is not called.
  result<void> request(std::string_view service, std::string_view method, bytes_view payload, std::int64_t deadline_ns,
                       rpc_completion done);
  result<void> request(const request_id& id, const rpc_request& r, std::int64_t deadline_ns, rpc_completion done);
  // One heartbeat beside those of heartbeat_every_ns. COPIES: payload. Errors: closed, backpressure.
  result<void> heartbeat(std::int64_t now_ns, bytes_view payload = {});
  // Sends a snapshot in pieces (native only); answers the stream's number. `done` is called when the receiver has all
  // of it, or when there is no hope. Errors: closed, too_many_streams, not_in_the_form; then `done` is not called.
  result<std::uint32_t> send_snapshot(outgoing_snapshot s, std::int64_t now_ns);
  // Gives a snapshot up, in either direction of it. False where there is none.
  bool abort_snapshot(std::uint32_t stream);

  // One turn. Answers whether anything moved.
  bool pump(std::int64_t now_ns);
  // Waits until a turn can move something or something is due, at most until `deadline_ns`.
  void wait(std::int64_t deadline_ns) {
    if (is_open()) stream_->wait(true, wants_to_write(), std::min(deadline_ns, next_deadline()));
  }
  bool wants_to_write() const { return !out_.empty(); }
  std::int64_t next_deadline() const;
  // Hangs up; what waits is lost and counted.
  void close() { fail({errc::closed, 0, 0, 0}); }

  bool is_open() const { return !why_; }
  const std::optional<error>& why() const { return why_; }  // VALID UNTIL: this is destroyed
  bool is_reachable() const { return is_open() && heart_.is_alive() && !lanes_overflow_; }
  const connection_stats& stats() const { return stats_; }  // VALID UNTIL: as above
  const liveness& heart() const { return heart_; }          // VALID UNTIL: as above
  byte_stream& stream() { return *stream_; }                // VALID UNTIL: as above; counters
  std::size_t bytes_waiting() const { return out_.bytes(); }
  std::size_t requests_waiting() const { return requests_.size(); }
  // Memory taken for what arrives and for what waits.
  std::uint64_t reserved_bytes() const { return inbox_.reserved_bytes() + out_.bytes(); }

 private:
  using item = outgoing<D>;
  using item_pointer = std::unique_ptr<item>;

  // connection_send.h
  lane lane_for(message_type t) const {
    return options_.format == wire_format::etcd_append ? lane::append : lane_of(t);
  }
  result<void> admits(lane l, std::size_t bytes);
  void drop(lane l);
  std::size_t head_of(const typename D::frame& frame) const;
  result<void> queue_message(const message_view& m, message* owner);
  result<void> queue_frame(lane l, frame_head h, item_pointer one);
  void queue_control(frame_head h, bytes_view payload);
  void respond(const request_id& id, const rpc_response& r);
  void tell_unreachable(const error& why);
  void give_up_piece(std::uint32_t stream, errc why, bool answer);
  bool write(std::int64_t now_ns);
  void refill();
  void finished(const item& i);

  // connection_receive.h
  bool read(std::int64_t now_ns);
  void drain(std::int64_t now_ns);
  void ended(int code);
  void take(const arrived& a, std::int64_t now_ns);
  void take_message(const arrived& a);
  void take_heartbeat(const arrived& a, std::int64_t now_ns);
  void take_request(const arrived& a);
  void take_response(const arrived& a, std::int64_t now_ns);
  void take_piece(const arrived& a, std::int64_t now_ns);
  void take_opening(const arrived& a, std::int64_t now_ns);
  void take_data(const arrived& a);
  void take_large(const arrived& a);
  void acknowledge();
  void watch_unit(std::int64_t now_ns);
  void check_deadlines(std::int64_t now_ns);
  std::int64_t frame_deadline() const;
  std::int64_t write_deadline() const;
  void fail(const error& why);

  const connection_options options_;
  handler& handler_;
  std::unique_ptr<byte_stream> stream_;
  typename D::encoder encoder_;
  typename D::inbox inbox_;
  outbox<D> out_;
  liveness heart_;
  request_table<rpc_completion> requests_;
  snapshot_senders senders_;
  snapshot_receivers receivers_;
  connection_stats stats_;
  message received_;       // reused
  message_parts opening_;  // reused
  entry_vector opening_entries_;
  std::vector<iovec> parts_;  // reused
  std::uint64_t next_request_ = 1;
  std::uint64_t large_at_ = 0;  // of the large frame that arrives in pieces
  bool large_ = false;
  std::optional<std::int64_t> unit_began_ns_, front_began_ns_;
  std::uint64_t unit_at_ = 0;
  int write_code_ = 0;  // the stream takes no more, why
  bool write_ended_ = false, lanes_overflow_ = false, was_alive_ = true;
  std::optional<error> why_;
};

// Connects to a listener within the time. Errors: timed_out (connect), io_failed.
result<std::unique_ptr<byte_stream>> connect_peer(const stream_address& to, std::int64_t deadline_ns,
                                                  const stream_options& options = {});

}  // namespace copycost::raft

#include "scenarios/raft/connection/receive.h"  // IWYU pragma: export
#include "scenarios/raft/connection/send.h"     // IWYU pragma: export
