// SPDX-License-Identifier: Apache-2.0
// Goal: the report is ours, whatever lies about, and is there when it is said to be. Method: the program in folders and
// environments that are in its way; interpreters that do not do what they should.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

namespace fs = std::filesystem;

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

// A result to report on, and whether there is an interpreter to do it.
struct result {
  scratch_dir dir;
  std::string of = dir.file("r");
  result() { REQUIRE(copycost(small_run({"-o", of})).code == 0); }
  answer report(const std::function<void()>& starter = {}) const {
    return copycost({"report", of, "-o", dir.file("page")}, {.starter = starter});
  }
  bool there() const { return fs::exists(dir.file("page") + "/report.html"); }
};

TEST_CASE("report: modules and settings of the user do not reach it") {
  const result r;
  const std::string trap = r.dir.file("trap");
  fs::create_directories(trap + "/matplotlib");
  for (const char* name :
       {"reports.py", "copy.py", "json.py", "usercustomize.py", "sitecustomize.py", "matplotlib/__init__.py"})
    write(trap + "/" + name, "print('mine'); raise SystemExit('mine')\n");
  write(trap + "/matplotlibrc", "backend: none\nsavefig.dpi: x\n");
  const answer a = r.report([&] {
    if (chdir(trap.c_str()) != 0) _exit(97);
    for (const char* name :
         {"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "MPLCONFIGDIR", "XDG_CONFIG_HOME"})
      setenv(name, trap.c_str(), 1);
    setenv("PYTHONINSPECT", "1", 1);
    setenv("MPLBACKEND", "none", 1);
    setenv("LC_ALL", "tr_TR.ISO-8859-9", 1);
  });
  CAPTURE(a.out, a.err);
  CHECK(a.code == 0);
  CHECK(a.out.find("mine") == std::string::npos);
  CHECK_FALSE(a.says("mine"));
  CHECK(r.there());
}

TEST_CASE("report: an interpreter that ends well and writes nothing made no report") {
  const result r;
  const answer a = r.report([] { setenv("COPYCOST_PYTHON", "/bin/true", 1); });
  CHECK(a.code == 70);
  CHECK(a.says("ended well, and wrote no "));
}

TEST_CASE("report: an older page is not taken for a new one") {
  const result r;
  REQUIRE(r.report().code == 0);
  CHECK(r.report([] { setenv("COPYCOST_PYTHON", "/bin/true", 1); }).code == 70);
  CHECK(r.report().code == 0);
}

TEST_CASE("report: an interpreter that fails is not a wrong result") {
  const result r;
  const std::string crash = r.dir.file("crash");
  write(crash, "#!/bin/sh\nkill -SEGV $$\n");
  chmod(crash.c_str(), 0755);
  CHECK(r.report([] { setenv("COPYCOST_PYTHON", "/bin/false", 1); }).code == 70);
  const answer died = r.report([&] { setenv("COPYCOST_PYTHON", crash.c_str(), 1); });
  CHECK((died.code == 70 && died.says("signal 11")));
  const answer none = r.report([&] { setenv("COPYCOST_PYTHON", r.dir.file("none").c_str(), 1); });
  CHECK((none.code == 70 && none.says("none: cannot start: No such file or directory")));
}

TEST_CASE("report: a relative name is one of the working directory, and one that begins with a hyphen is a title") {
  const result r;
  const answer a = copycost({"report", "r", "-o", "page", "--title=-x"}, {.starter = [&] {
                              if (chdir(r.dir.path().c_str()) != 0) _exit(97);
                            }});
  CAPTURE(a.err);
  CHECK(a.code == 0);
  CHECK(r.there());
}

TEST_CASE("report: a build that was moved starts; what it needs of the sources it finds, or says where it looked") {
  const scratch_dir dir;
  const fs::path from = fs::path(COPYCOST_PROGRAM).parent_path(), to = fs::path(dir.path()) / "build" / "release";
  fs::create_directories(to / "harness" / "ledger" / "hooks");
  for (const char* name :
       {"copycost", "copycost-clock", "copycost-clock-glibc", "harness/ledger/hooks/libcopycost_hooks.so"})
    if (fs::exists(from / name)) fs::copy_file(from / name, to / name);
  const std::string moved = (to / "copycost").string();
  CHECK(run_program(moved, small("list")).code == 0);
  const std::string run_path = run_program("readelf", {"-d", moved}).out;
  CHECK(run_path.find(from.string()) == std::string::npos);
}

}  // namespace
}  // namespace copycost::cli_test
