// SPDX-License-Identifier: Apache-2.0
//
// Children of a test, made by fork(): how they ended, and killing them. A child must leave through its function's
// result; it runs no destructors of the test and reports nothing to Catch.
#pragma once
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <string>

namespace copycost::test {

template <class F>
[[noreturn]] void child_main(F body) {
  int code = 99;
  try {
    code = body();
  } catch (const std::exception&) {
    code = 98;
  }
  _exit(code);
}

// `body` returns the exit code; an exception is 98.
template <class F>
pid_t start_child(F body) {
  const pid_t pid = fork();
  if (pid == 0) child_main(body);
  return pid;
}

// The exit code, or 1000 + the signal.
inline int end_of(pid_t pid) {
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}
template <class F>
int run_child(F body) {
  return end_of(start_child(body));
}
inline int kill_child(pid_t pid) {
  kill(pid, SIGKILL);
  return end_of(pid);
}

// How a child ended, and what it wrote to standard error until then.
struct last_words {
  int end = 0;  // as end_of()
  std::string said;
};
// `act` may abort: no handler of the test framework reports that as a failure of the test.
template <class Act>
last_words words_of_child(Act act) {
  int ends[2];
  if (pipe(ends) != 0) return {-1, "no pipe"};
  const pid_t pid = start_child([&] {
    std::signal(SIGABRT, SIG_DFL);
    dup2(ends[1], STDERR_FILENO);
    act();
    return 0;
  });
  close(ends[1]);
  last_words out;
  char some[256];
  for (ssize_t n; (n = read(ends[0], some, sizeof some)) > 0;) out.said.append(some, static_cast<std::size_t>(n));
  close(ends[0]);
  out.end = end_of(pid);
  return out;
}

// A number from the environment, for longer runs by hand.
inline unsigned count_from(const char* variable, unsigned otherwise) {
  const char* text = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): tests start in one thread
  return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

}  // namespace copycost::test
