// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/git_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "harness/core/failure.h"

namespace copycost::event_store {
namespace {

[[noreturn]] void no_process(const char* what) { throw failure(exit_code::internal, std::string("git: cannot ") + what); }

// The environment without what points git at another repository or changes what it prints.
std::vector<std::string> environment(const git_ways& how) {
  std::vector<std::string> all;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view entry = *one;
    const bool kept = entry.starts_with("GIT_CONFIG_SYSTEM=") || entry.starts_with("GIT_CONFIG_GLOBAL=") ||
                      entry.starts_with("GIT_CONFIG_NOSYSTEM=");
    const bool ours = entry.starts_with("LC_") || entry.starts_with("LANG") || entry.starts_with("PAGER=");
    if (!ours && (!entry.starts_with("GIT_") || (how.plain && kept))) all.emplace_back(entry);
  }
  for (const char* one : {"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_PAGER=cat"}) all.emplace_back(one);
  if (how.reads_only)
    for (const char* one : {"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_NO_REPLACE_OBJECTS=1", "GIT_GRAFT_FILE=/dev/null"})
      all.emplace_back(one);
  if (!how.plain)
    for (const char* one : {"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_ATTR_NOSYSTEM=1"})
      all.emplace_back(one);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& all) {
  std::vector<char*> out;
  for (std::string& one : all) out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

struct pipe_ends {
  int read = -1, write = -1;
  pipe_ends() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) no_process("make a pipe");
    read = ends[0], write = ends[1];
  }
  ~pipe_ends() { close_write(), close_read(); }
  void close_read() {
    if (read >= 0) ::close(read);
    read = -1;
  }
  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;
  void close_write() {
    if (write >= 0) ::close(write);
    write = -1;
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
  std::vector<std::string> words = {"git", "--no-pager"}, settings = environment(how);
  words.insert(words.end(), arguments.begin(), arguments.end());
  pipe_ends out, err;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write, STDERR_FILENO);
  pid_t child = 0;
  const int made = posix_spawnp(&child, "git", &actions, nullptr, pointers(words).data(), pointers(settings).data());
  posix_spawn_file_actions_destroy(&actions);
  git_output got;
  if (made == ENOENT || made == EACCES) return got.status = 127, got;
  if (made != 0) no_process("start a process");
  out.close_write(), err.close_write();
  take_both(out, err, how.most, got);
  out.close_read(), err.close_read();  // a git that says more than the most ends with this
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) no_process("wait for its end");
  got.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return got;
}

}  // namespace copycost::event_store
