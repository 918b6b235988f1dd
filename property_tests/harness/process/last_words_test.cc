// SPDX-License-Identifier: Apache-2.0
// Goal: a process that a signal ends says what it was at, and ends by that signal. Method: children that crash.
#include "harness/process/last_words.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "property_tests/catch.h"

namespace copycost {
namespace {

struct ended {
  int by = 0;
  std::string said;
};

template <class Work>
ended child(const Work& work) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], STDERR_FILENO);
    tell_last_words();
    work();
    _exit(0);
  }
  close(ends[1]);
  ended out;
  char some[256];
  for (ssize_t n; (n = read(ends[0], some, sizeof some)) > 0;) out.said.append(some, static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  out.by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return out;
}

TEST_CASE("last words: the innermost work is named, and the signal ends the process") {
  for (const int signal_number : {SIGSEGV, SIGABRT, SIGFPE}) {
    const ended e = child([&] {
      const at_work outer("all");
      { const at_work done("the first"); }
      const at_work now("the audit of a/b/c");
      raise(signal_number);
    });
    CHECK(e.by == signal_number);
    CHECK(e.said == "copycost: the audit of a/b/c: the process ended by signal " + std::to_string(signal_number) +
                        " (" + sigabbrev_np(signal_number) + ")\n");
  }
}

TEST_CASE("last words: who was at nothing says nothing") {
  const ended e = child([] {
    { const at_work done("something"); }
    raise(SIGSEGV);
  });
  CHECK((e.by == SIGSEGV && e.said.empty()));
}

}  // namespace
}  // namespace copycost
