// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include "harness/base/fd.h"
#include "harness/limits/gather_break_even.h"
#include "harness/limits/mapping.h"
#include "harness/limits/placement.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {
namespace {

// Sends one byte or throws. A signal may interrupt the call, a closed peer must not raise SIGPIPE.
void send_byte(int socket, const char* limit) {
  const char byte = 'x';
  while (::send(socket, &byte, 1, MSG_NOSIGNAL) != 1) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), limit);
  }
}

// False when the peer has closed.
bool receive_byte(int socket, const char* limit) {
  char byte = 0;
  for (;;) {
    const ssize_t got = ::recv(socket, &byte, 1, 0);
    if (got >= 0) return got == 1;
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), limit);
  }
}

// Echoes until the peer closes. An error here closes nothing: the measuring thread sees it at its own end.
void echo(int socket) {
  try {
    while (receive_byte(socket, "")) send_byte(socket, "");
  } catch (const std::system_error&) {
    (void)::shutdown(socket, SHUT_RDWR);
  }
}

struct pipe_ends {
  owned_fd read_end, write_end;
};

pipe_ends open_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    throw std::system_error(errno, std::generic_category(), "limit pipe_copy: pipe2");
  }
  return {owned_fd(ends[0]), owned_fd(ends[1])};
}

// Sends `size` bytes through a pipe, as much at a time as it holds.
void pass_through(const pipe_ends& pipe, const copy_buffers& buffers, std::uint64_t size) {
  for (std::uint64_t passed = 0; passed < size;) {
    const ssize_t in = ::write(pipe.write_end, buffers.source() + passed, size - passed);
    if (in <= 0) throw std::system_error(errno, std::generic_category(), "limit pipe_copy: write");
    for (const std::uint64_t goal = passed + static_cast<std::uint64_t>(in); passed < goal;) {
      const ssize_t out = ::read(pipe.read_end, buffers.target() + passed, goal - passed);
      if (out <= 0) throw std::system_error(errno, std::generic_category(), "limit pipe_copy: read");
      passed += static_cast<std::uint64_t>(out);
    }
  }
}

}  // namespace

sample system_call(std::uint64_t, std::chrono::nanoseconds budget) {
  const auto call = [] { escape(::syscall(SYS_getppid)); };
  return repeat({budget}, [&](std::uint64_t ops) { return time_operations(ops, call); });
}

sample socketpair_round_trip(std::uint64_t, std::chrono::nanoseconds budget) {
  constexpr const char* kLimit = "limit socketpair_round_trip";
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::system_error(errno, std::generic_category(), kLimit);
  }
  const owned_fd near(ends[0]), far(ends[1]);
  const std::optional<processor_pair> place = two_processors();
  std::optional<pinned> here;
  if (place) here.emplace(place->first);
  const partner other(
      place ? std::optional(place->second) : std::nullopt, [&] { echo(far); },
      [&] { (void)::shutdown(near, SHUT_RDWR); });
  const auto trip = [&] {
    send_byte(near, kLimit);
    if (!receive_byte(near, kLimit)) throw std::system_error(EPIPE, std::generic_category(), kLimit);
  };
  trip();  // the partner has started
  return repeat({budget}, [&](std::uint64_t ops) { return time_operations(ops, trip); });
}

sample pipe_copy(std::uint64_t size, std::chrono::nanoseconds budget) {
  const pipe_ends pipe = open_pipe();
  // The kernel copies with the same instructions as memcpy, and has the same bad addresses.
  const copy_buffers buffers(size, kBenignDistance);
  return repeat({budget, size},
                [&](std::uint64_t ops) { return time_operations(ops, [&] { pass_through(pipe, buffers, size); }); });
}

sample gather_break_even(std::uint64_t, std::chrono::nanoseconds) {
  const break_even& found = ::copycost::gather_break_even();
  return {found.ns, found.ns, static_cast<double>(found.bytes) / found.ns * 1e9, found.bytes};
}

}  // namespace copycost::limits::detail
