// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "harness/base/child.h"
#include "harness/base/environment.h"
#include "harness/cli/commands.h"
#include "harness/cli/source_file.h"
#include "harness/clock/launcher.h"
#include "harness/output/result_dir.h"

namespace copycost {
namespace {

namespace fs = std::filesystem;

// The module is found where we say and nowhere else: not in the working directory, PYTHONPATH or the user's packages.
constexpr const char* kStart =
    "import sys, runpy; sys.path.insert(0, sys.argv[1]); del sys.argv[1]; "
    "runpy.run_module('reports', run_name='__main__', alter_sys=True)";

// Debian's interpreter first, because that is the one that has matplotlib.
std::string interpreter() {
  std::string python = environment("COPYCOST_PYTHON");
  if (python.empty()) python = ::access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
  const std::string found = find_program(python);
  if (found.empty()) throw failure(exit_code::internal, python + ": not found; the report needs Python");
  return found;
}

std::string absolute(const std::string& path) {
  std::error_code gone;
  const fs::path whole = fs::absolute(path, gone);
  if (gone) throw failure(exit_code::usage, path + ": relative to a working directory that is gone");
  return whole.string();
}

// Tells one writing of a file from another: each is a new file under the old name.
std::string identity(const std::string& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return {};
  return std::to_string(s.st_ino) + "/" + std::to_string(s.st_mtim.tv_sec) + "." + std::to_string(s.st_mtim.tv_nsec);
}

// An interrupt of ours is one of Python's; a terminal has sent it already.
ending wait_for(child& python) {
  for (bool asked = false;;) {
    if (const auto end = python.ended()) return *end;
    if (g_interrupted && !asked) {
      python.kill(SIGTERM);
      asked = true;
    }
    usleep(20'000);
  }
}

}  // namespace

exit_code command_report(const options& o) {
  (void)read_verdicts(o.directories[0]);
  const std::string python = interpreter(), sources = source_folder("reports/__main__.py");
  const std::string out = absolute(o.output), page = out + "/report.html", before = identity(page);
  start_options how;
  how.arguments = {"-I", "-B", "-X", "utf8", "-c", kStart, sources, absolute(o.directories[0]), "-o", out};
  if (o.json) how.arguments.emplace_back("--json");
  if (!o.title.empty()) how.arguments.insert(how.arguments.end(), {"--title=" + o.title});
  how.variables = {"LC_ALL=C.UTF-8", "MATPLOTLIBRC=/dev/null"};
  how.directory = "/";  // matplotlib reads settings from where it stands
  ending end;
  try {
    child running = child::start(python, how);
    end = wait_for(running);
  } catch (const std::system_error& e) {
    throw failure(exit_code::internal, e.what());
  }
  if (g_interrupted) return exit_code::interrupted;
  if (end.well() && identity(page) != before) return exit_code::ok;
  if (end.well()) throw failure(exit_code::internal, python + ": ended well, and wrote no " + page);
  for (const exit_code known : {exit_code::usage, exit_code::nothing_ran, exit_code::internal, exit_code::interrupted})
    if (end.how == ending::kind::exited && end.number == static_cast<int>(known)) return known;
  throw failure(exit_code::internal, python + ": no report: " + end.text());
}

}  // namespace copycost
