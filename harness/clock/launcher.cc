// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/launcher.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "harness/core/fault.h"
#include "harness/core/text.h"

extern char** environ;

namespace copycost {

std::atomic<bool> g_interrupted{false};

std::string_view to_string(allocator a) { return a == allocator::glibc ? "glibc" : "mimalloc"; }

std::filesystem::path launch_program(allocator on) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path program =
      self.parent_path() / (on == allocator::glibc ? "copycost-clock-glibc" : "copycost-clock");
  if (!std::filesystem::exists(program, error))
    throw failure(exit_code::internal, program.string() + ": not there; it is built beside copycost");
  return program;
}

namespace {

// A temporary directory that goes away with its owner.
class scratch_dir {
 public:
  scratch_dir() {
    std::string name = (std::filesystem::temp_directory_path() / "copycost-launch-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw failure(exit_code::internal, name + ": cannot make a directory: " + reason_of(errno));
    path_ = name;
  }
  ~scratch_dir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_dir(const scratch_dir&) = delete;
  scratch_dir& operator=(const scratch_dir&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::size_t count_lines(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return 0;
  const std::string text = read_file(path);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Waits for the launch; on an interrupt it is asked to end and what it wrote is kept.
int wait_for(pid_t pid, const std::string& out, const std::function<void(std::size_t)>& tick) {
  int status = 0;
  bool asked = false;
  for (;;) {
    const pid_t done = waitpid(pid, &status, WNOHANG);
    if (done == pid || (done < 0 && errno != EINTR)) return status;
    if (g_interrupted && !asked) kill(pid, SIGTERM), asked = true;
    usleep(20'000);
    if (tick) tick(count_lines(out));
  }
}

}  // namespace

launch_answer start_launch(allocator on, const plan& p, const std::function<void(std::size_t)>& tick) {
  const std::string program = launch_program(on).string();
  const scratch_dir scratch;
  const std::string plan_path = scratch.path() / "plan.json", out_path = scratch.path() / "out.jsonl";
  replace_file(plan_path, to_json(p).dump());
  std::string args[] = {program, "--plan", plan_path, "--out", out_path};
  char* argv[] = {args[0].data(), args[1].data(), args[2].data(), args[3].data(), args[4].data(), nullptr};
  pid_t pid = 0;
  if (const int error = posix_spawn(&pid, program.c_str(), nullptr, nullptr, argv, environ); error != 0)
    throw failure(exit_code::internal, program + ": cannot start: " + std::strerror(error));
  const int status = wait_for(pid, out_path, tick);
  launch_answer answer;
  answer.complete = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!answer.complete) {
    const fault how = fault_of_death(status);
    answer.died = WIFSIGNALED(status), answer.code = how.code;
    answer.why = (answer.died ? "launch ended by " : "launch ended with ") + how.why;
  }
  std::error_code error;
  if (std::filesystem::exists(out_path, error))
    for (const std::string& line : split(read_file(out_path), '\n'))
      answer.lines.push_back(json::parse(line, out_path));
  return answer;
}

}  // namespace copycost
