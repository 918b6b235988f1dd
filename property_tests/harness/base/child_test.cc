// SPDX-License-Identifier: Apache-2.0
// Goal: a child starts in the known state, dies with its parent, and its end is never guessed. Method: real children,
// under parents that ignore SIGCHLD, wait for them behind our back, or die.
#include "harness/base/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "harness/base/sanitizer.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/scratch.h"

namespace copycost {
namespace {

using namespace std::string_literals;

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What a shell command prints, started as programs are.
std::string said(const std::string& command, start_options options = {}) {
  const scratch_dir dir;
  const int out = ::open(dir.file("out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  options.arguments = {"-c", command};
  options.out = out;
  child shell = child::start("/bin/sh", options);
  const ending end = shell.wait();
  ::close(out);
  CHECK(end.well());
  return text_of(dir.file("out"));
}

bool is_gone(pid_t id) {
  for (int i = 0; i < 30'000; ++i) {
    std::ifstream status("/proc/" + std::to_string(id) + "/stat");
    std::string number, name, state;
    if (!(status >> number >> name >> state) || state == "Z") return true;
    ::usleep(1000);
  }
  return false;
}

TEST_CASE("child: how it ended is told apart") {
  CHECK(child::fork_apart([] { return 0; }).wait().well());
  const ending three = child::fork_apart([] { return 3; }).wait();
  CHECK((three.text() == "exit code 3" && !three.well()));
  const ending killed = child::fork_apart([] { return ::raise(SIGKILL); }).wait();
  CHECK((killed.text() == "signal 9 (Killed)" && !killed.well()));
  CHECK(child::fork_apart([]() -> int { throw std::runtime_error("x"); }).wait().number == 70);
}

TEST_CASE("child: an end that somebody else waited for is unknown, and not well") {
  child one = child::fork_apart([] { return 0; });
  REQUIRE(::waitpid(one.id(), nullptr, 0) == one.id());
  const ending end = one.wait();
  CHECK(end.how == ending::kind::unknown);
  CHECK_FALSE(end.well());
  CHECK(end.text().find("nobody knows how") == 0);
}

TEST_CASE("child: a crash is seen although SIGCHLD was ignored") {
  const int code = test::run_child([] {
    ::signal(SIGCHLD, SIG_IGN);
    const ending crash = child::fork_apart([] { return ::raise(SIGKILL); }).wait();
    ::signal(SIGCHLD, SIG_IGN);
    const ending exit = child::start("/bin/sh", {.arguments = {"-c", "exit 5"}}).wait();
    return crash.how == ending::kind::signalled && exit.number == 5 ? 0 : 1;
  });
  CHECK(code == 0);
}

TEST_CASE("child: it dies with its parent, however that ends") {
  for (const bool program : {false, true}) {
    const scratch_dir dir;
    const int code = test::run_child([&] {
      child* one = new child(program ? child::start("/bin/sh", {.arguments = {"-c", "while :; do sleep 1; done"}})
                                     : child::fork_apart([] {
                                         for (;;) ::pause();
                                         return 0;
                                       }));
      std::ofstream(dir.file("id")) << one->id();
      return ::raise(SIGKILL);
    });
    CHECK(code == 1000 + SIGKILL);
    const int id = std::stoi("0" + text_of(dir.file("id")));
    REQUIRE(id > 0);
    CHECK(is_gone(id));
  }
}

TEST_CASE("child: it is killed with its object") {
  pid_t id = 0;
  {
    const child one = child::fork_apart([] {
      for (;;) ::pause();
      return 0;
    });
    id = one.id();
  }
  CHECK(::kill(id, 0) != 0);
}

TEST_CASE("child: a program has default signals, none of them blocked, whatever its parent has") {
  sigset_t some, before;
  ::sigemptyset(&some);
  for (const int s : {SIGSEGV, SIGTERM, SIGUSR1}) ::sigaddset(&some, s);
  ::sigprocmask(SIG_BLOCK, &some, &before);
  const auto old = ::signal(SIGUSR2, SIG_IGN);
  const std::string status = said("cat /proc/self/status");
  ::signal(SIGUSR2, old);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  CHECK(status.find("SigBlk:\t0000000000000000") != std::string::npos);
  CHECK(status.find("SigIgn:\t0000000000000000") != std::string::npos);
}

TEST_CASE("child: a program sees the list's variables and its own, three streams, and no other descriptor") {
  ::setenv("LD_BIND_NOW", "1", 1);
  ::setenv("TERM", "dumb", 1);
  const int open_here = ::open("/dev/null", O_RDONLY);  // not closed on exec
  const std::string all = said("env", {.variables = {"OURS=7"}});
  CHECK(all.find("LD_BIND_NOW") == std::string::npos);
  CHECK(all.find("OURS=7\n") != std::string::npos);
  CHECK(all.find("TERM=dumb\n") != std::string::npos);
  CHECK(said("test -e /proc/self/fd/" + std::to_string(open_here) + " || echo closed") == "closed\n");
  CHECK(said("wc -c") == "0\n");
  ::close(open_here);
  ::unsetenv("LD_BIND_NOW");
}

TEST_CASE("child: streams that stand in each other's way arrive where they belong") {
  const scratch_dir dir;
  int code = test::run_child([&] {
    ::close(0);
    ::close(1);
    const int out = ::open(dir.file("out").c_str(), O_WRONLY | O_CREAT, 0600);  // is descriptor 0
    const int in = ::open("/etc/passwd", O_RDONLY);                             // is descriptor 1
    if (out != 0 || in != 1) return 1;
    return child::start("/bin/sh", {.arguments = {"-c", "wc -l"}, .in = in, .out = out}).wait().number;
  });
  CHECK(code == 0);
  CHECK(std::stoi("0" + text_of(dir.file("out"))) > 0);
}

TEST_CASE("child: a program that is not there says so before anything runs") {
  if (kThreadSanitized)
    return;  // ThreadSanitizer makes vfork a fork: the child cannot write its reason into our memory
  const scratch_dir dir;
  try {
    (void)child::start(dir.file("none"), {});
    FAIL("it started");
  } catch (const std::system_error& e) {
    CHECK(e.code().value() == ENOENT);
  }
  CHECK_THROWS_AS(child::start("/bin/sh", {.directory = dir.file("none")}), std::system_error);
}

}  // namespace
}  // namespace copycost
