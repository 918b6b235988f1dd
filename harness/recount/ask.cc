// SPDX-License-Identifier: Apache-2.0
#include "harness/recount/ask.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/core/failure.h"
#include "harness/core/text.h"

extern char** environ;

namespace copycost {
namespace {

namespace fs = std::filesystem;

class scratch_dir {
 public:
  scratch_dir() {
    std::string name = (fs::temp_directory_path() / "copycost-recount-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw failure(exit_code::internal, name + ": cannot make a directory: " + std::strerror(errno));
    path_ = name;
  }
  ~scratch_dir() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  scratch_dir(const scratch_dir&) = delete;
  scratch_dir& operator=(const scratch_dir&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// The environment of this process, but that nothing is preloaded beside the hooks.
std::vector<std::string> environment_with(const fs::path& hooks) {
  std::vector<std::string> out;
  for (char** e = environ; *e != nullptr; ++e)
    if (std::strncmp(*e, "LD_PRELOAD=", 11) != 0) out.emplace_back(*e);
  out.push_back("LD_PRELOAD=" + hooks.string());
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& t : texts) out.push_back(t.data());
  out.push_back(nullptr);
  return out;
}

std::string run(std::vector<std::string> arguments, std::vector<std::string> environment) {
  pid_t pid = 0;
  if (const int error = posix_spawn(&pid, arguments[0].c_str(), nullptr, nullptr, pointers(arguments).data(),
                                    pointers(environment).data());
      error != 0)
    throw failure(exit_code::internal, arguments[0] + ": cannot start: " + std::strerror(error));
  int status = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      throw failure(exit_code::internal, arguments[0] + ": cannot wait for it: " + std::strerror(errno));
  if (WIFSIGNALED(status)) return "ended by signal " + std::to_string(WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

recount_answer ask_for_counts(const fs::path& program, const fs::path& hooks, const plan& p) {
  for (const fs::path& needed : {program, hooks})
    if (!fs::exists(needed))
      throw failure(exit_code::internal, needed.string() + ": not there; scripts/build makes it");
  const scratch_dir scratch;
  const fs::path plan_path = scratch.path() / "plan.json", out_path = scratch.path() / "out.jsonl";
  replace_file(plan_path, to_json(p).dump());
  recount_answer out;
  out.why = run({program.string(), "--plan", plan_path.string(), "--out", out_path.string()}, environment_with(hooks));
  std::error_code error;
  if (fs::exists(out_path, error))
    for (const std::string& line : split(read_file(out_path), '\n'))
      out.lines.push_back(json::parse(line, out_path.string()));
  return out;
}

}  // namespace copycost
