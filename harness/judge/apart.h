// SPDX-License-Identifier: Apache-2.0
//
// Runs a piece of work in a child process and brings its text back, so that a crash or a hang there is an answer here.
// The child is a fork without exec. It sees everything that was made before. Only its text, what it wrote to memory
// mapped shared, and what it printed are seen here.
//
// Threads: REQUIRES: one thread in this process.
// Cost: a fork, some 100 us and more with a large heap.
#pragma once
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <string>
#include <system_error>

#include "harness/base/child.h"
#include "harness/base/now.h"
#include "harness/base/sanitizer.h"
#include "harness/core/fault.h"

namespace copycost {

// A sanitizer reports more when it sees the end of the process that the work ran in: then it runs in this one.
inline constexpr bool kApart = !kSanitized;

struct apart {
  std::string text;                // what the work answered; meaningless unless it finished
  std::string died;                // how the child ended instead: "signal 6 (Aborted)"; empty when the work finished
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
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw failure(exit_code::internal, "a pipe: " + std::generic_category().message(errno));
  apart out;
  try {
    child other = child::fork_apart([&] {
      ::close(ends[0]);
      for (const int crash : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTERM, SIGHUP}) std::signal(crash, SIG_DFL);
      std::signal(SIGINT, SIG_IGN);  // an interrupted program gives this answer first
      exit_code code = exit_code::ok;
      try {
        if (!detail::write_all(ends[1], work())) code = exit_code::internal;
      } catch (...) {
        code = fault_of_current_exception().code;
      }
      return static_cast<int>(code);
    });
    ::close(ends[1]);
    const bool ended = detail::read_until_end(ends[0], patience_s, out.text);
    ::close(ends[0]);
    if (!ended) other.kill(SIGKILL);
    const ending end = other.wait();
    if (ended && end.well()) return out;
    const fault how = ended ? fault_of_death(end)
                            : fault{exit_code::incorrect, "no answer within " + std::to_string(patience_s) + " s"};
    out.died = how.why;
    out.code = how.code;
  } catch (const std::system_error& e) {
    throw failure(exit_code::internal, e.what());
  }
  return out;
}

}  // namespace copycost
