// SPDX-License-Identifier: Apache-2.0
//
// Runs a piece of work in a child process and brings its text back: what crashes or hangs there is an answer here.
// The child is a fork without exec: it sees everything that was made before, and nothing that it does is seen here
// except its text, what it wrote to memory mapped shared, and what it printed.
// Threads: REQUIRES: one thread in this process. Cost: a fork, some 100 us and more with a large heap.
#pragma once
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>
#include <string>

#include "harness/core/fault.h"
#include "harness/core/now.h"

namespace copycost {

// A sanitizer reports more when it sees the end of the process that the work ran in: then it runs in this one.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kApart = false;
#elif defined(__has_feature)
inline constexpr bool kApart = !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer);
#else
inline constexpr bool kApart = true;
#endif

struct apart {
  std::string text;  // what the work answered; meaningless unless it finished
  std::string died;  // how the child ended instead: "signal 6 (Aborted)"; empty when the work finished
  exit_code code = exit_code::ok;  // whose doing that was (core/fault.h)
};

namespace detail {

inline bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// Reads until the other side closes. Answers false when that takes longer than `patience_s`.
inline bool read_until_end(int fd, int patience_s, std::string& text) {
  const std::int64_t deadline = now_ns() + patience_s * std::int64_t{1'000'000'000};
  for (char buffer[4096];;) {
    const std::int64_t left_ms = (deadline - now_ns()) / 1'000'000;
    pollfd waiting{fd, POLLIN, 0};
    if (left_ms <= 0) return false;
    if (::poll(&waiting, 1, static_cast<int>(left_ms)) <= 0) continue;
    const ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    text.append(buffer, static_cast<std::size_t>(n));
  }
}

}  // namespace detail

// Throws failure{internal} when no child can be started.
inline apart run_apart(const std::function<std::string()>& work, int patience_s) {
  int ends[2];
  const pid_t child = ::pipe(ends) == 0 ? ::fork() : -1;
  if (child < 0)
    throw failure(exit_code::internal, std::string("cannot start a child process: ") + std::strerror(errno));
  if (child == 0) {
    ::close(ends[0]);
    for (const int crash : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTERM}) std::signal(crash, SIG_DFL);
    std::signal(SIGINT, SIG_IGN);  // whoever interrupts the program gets this answer first
    const bool told = detail::write_all(ends[1], work());
    ::_exit(told ? 0 : 1);  // nothing of the parent's is to be destroyed or flushed twice
  }
  ::close(ends[1]);
  apart out;
  const bool ended = detail::read_until_end(ends[0], patience_s, out.text);
  ::close(ends[0]);
  if (!ended) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (ended && WIFEXITED(status) && WEXITSTATUS(status) == 0) return out;
  const fault how = ended ? fault_of_death(status)
                          : fault{exit_code::incorrect, "no answer within " + std::to_string(patience_s) + " s"};
  out.died = how.why, out.code = how.code;
  return out;
}

}  // namespace copycost
