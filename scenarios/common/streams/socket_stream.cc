// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/streams/socket_stream.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string>

#include "harness/base/failure.h"
#include "scenarios/common/streams/poll_wait.h"

namespace copycost {

socket_stream::socket_stream(stream_kind kind, int fd, int inherited) : kind_(kind), fd_(fd), inherited_(inherited) {
  const int flags = fcntl(fd, F_GETFL);
  bool ok = flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
  if (kind == stream_kind::tcp || kind == stream_kind::tcp_delayed) {
    const int at_once = kind == stream_kind::tcp;
    ok = ok && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once) == 0;
  }
  if (ok) return;
  const int code = errno;
  throw failure(exit_code::internal, std::string("cannot prepare a socket: ") + std::strerror(code));
}

// A peer that is gone is the end of the stream, with the reason.
io_result socket_stream::failed(int code) {
  if (code == EAGAIN || code == EWOULDBLOCK) return {io_state::would_block, 0, 0};
  if (code == EPIPE || code == ECONNRESET) return {io_state::closed, 0, code};
  return {io_state::failed, 0, code};
}

io_result socket_stream::read(std::span<std::byte> into) {
  inherited_.reset();
  ++counters_.read_calls;
  if (fd_ < 0) return {io_state::closed, 0, 0};
  if (into.empty()) return {};
  for (;;) {
    ++counters_.system_calls;
    const ssize_t got = ::recv(fd_, into.data(), into.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(errno);
    if (got == 0) return {io_state::closed, 0, 0};
    const auto n = static_cast<std::size_t>(got);
    counters_.bytes_in += n;
    counters_.kernel_bytes += n;
    return {io_state::done, n, 0};
  }
}

io_result socket_stream::write(std::span<const iovec> parts) {
  inherited_.reset();
  ++counters_.write_calls;
  if (fd_ < 0) return {io_state::closed, 0, EPIPE};
  if (parts.empty()) return {};
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = std::min<std::size_t>(parts.size(), IOV_MAX);
  for (;;) {
    ++counters_.system_calls;
    // One part needs no list of parts, which the kernel would have to fetch: some 100 ns on a socket pair.
    const ssize_t sent = parts.size() == 1 ? ::send(fd_, parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL)
                                           : ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return failed(errno);
    const auto n = static_cast<std::size_t>(sent);
    counters_.bytes_out += n;
    counters_.kernel_bytes += n;
    return {io_state::done, n, 0};
  }
}

stream_ready socket_stream::wait(bool readable, bool writable, std::int64_t deadline_ns) {
  inherited_.reset();
  if (fd_ < 0) return {readable, writable};
  ++counters_.system_calls;
  return poll_one(fd_, readable, writable, deadline_ns);
}

void socket_stream::shutdown_write() {
  inherited_.reset();
  if (fd_ >= 0) ::shutdown(fd_, SHUT_WR);
}

void socket_stream::close() {
  inherited_.reset();
  if (fd_ >= 0) ::shutdown(fd_, SHUT_RDWR);  // even where another process has the socket, too
  fd_.reset();
}

}  // namespace copycost
