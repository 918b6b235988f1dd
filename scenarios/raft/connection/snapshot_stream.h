// SPDX-License-Identifier: Apache-2.0
//
// Snapshots as streams of pieces inside of a connection, so that no message waits behind one and none is kept whole.
//
//   sender                                             receiver
//   open   request|piece, stream n: total, hint, MsgSnap ------>  the handler says from which byte on it wants the rest
//          <------ acknowledgement: response|piece, offset        (0, or what it has from an earlier connection)
//   data   raft_message|piece at offset, ... ------>              each piece goes to the sink at once
//          <------ acknowledgement: offset                        what the sink has
//   data   ... |last_piece ------>      <------ acknowledgement |last_piece
//   abort  error|piece, why                            error|piece|answer, why: either side gives the stream up
//
//   id of all of them: u64 LE offset, u64 LE token (which snapshot it is, across connections)
//
// At most `window` bytes are sent and not acknowledged. Numbers of streams count up and are the sender's.
//
// Lifetime: tables of one connection's.
// Threads: one at a time; the clock is the caller's.
// Cost: some compares a piece.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "scenarios/raft/connection/options.h"

namespace copycost::raft {

struct piece_place {
  std::uint64_t offset = 0, token = 0;
};
request_id id_of(piece_place p);
piece_place place_of(const request_id& id);

// Bytes of the snapshot from `offset` on: at least one, at most `most`. VALID UNTIL: the source is called again.
using snapshot_source = std::function<result<bytes_view>(std::uint64_t offset, std::size_t most)>;
struct snapshot_end {
  result<void> how;                // errors: timed_out, closed, the receiver's, the source's
  std::uint64_t acknowledged = 0;  // what the receiver has for certain
};
struct outgoing_snapshot {
  message_view message;     // the MsgSnap without its data; needed only during the call
  std::uint64_t total = 0;  // bytes of the data
  std::uint64_t token = 0;  // names the snapshot across connections
  std::uint64_t have = 0;   // what was acknowledged on an earlier connection: a hint for the receiver
  snapshot_source source;
  std::function<void(const snapshot_end&)> done;
};
struct incoming_snapshot {
  std::uint32_t stream = 0;
  std::uint64_t total = 0, token = 0, have = 0;
  message_view message;  // VALID UNTIL: the handler returns
};

class snapshot_senders {
 public:
  // `ending` is called with a stream's number before its `done`, after which its bytes may be gone.
  snapshot_senders(const connection_options& o, std::function<void(std::uint32_t)> ending)
      : options_(o), ending_(std::move(ending)) {}

  // Errors: too_many_streams.
  result<std::uint32_t> open(outgoing_snapshot s, std::int64_t now_ns);
  struct outgoing_piece {
    frame_head head;
    bytes_view bytes;
  };
  // The next piece that the windows allow, the streams in turn. A source that fails gives its stream up: then `gave_up`
  // is its number. VALID UNTIL: the next call.
  std::optional<outgoing_piece> next(std::optional<std::uint32_t>& gave_up);
  // Errors: unknown_stream, stream_out_of_order (the stream is given up).
  result<void> acknowledged(std::uint32_t stream, piece_place p, bool last, std::int64_t now_ns);
  // Ends a stream; false where there is none. `done` is called.
  bool end(std::uint32_t stream, result<void> how);
  // Answers a stream that is overdue.
  std::optional<std::uint32_t> overdue(std::int64_t now_ns) const;
  std::int64_t next_deadline() const;
  std::size_t size() const { return streams_.size(); }
  void end_all(const error& why);

 private:
  struct stream {
    outgoing_snapshot what;
    std::uint64_t next = 0, acknowledged = 0, first = 0;
    std::int64_t began_ns = 0;
    bool opened = false;
  };
  std::int64_t deadline(const stream& s) const;
  const connection_options& options_;
  std::function<void(std::uint32_t)> ending_;
  std::map<std::uint32_t, stream> streams_;
  std::uint32_t latest_ = 0, turn_ = 0;
};

class snapshot_receivers {
 public:
  explicit snapshot_receivers(const connection_options& o) : options_(o) {}

  struct stream {
    std::uint64_t total = 0, token = 0, received = 0, first = 0;
    std::int64_t began_ns = 0;
    bool owes = false;  // an acknowledgement
  };
  // What an opening says. Errors: malformed_envelope; of the MsgSnap those of parse_message().
  static result<incoming_snapshot> parse(const frame_head& h, bytes_view payload, std::uint64_t at,
                                         const wire_limits& l, message_parts& parts, entry_vector& entries);
  // Whether one more may begin. Errors: too_many_streams, unknown_stream (the number was used before).
  result<void> admits(std::uint32_t number) const;
  void open(const incoming_snapshot& s, std::uint64_t begin, std::int64_t now_ns);
  void refuse(std::uint32_t number) { latest_ = std::max(latest_, number); }
  // Whether the piece is the next one. Errors: unknown_stream, stream_out_of_order, payload_too_large.
  result<void> takes(const frame_head& h, std::size_t size) const;
  bool was_known(std::uint32_t number) const { return number <= latest_; }
  stream* find(std::uint32_t number);  // VALID UNTIL: a stream is opened or ended
  bool end(std::uint32_t number) { return streams_.erase(number) != 0; }
  std::optional<std::uint32_t> overdue(std::int64_t now_ns) const;
  std::int64_t next_deadline() const;
  std::size_t size() const { return streams_.size(); }
  std::map<std::uint32_t, stream>& all() { return streams_; }  // VALID UNTIL: this is destroyed

 private:
  std::int64_t deadline(const stream& s) const;
  const connection_options& options_;
  std::map<std::uint32_t, stream> streams_;
  std::uint32_t latest_ = 0;
};

inline constexpr std::size_t kOpeningBytes = 16;  // in front of the MsgSnap
void encode_opening(const outgoing_snapshot& s, std::vector<std::byte>& out);

}  // namespace copycost::raft
