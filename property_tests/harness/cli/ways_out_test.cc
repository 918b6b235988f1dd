// SPDX-License-Identifier: Apache-2.0 Goal: every way out of a program tidies: no process goes on, and nothing stays.
// Method: the program, ended in every way while a launch runs that keeps files and has roles.
#include <signal.h>

#include <filesystem>

#include "property_tests/catch.h"
#include "property_tests/harness/cli/processes.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

// Launches that keep files for as long as it takes.
words with_files(const std::string& launches) {
  return {"run",     "--profile", "quick", "--system",   "event_store", "--workload",
          "recover", "--design",  "slice", "--launches", launches};
}

TEST_CASE("ways out: INT, TERM and HUP end the launch with its files") {
  for (const int s : {SIGINT, SIGTERM, SIGHUP}) {
    CAPTURE(s);
    const scratch_dir temporary;
    pid_t launch = 0;
    const answer a = copycost(with_files("400"), {.temporary = temporary.path(), .meanwhile = [&](pid_t pid) {
                                                    launch = child_of(pid, "copycost-clock");
                                                    kill(pid, s);
                                                  }});
    CHECK(a.code == 130);
    REQUIRE(launch > 0);
    wait_until_gone(launch);
    CHECK(temporary.names().empty());
  }
}

TEST_CASE("ways out: a launch dies with a program that is killed, and the next run sweeps what it left") {
  const scratch_dir temporary;
  pid_t launch = 0;
  const answer a = copycost(with_files("400"), {.temporary = temporary.path(), .meanwhile = [&](pid_t pid) {
                                                  launch = child_of(pid, "copycost-clock");
                                                  kill(pid, SIGKILL);
                                                }});
  CHECK(a.code == 128 + SIGKILL);
  REQUIRE(launch > 0);
  wait_until_gone(launch);
  CHECK(temporary.names().size() == 1);
  CHECK(copycost(small_run(), {.temporary = temporary.path()}).code == 0);
  CHECK(temporary.names().empty());
}

TEST_CASE("ways out: roles die with a launch that is killed, and the run says so") {
  const scratch_dir temporary;
  pid_t role = 0;
  const answer a = copycost({"run", "--profile", "quick", "--system", "chunk", "--workload", "hand_over_process",
                             "--design", "copy", "--launches", "50"},
                            {.temporary = temporary.path(), .meanwhile = [&](pid_t pid) {
                               const pid_t launch = child_of(pid, "copycost-clock");
                               if (launch > 0) role = child_of(launch, "");
                               if (launch > 0) kill(launch, SIGKILL);
                             }});
  CAPTURE(a.err);
  CHECK(a.says("ended by signal 9"));
  REQUIRE(role > 0);
  wait_until_gone(role);
  CHECK(temporary.names().empty());
}

TEST_CASE("ways out: a second request ends at once") {
  const answer a = copycost(with_files("400"), {.meanwhile = [](pid_t pid) {
                              const pid_t launch = child_of(pid, "copycost-clock");
                              if (launch > 0) kill(launch, SIGSTOP);  // it does not get the first
                              kill(pid, SIGTERM);
                              usleep(100'000);
                              kill(pid, SIGTERM);
                            }});
  CHECK((a.code == 128 + SIGTERM || a.code == 130));
}

}  // namespace
}  // namespace copycost::cli_test
