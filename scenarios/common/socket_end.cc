// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/socket_end.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "harness/base/failure.h"
#include "scenarios/common/mapped.h"

namespace copycost {
namespace {

constexpr time_t kGiveUpSeconds = 30;

struct descriptor_numbers {
  std::int32_t side[2];
};

[[noreturn]] void fail(const char* what, int code) {
  if (code == EAGAIN || code == EWOULDBLOCK)
    throw failure(exit_code::incorrect, std::string(what) + ": nothing for 30 s");
  throw failure(exit_code::internal, std::string(what) + ": " + std::strerror(code));
}

void limit_waiting(int fd) {
  const timeval limit{kGiveUpSeconds, 0};
  if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0 ||
      setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0)
    fail("cannot limit the waiting time of a socket", errno);
}

}  // namespace

socket_end::socket_end(int segment_fd, unsigned side) {
  const mapped<descriptor_numbers> numbers(segment_fd);
  if (side == 0) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) fail("cannot make a socket pair", errno);
    own_ = pair[0];
    other_ = pair[1];
    numbers->side[0] = pair[0];
    numbers->side[1] = pair[1];
  } else {
    own_ = numbers->side[1];
    other_ = numbers->side[0];
    close_inherited();
  }
  limit_waiting(own_);
}

socket_end::~socket_end() {
  close_inherited();
  if (own_ >= 0) close(own_);
}

// Without this the death of the other process would not end the stream: its end would still be open here.
void socket_end::close_inherited() {
  if (other_ >= 0) close(other_);
  other_ = -1;
}

void socket_end::send(std::span<const std::byte> head, std::span<const std::byte> body) {
  close_inherited();
  iovec parts[2] = {{const_cast<std::byte*>(head.data()), head.size()},
                    {const_cast<std::byte*>(body.data()), body.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  while (parts[0].iov_len + parts[1].iov_len > 0) {
    const ssize_t sent = sendmsg(own_, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) fail("cannot send to the other process", errno);
    auto left = static_cast<std::size_t>(sent);
    for (iovec& part : parts) {
      const std::size_t n = std::min(left, part.iov_len);
      part.iov_base = static_cast<std::byte*>(part.iov_base) + n;
      part.iov_len -= n;
      left -= n;
    }
  }
}

void socket_end::receive(std::span<std::byte> into) {
  close_inherited();
  while (!into.empty()) {
    const ssize_t got = recv(own_, into.data(), into.size(), MSG_WAITALL);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot receive from the other process", errno);
    if (got == 0) throw failure(exit_code::incorrect, "cannot receive from the other process: it hung up");
    into = into.subspan(static_cast<std::size_t>(got));
  }
}

void socket_end::hang_up() { shutdown(own_, SHUT_RDWR); }

}  // namespace copycost
