// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "harness/cli/commands.h"
#include "harness/out/result_dir.h"

#ifndef COPYCOST_SOURCE_DIR
#define COPYCOST_SOURCE_DIR "."
#endif

namespace copycost {

// Hands over to the Python package; Debian's interpreter first, because that is the one that has matplotlib.
exit_code command_report(const options& o) {
  (void)read_verdicts(o.directories[0]);
  const char* wished = std::getenv("COPYCOST_PYTHON");  // NOLINT(concurrency-mt-unsafe)
  const std::string python = wished != nullptr                             ? wished
                             : std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3"
                                                                           : "python3";
  setenv("PYTHONPATH", COPYCOST_SOURCE_DIR, 1);  // NOLINT(concurrency-mt-unsafe)
  setenv("PYTHONDONTWRITEBYTECODE", "1", 1);     // NOLINT(concurrency-mt-unsafe)
  std::vector<std::string> args = {python, "-m", "reports", o.directories[0], "-o", o.output};
  if (o.json) args.emplace_back("--json");
  if (!o.title.empty()) args.insert(args.end(), {"--title", o.title});
  std::vector<char*> argv;
  for (std::string& a : args) argv.push_back(a.data());
  argv.push_back(nullptr);
  execvp(python.c_str(), argv.data());
  throw failure(exit_code::internal, python + ": cannot start: " + std::strerror(errno));
}

}  // namespace copycost
