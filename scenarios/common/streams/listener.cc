// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/streams/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "harness/base/check.h"
#include "harness/base/failure.h"
#include "harness/base/fd.h"
#include "harness/base/now.h"
#include "scenarios/common/streams/poll_wait.h"
#include "scenarios/common/streams/socket_stream.h"

namespace copycost {
namespace {

struct socket_name {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

socket_name name_in(const stream_address& a) {
  socket_name n;
  if (a.kind == stream_kind::unix_socket) {
    sockaddr_un u{};
    u.sun_family = AF_UNIX;
    COPYCOST_REQUIRE(a.text.size() + 1 <= sizeof u.sun_path);
    std::memcpy(u.sun_path + 1, a.text.data(), a.text.size());  // a zero in front: the abstract namespace
    n.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + a.text.size());
    std::memcpy(&n.storage, &u, sizeof u);
  } else {
    sockaddr_in i{};
    i.sin_family = AF_INET;
    i.sin_port = htons(a.port);
    i.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    n.size = sizeof i;
    std::memcpy(&n.storage, &i, sizeof i);
  }
  return n;
}

int new_socket(const stream_address& a) {
  const int family = a.kind == stream_kind::unix_socket ? AF_UNIX : AF_INET;
  return ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

std::string fresh_name() {
  static std::atomic<unsigned> count{0};
  return "copycost-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

// A Unix socket's connect does not go on by itself when the queue is full: it is tried again.
int connect_until(int fd, socket_name& to, std::int64_t deadline_ns) {
  constexpr timespec kNap{0, 200'000};
  while (::connect(fd, to.get(), to.size) != 0) {
    if (errno == EISCONN) return 0;
    if (errno == EINTR) continue;
    if (errno == EAGAIN) {
      if (now_ns() >= deadline_ns) return ETIMEDOUT;
      ::nanosleep(&kNap, nullptr);
      continue;
    }
    if (errno != EINPROGRESS && errno != EALREADY) return errno;
    if (!poll_one(fd, false, true, deadline_ns).writable) {
      if (now_ns() >= deadline_ns) return ETIMEDOUT;
      continue;
    }
    int code = 0;
    socklen_t size = sizeof code;
    if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) != 0) return errno;
    return code;
  }
  return 0;
}

stream_opened as_stream(stream_kind kind, const socket_opened& s) {
  if (s.fd < 0) return {nullptr, s.code};
  return {std::make_unique<socket_stream>(kind, s.fd), 0};
}

}  // namespace

void set_socket_bytes(int fd, int bytes) {
  if (bytes == 0) return;
  ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

stream_listener::stream_listener(stream_kind kind, const stream_options& options, int waiting) : options_(options) {
  COPYCOST_REQUIRE(kind == stream_kind::unix_socket || kind == stream_kind::tcp || kind == stream_kind::tcp_delayed);
  address_.kind = kind;
  if (kind == stream_kind::unix_socket) address_.text = fresh_name();
  fd_.reset(new_socket(address_));
  socket_name name = name_in(address_);
  set_socket_bytes(fd_, options.socket_bytes);  // accepted sockets have them from here, TCP's window too
  if (fd_ < 0 || ::bind(fd_, name.get(), name.size) != 0 || ::listen(fd_, waiting) != 0 ||
      ::getsockname(fd_, name.get(), &name.size) != 0) {
    const int code = errno;
    throw failure(exit_code::internal, std::string("cannot listen: ") + std::strerror(code));
  }
  if (kind == stream_kind::unix_socket) return;
  sockaddr_in i{};
  std::memcpy(&i, &name.storage, sizeof i);
  address_.port = ntohs(i.sin_port);
  address_.text = "127.0.0.1:" + std::to_string(address_.port);
}

socket_opened stream_listener::accept_socket(std::int64_t deadline_ns) {
  for (;;) {
    const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      if (address_.kind == stream_kind::unix_socket) set_socket_bytes(fd, options_.socket_bytes);
      return {fd, 0};
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return {-1, errno};
    if (!poll_one(fd_, true, false, deadline_ns).readable && now_ns() >= deadline_ns) return {-1, ETIMEDOUT};
  }
}

stream_opened stream_listener::accept(std::int64_t deadline_ns) {
  return as_stream(address_.kind, accept_socket(deadline_ns));
}

socket_opened connect_socket(const stream_address& to, const stream_options& options, std::int64_t deadline_ns) {
  owned_fd fd(new_socket(to));
  if (!fd.valid()) return {-1, errno};
  set_socket_bytes(fd, options.socket_bytes);
  socket_name name = name_in(to);
  const int code = connect_until(fd, name, deadline_ns);
  return code == 0 ? socket_opened{fd.release(), 0} : socket_opened{-1, code};
}

stream_opened connect_stream(const stream_address& to, std::int64_t deadline_ns, const stream_options& options) {
  return as_stream(to.kind, connect_socket(to, options, deadline_ns));
}

}  // namespace copycost
