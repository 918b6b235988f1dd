// SPDX-License-Identifier: Apache-2.0
#include "harness/base/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "harness/base/environment.h"

namespace copycost {
namespace {

[[noreturn]] void refuse(const std::string& what, int error) {
  throw std::system_error(error, std::generic_category(), what + ": cannot start");
}

std::vector<char*> pointers(std::vector<std::string>& all) {
  std::vector<char*> out;
  out.reserve(all.size() + 1);
  for (std::string& one : all) out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

// Where SIGCHLD is ignored the kernel forgets how children ended, whichever program ignored it.
void keep_endings() {
  struct sigaction now {};
  if (::sigaction(SIGCHLD, nullptr, &now) != 0) return;
  if (now.sa_handler != SIG_IGN && (now.sa_flags & SA_NOCLDWAIT) == 0) return;
  now = {};
  now.sa_handler = SIG_DFL;
  ::sigaction(SIGCHLD, &now, nullptr);
}

// The parent may be gone before the kernel knows the wish: then it would not act on it.
void die_with(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
}

// Descriptors from 3 on are closed when the program changes.
void keep_no_others() {
#ifdef SYS_close_range
  constexpr unsigned kCloseOnExec = 1u << 2;
  if (::syscall(SYS_close_range, 3u, ~0u, kCloseOnExec) == 0) return;
#endif
  constexpr int kUsual = 1024;  // where the kernel is older than 5.11
  for (int fd = 3; fd < kUsual; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

// Everything that the new program needs, made before the fork: behind it nothing may allocate.
struct recipe {
  const char* program;
  char* const* argv;
  char* const* envp;
  const char* directory;  // or null
  int streams[3];
  bool family;
  const int* keep;
  std::size_t keep_count;
  pid_t parent;
};

// Runs in the memory of the parent, which stands still: changes nothing but descriptors, signals and the directory,
// which are this process's own. Answers only with the reason why it is no other program yet.
int become(const recipe& r) {
  die_with(r.parent);
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  for (int signal = 1; signal <= SIGRTMAX; ++signal) ::sigaction(signal, &usual, nullptr);
  if (r.directory != nullptr && ::chdir(r.directory) != 0) return errno;
  int streams[3];
  for (int fd = 0; fd < 3; ++fd) {  // first out of each other's way
    streams[fd] = r.streams[fd] < 0 ? -1 : ::fcntl(r.streams[fd], F_DUPFD_CLOEXEC, 3);
    if (r.streams[fd] >= 0 && streams[fd] < 0) return errno;
  }
  if (streams[0] < 0 && (streams[0] = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0) return errno;
  for (int fd = 0; fd < 3; ++fd)
    if (streams[fd] >= 0 && ::dup2(streams[fd], fd) < 0) return errno;
  if (!r.family) keep_no_others();
  for (std::size_t i = 0; i < r.keep_count; ++i)
    if (::fcntl(r.keep[i], F_SETFD, 0) != 0) return errno;
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(r.program, r.argv, r.envp);
  return errno;
}

}  // namespace

std::string ending::text() const {
  if (how == kind::exited) return "exit code " + std::to_string(number);
  if (how == kind::signalled) return "signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
  return "nobody knows how: its end was taken by somebody else";
}

child child::start(const std::string& program, const start_options& options) {
  keep_endings();
  std::vector<std::string> words = {program}, variables = environment_for_child(options.variables);
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  const std::vector<char*> argv = pointers(words), envp = pointers(variables);
  const recipe r{program.c_str(),
                 argv.data(),
                 envp.data(),
                 options.directory.empty() ? nullptr : options.directory.c_str(),
                 {options.in, options.out, options.err},
                 options.family,
                 options.keep.data(),
                 options.keep.size(),
                 ::getpid()};
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // no handler of ours runs in a process that shares our memory
  volatile int error = 0;
  const pid_t id = ::vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork): no copy of what is to be measured
  if (id == 0) {
    error = become(r);
    ::_exit(127);
  }
  const int refused = id < 0 ? errno : error;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (id > 0 && refused != 0) (void)child(id).wait();
  if (refused != 0) refuse(program, refused);
  return child(id);
}

child child::fork_apart(const std::function<int()>& work) {
  keep_endings();
  const pid_t parent = ::getpid(), id = ::fork();
  if (id < 0) refuse("a copy of this process", errno);
  if (id > 0) return child(id);
  die_with(parent);
  int code = 70;
  try {
    code = work();
  } catch (...) {
  }
  ::_exit(code);
}

child::child(child&& from) noexcept : id_(std::exchange(from.id_, -1)), ending_(from.ending_) {}

child& child::operator=(child&& from) noexcept {
  std::swap(id_, from.id_);
  std::swap(ending_, from.ending_);
  return *this;
}

child::~child() {
  if (id_ <= 0 || ending_) return;
  kill(SIGKILL);
  (void)wait();
}

std::optional<ending> child::look(int how) noexcept {
  if (ending_ || id_ <= 0) return ending_ ? ending_ : ending{};
  int status = 0;
  pid_t found = 0;
  while ((found = ::waitpid(id_, &status, how)) < 0 && errno == EINTR) {
  }
  if (found == 0) return std::nullopt;
  ending_ = found < 0             ? ending{}
            : WIFEXITED(status)   ? ending{ending::kind::exited, WEXITSTATUS(status)}
            : WIFSIGNALED(status) ? ending{ending::kind::signalled, WTERMSIG(status)}
                                  : ending{};
  return ending_;
}

std::optional<ending> child::ended() { return look(WNOHANG); }
ending child::wait() { return look(0).value_or(ending{}); }

void child::kill(int signal) noexcept {
  if (id_ > 0 && !ended()) ::kill(id_, signal);
}

}  // namespace copycost
