// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/input/git_process.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "harness/base/child.h"
#include "harness/base/environment.h"
#include "harness/base/failure.h"
#include "harness/base/fd.h"

namespace copycost::event_store {
namespace {

[[noreturn]] void no_process(const char* what) {
  throw failure(exit_code::internal, std::string("git: cannot ") + what);
}

// What git gets besides the list's variables: nothing asks, nothing is written, nothing is translated; and where the
// user's settings would change what is printed, there are none.
std::vector<std::string> variables(const git_ways& how) {
  std::vector<std::string> all = {"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_PAGER=cat"};
  if (how.reads_only)
    all.insert(all.end(), {"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_NO_REPLACE_OBJECTS=1",
                           "GIT_GRAFT_FILE=/dev/null"});
  if (!how.plain)
    all.insert(all.end(), {"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_ATTR_NOSYSTEM=1"});
  return all;
}

struct pipe_ends {
  owned_fd read, write;
  pipe_ends() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) no_process("make a pipe");
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
};

// Takes what there is; false at the end.
bool take(int from, std::string& to) {
  char bytes[1 << 16];
  const ssize_t n = ::read(from, bytes, sizeof bytes);
  if (n > 0) to.append(bytes, static_cast<std::size_t>(n));
  return n > 0 || (n < 0 && errno == EINTR);
}

void take_both(const pipe_ends& out, const pipe_ends& err, std::uint64_t most, git_output& to) {
  pollfd ends[2] = {{out.read, POLLIN, 0}, {err.read, POLLIN, 0}};
  while ((ends[0].fd >= 0 || ends[1].fd >= 0) && to.out.size() <= most) {
    if (::poll(ends, 2, -1) < 0 && errno != EINTR) no_process("wait for its output");
    for (pollfd& end : ends)
      if (end.fd >= 0 && end.revents != 0 && !take(end.fd, &end == &ends[0] ? to.out : to.err)) end.fd = -1;
  }
}

}  // namespace

git_output run_git(const std::vector<std::string>& arguments, const git_ways& how) {
  const std::string program = find_program("git");
  git_output got;
  if (program.empty()) {
    got.status = 127;
    return got;
  }
  pipe_ends out, err;
  try {
    std::vector<std::string> words = {"--no-pager"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    child git =
        child::start(program, {.arguments = words, .variables = variables(how), .out = out.write, .err = err.write});
    out.write.reset();
    err.write.reset();
    take_both(out, err, how.most, got);
    out.read.reset();
    err.read.reset();  // a git that says more than the most ends with this
    const ending end = git.wait();
    if (end.how == ending::kind::unknown) no_process("learn how it ended");
    got.status = end.how == ending::kind::exited ? end.number : 128 + end.number;
  } catch (const std::system_error& e) {
    no_process(("start a process: " + e.code().message()).c_str());
  }
  return got;
}

}  // namespace copycost::event_store
