// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/streams/pairs.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "harness/base/failure.h"
#include "harness/base/fd.h"
#include "harness/base/now.h"
#include "scenarios/common/mapped.h"
#include "scenarios/common/streams/listener.h"
#include "scenarios/common/streams/ring_stream.h"
#include "scenarios/common/streams/socket_stream.h"

namespace copycost {
namespace {

constexpr std::int64_t kConnectNs = 10'000'000'000;

struct fd_numbers {
  std::int32_t side[2];
};

[[noreturn]] void fail(const std::string& what, int code) {
  throw failure(exit_code::internal, what + ": " + std::strerror(code));
}

std::pair<int, int> connected_pair(stream_kind kind, const stream_options& options) {
  if (kind == stream_kind::socketpair) {
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) fail("cannot make a socket pair", errno);
    set_socket_bytes(pair[0], options.socket_bytes);
    set_socket_bytes(pair[1], options.socket_bytes);
    return {pair[0], pair[1]};
  }
  stream_listener listener(kind, options);
  const std::int64_t deadline = now_ns() + kConnectNs;
  const socket_opened mine = connect_socket(listener.address(), options, deadline);
  if (mine.fd < 0) fail("cannot connect to " + listener.address().text, mine.code);
  const socket_opened other = listener.accept_socket(deadline);
  if (other.fd < 0) {
    ::close(mine.fd);
    fail("cannot accept at " + listener.address().text, other.code);
  }
  return {mine.fd, other.fd};
}

void keep_over_exec(int fd, bool keep) { ::fcntl(fd, F_SETFD, keep ? 0 : FD_CLOEXEC); }

}  // namespace

stream_pair make_stream_pair(stream_kind kind, const stream_options& options) {
  if (is_socket(kind)) {
    const auto [a, b] = connected_pair(kind, options);
    keep_over_exec(a, false);
    keep_over_exec(b, false);
    auto first = std::make_unique<socket_stream>(kind, a);
    return {std::move(first), std::make_unique<socket_stream>(kind, b)};
  }
  if (kind == stream_kind::pipe) {
    auto storage = std::make_shared<ring_storage>(options.ring_bytes);
    return {std::make_unique<ring_stream>(kind, storage, 0u), std::make_unique<ring_stream>(kind, storage, 1u)};
  }
  const owned_fd fd(::memfd_create("copycost-stream", MFD_CLOEXEC));
  if (!fd.valid()) fail("cannot make a stream's segment", errno);
  if (::ftruncate(fd, static_cast<off_t>(ring_segment_bytes(options.ring_bytes))) != 0)
    fail("cannot make a stream's segment", errno);
  auto first = open_side(kind, fd, 0, options);
  return {std::move(first), open_side(kind, fd, 1, options)};
}

std::size_t stream_segment_bytes(stream_kind kind, const stream_options& options) {
  return kind == stream_kind::ring ? ring_segment_bytes(options.ring_bytes) : byte_rings::kBytes;
}

std::unique_ptr<byte_stream> open_side(stream_kind kind, int segment_fd, unsigned side, const stream_options& options) {
  if (!joins_processes(kind)) throw failure(exit_code::internal, "a pipe does not join processes");
  if (kind == stream_kind::ring)
    return std::make_unique<ring_stream>(kind, std::make_shared<ring_storage>(segment_fd, side, options.ring_bytes),
                                         side);
  const mapped<fd_numbers> numbers(segment_fd);
  if (side != 0) return std::make_unique<socket_stream>(kind, numbers->side[1], numbers->side[0]);
  const auto [mine, other] = connected_pair(kind, options);
  keep_over_exec(mine, true);
  keep_over_exec(other, true);
  numbers->side[0] = mine;
  numbers->side[1] = other;
  return std::make_unique<socket_stream>(kind, mine, other);
}

void leave_stream(stream_kind kind, int segment_fd) {
  if (!is_socket(kind)) return;
  const mapped<fd_numbers> numbers(segment_fd);
  ::close(numbers->side[0]);
  ::close(numbers->side[1]);
}

}  // namespace copycost
