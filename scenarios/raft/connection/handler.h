// SPDX-License-Identifier: Apache-2.0
//
// What a connection reports to its member. Every call comes from within pump() or close(), in the order of arrival; a
// handler may send from within.
//
// Lifetime: outlives the connection.
// Threads: one at a time.
// Cost: a virtual call each.
#pragma once
#include <string>
#include <vector>

#include "scenarios/raft/connection/snapshot_stream.h"
#include "scenarios/raft/wire/rpc.h"

namespace copycost::raft {

struct rpc_reply {
  bool success = true, has_payload = false;
  std::vector<std::byte> payload;
  std::string error_text;
};

template <class D>
class connection_handler {
 public:
  virtual ~connection_handler() = default;

  // A raft message; moved from, or left: then its memory serves the next one.
  virtual void message(typename D::message&& /*m*/) {}
  // A request; the views live until it returns. unknown_method and other errors become a failure response.
  virtual result<void> request(const rpc_request& /*r*/, rpc_reply& /*reply*/) {
    return error{errc::unknown_method, 0, 0, 0};
  }
  // Some of a frame whose payload is over stream_above. VALID UNTIL: it returns.
  virtual result<void> large_piece(const arrived& /*piece*/) { return error{errc::not_in_the_form, 0, 0, 0}; }
  // A snapshot comes: from which byte on it is wanted (what is there already from an earlier connection, or 0); at most
  // `total`. An error refuses it.
  virtual result<std::uint64_t> snapshot_begins(const incoming_snapshot& /*s*/) {
    return error{errc::unknown_method, 0, 0, 0};
  }
  // VALID UNTIL: it returns. An error gives the snapshot up.
  virtual result<void> snapshot_piece(std::uint32_t /*stream*/, std::uint64_t /*offset*/, bytes_view /*piece*/) {
    return {};
  }
  virtual void snapshot_ended(std::uint32_t /*stream*/, result<void> /*how*/) {}

  // Why: backpressure (a lane is full, and something was dropped) or timed_out (heartbeats). Once until it is over.
  virtual void unreachable(const error& /*why*/) {}
  virtual void reachable() {}
  virtual void peer_error(bytes_view /*payload*/) {}
  // The connection is over: clean_eof, closed (got: errno), truncated, timed_out (got: operation), or what the peer did
  // wrong.
  virtual void closed(const error& /*why*/) {}
};

}  // namespace copycost::raft
