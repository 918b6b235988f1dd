// SPDX-License-Identifier: Apache-2.0
//
// Runs the real copycost as a process of its own and says what it answered. Standard output and error go to files, so
// that nothing blocks. Not thread-safe.
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "harness/base/json.h"
#include "harness/base/text.h"
#include "property_tests/scratch.h"

#ifndef COPYCOST_PROGRAM
#define COPYCOST_PROGRAM "copycost"
#endif

namespace copycost::cli_test {

using words = std::vector<std::string>;

struct answer {
  int code = -1;  // the exit code, or 128 + signal
  std::string out, err;
  // The only object on stdout. Throws failure when it is anything else.
  json object() const { return json::parse(out, "stdout"); }
  bool says(const std::string& line) const { return err.find(line) != std::string::npos; }
};

struct how {
  std::string out_path = {};                  // where stdout goes; empty: captured; "closed": closed
  int more_files = 0;                         // descriptors that are open besides the standard ones
  rlim_t file_bytes = 0;                      // most that a file may grow to; 0: no limit
  std::string temporary = {};                 // TMPDIR; empty: as it is
  std::function<void(pid_t)> meanwhile = {};  // runs beside the program
  std::function<void()> starter = {};         // in the process that becomes the program, last of all
};

inline void become(const std::string& program, const words& arguments, const how& with, const scratch_dir& dir) {
  const auto direct = [](int fd, const std::string& path) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, fd) < 0) _exit(99);
    close(file);
  };
  direct(STDERR_FILENO, dir.file("err"));
  if (with.out_path == "closed")
    close(STDOUT_FILENO);
  else
    direct(STDOUT_FILENO, with.out_path.empty() ? dir.file("out") : with.out_path);
  for (int i = 0; i < with.more_files; ++i)
    if (open("/dev/null", O_RDONLY) < 0) _exit(99);
  if (with.file_bytes > 0) {
    const rlimit limit{with.file_bytes, with.file_bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  if (!with.temporary.empty()) setenv("TMPDIR", with.temporary.c_str(), 1);
  for (const int s : {SIGINT, SIGTERM, SIGPIPE, SIGABRT, SIGSEGV}) signal(s, SIG_DFL);
  if (with.starter) with.starter();
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  execvp(program.c_str(), argv.data());
  _exit(98);
}

inline answer run_program(const std::string& program, const words& arguments, const how& with = {}) {
  const scratch_dir dir;
  const pid_t pid = fork();
  if (pid == 0) become(program, arguments, with, dir);
  if (with.meanwhile) with.meanwhile(pid);
  int status = 0;
  waitpid(pid, &status, 0);
  answer a;
  a.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  a.err = read_file(dir.file("err"));
  if (with.out_path.empty()) a.out = read_file(dir.file("out"));
  return a;
}

inline answer copycost(const words& arguments, const how& with = {}) {
  return run_program(COPYCOST_PROGRAM, arguments, with);
}

// A run of four cells that takes less than a second.
inline words small_run(const words& more = {}) {
  words all = {"run", "--profile", "smoke", "--workload", "slice", "--design", "copy,slice", "--launches", "1"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}
// Cells whose metrics are exact, audited in no time.
inline words small(const std::string& command, const words& more = {}) {
  words all = {command, "--profile", "smoke", "--workload", "slice,share", "--design", "copy,slice"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace copycost::cli_test
