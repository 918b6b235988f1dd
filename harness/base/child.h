// SPDX-License-Identifier: Apache-2.0
//
// The only way to another process. A child starts in the known state (inherited.h): default signals, the listed
// variables, three standard streams, and only the descriptors that it was given. The kernel kills it when the thread
// that started it ends, however that ends; the destructor kills it too. How it ended is never guessed: where the kernel
// has forgotten it (other code waited for the child), the answer says so, and is not "well".
//
//   child::start(program, options)   fork and exec     programs: launches, roles, git, Python
//   child::fork_apart(work)          fork alone        work that may crash
//
// Lifetime: owns the process.
// Threads: an object is used by one; REQUIRES of fork_apart: one thread in this process.
// Cost: start suspends this thread until the other program begins (no memory is copied); fork_apart some 100 us and
// more with a large heap.
// Source: vfork(2), PR_SET_PDEATHSIG in prctl(2).
#pragma once
#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace copycost {

struct ending {
  enum class kind { exited, signalled, unknown };
  kind how = kind::unknown;
  int number = 0;  // exit code or signal
  bool well() const { return how == kind::exited && number == 0; }
  // "exit code 3", "signal 9 (Killed)", "nobody knows how: ..."
  std::string text() const;
};

struct start_options {
  std::vector<std::string> arguments = {};  // behind the program's name
  std::vector<std::string> variables = {};  // "NAME=value", besides the list's
  std::string directory = {};               // where it works; empty: here
  int in = -1, out = -1, err = -1;          // its standard streams; -1: in is empty, out and err are ours
  bool family = false;                      // a process of this same program: it has our open descriptors, too
  std::vector<int> keep = {};               // descriptors that it has under the same numbers, whatever they are here
};

class child {
 public:
  // Throws std::system_error with the reason when the program cannot be started.
  static child start(const std::string& program, const start_options& options);
  // Runs `work` in a copy of this process; what it answers is the exit code, and nothing of ours is destroyed or
  // flushed twice. An exception ends it with 70. Throws std::system_error.
  static child fork_apart(const std::function<int()>& work);
  child() = default;
  child(child&& from) noexcept;
  child& operator=(child&& from) noexcept;
  ~child();  // kills it where it still runs

  // How it ended, if it has; does not wait.
  std::optional<ending> ended();
  // Waits for the end.
  ending wait();
  // Nothing where it has ended.
  void kill(int signal) noexcept;
  pid_t id() const { return id_; }  // -1: none

 private:
  explicit child(pid_t id) : id_(id) {}
  std::optional<ending> look(int how) noexcept;

  pid_t id_ = -1;
  std::optional<ending> ending_;
};

// This program's file, for a process of the same program; in effect even where the file was replaced.
inline constexpr const char* kThisProgram = "/proc/self/exe";

}  // namespace copycost
