// SPDX-License-Identifier: Apache-2.0
#include "harness/process/streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/base/failure.h"

namespace copycost {
namespace {

// 0, or the reason. A stream that was made non-blocking is waited for.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    if (n >= 0 || errno == EINTR) continue;
    pollfd writable{fd, POLLOUT, 0};
    if ((errno != EAGAIN && errno != EWOULDBLOCK) || (::poll(&writable, 1, -1) < 0 && errno != EINTR)) return errno;
  }
  return 0;
}

}  // namespace

short_text settle_streams() {
  constexpr const char* kNames[] = {"stdin", "stdout", "stderr"};
  short_text closed;
  for (int fd = 0; fd < 3; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    closed.add(closed.empty() ? "" : " ").add(kNames[fd]);
    // The lowest free descriptor is this one. Not closed on exec: children have all three, too.
    (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // NOLINT(android-cloexec-open)
  }
  return closed;
}

void say(std::string_view text) noexcept { (void)write_all(STDERR_FILENO, text); }

void write_out(std::string_view text) {
  if (const int error = write_all(STDOUT_FILENO, text); error != 0)
    throw failure(exit_code::internal, std::string("stdout: cannot write: ") + std::strerror(error));
}

}  // namespace copycost
