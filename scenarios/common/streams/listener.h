// SPDX-License-Identifier: Apache-2.0
//
// Connecting: a Unix socket (in the abstract namespace, so no file is left behind) or TCP on loopback, with deadlines.
//
// Lifetime: a listener owns its descriptor, and nothing connects to it any more when it is gone.
// Threads: one at a time; a client may live anywhere.
// Cost: some system calls a connection.
#pragma once
#include <sys/socket.h>

#include <memory>
#include <string>

#include "harness/base/fd.h"
#include "scenarios/common/streams/byte_stream.h"
#include "scenarios/common/streams/options.h"

namespace copycost {

// Where a listener listens. Value; may be handed to another process.
struct stream_address {
  stream_kind kind = stream_kind::tcp;  // unix_socket, tcp or tcp_delayed
  std::uint16_t port = 0;               // tcp
  std::string text;                     // the unix name, or "127.0.0.1:port"
};

// A descriptor, or -1 and errno (ETIMEDOUT: the deadline passed).
struct socket_opened {
  int fd = -1;
  int code = 0;
};
// A stream, or null and errno.
struct stream_opened {
  std::unique_ptr<byte_stream> stream;
  int code = 0;
};

class stream_listener {
 public:
  // REQUIRES: the kind is unix_socket, tcp or tcp_delayed. `waiting` connections are held until they are accepted.
  // Throws failure{internal}.
  explicit stream_listener(stream_kind kind, const stream_options& options = {}, int waiting = 128);
  stream_listener(const stream_listener&) = delete;
  stream_listener& operator=(const stream_listener&) = delete;

  const stream_address& address() const { return address_; }  // VALID UNTIL: this is destroyed
  // The next connection, at most until the deadline of now_ns().
  stream_opened accept(std::int64_t deadline_ns);
  socket_opened accept_socket(std::int64_t deadline_ns);
  int descriptor() const { return fd_; }  // for poll(). VALID UNTIL: this is destroyed

 private:
  stream_address address_;
  stream_options options_;
  owned_fd fd_;
};

// Errors: ECONNREFUSED and its like at once; ETIMEDOUT when the peer does not take the connection in time.
stream_opened connect_stream(const stream_address& to, std::int64_t deadline_ns, const stream_options& options = {});
socket_opened connect_socket(const stream_address& to, const stream_options& options, std::int64_t deadline_ns);

// SO_SNDBUF and SO_RCVBUF; nothing for 0.
void set_socket_bytes(int fd, int bytes);

}  // namespace copycost
