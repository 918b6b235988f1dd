// SPDX-License-Identifier: Apache-2.0
// Goal: what a program has from its starter is known. Method: the parts, each in a child that was prepared badly; the
// door as a whole is tested with the real program (property_tests/harness/cli/inherited_test.cc).
#include "harness/process/inherited.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/environment.h"
#include "harness/base/failure.h"
#include "harness/base/sanitizer.h"
#include "harness/process/loaded.h"
#include "harness/process/settings.h"
#include "harness/process/streams.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"

namespace copycost {
namespace {

// Whether `holds` is true in a child; a text in the log where it is not.
#define IN_A_CHILD(...) CHECK(test::run_child([&]() -> int { return (__VA_ARGS__)() ? 0 : 1; }) == 0)

TEST_CASE("environment: what is not on the list is left out, under any name") {
  IN_A_CHILD([] {
    for (const char* name : {"BENCHMARK_FILTER", "LD_PRELOAD", "MALLOC_PERTURB_", "GLIBC_TUNABLES", "MIMALLOC_VERBOSE",
                             "GIT_DIR", "PYTHONPATH", "NOBODY_KNOWS_IT", "LC_ALL", "XDG_CACHE_HOME"})
      ::setenv(name, "x", 1);
    ::setenv("TMPDIR", "/here", 1);
    ::setenv("COPYCOST_SEED", "7", 1);
    short_text told;
    const int out = leave_out(told);
    for (char** one = environ; *one != nullptr; ++one)
      if (!is_kept(std::string(*one).substr(0, std::string(*one).find('=')))) return false;
    return out >= 10 && told.view().find("BENCHMARK_FILTER=x") != std::string_view::npos &&
           environment("TMPDIR") == "/here" && environment("COPYCOST_SEED") == "7";
  });
}

TEST_CASE("environment: what could have changed a result is told") {
  for (const char* name :
       {"BENCHMARK_OUT", "LD_AUDIT", "LD_LIBRARY_PATH", "LD_BIND_NOW", "MALLOC_ARENA_MAX", "MALLOC_CONF",
        "GLIBC_TUNABLES", "MIMALLOC_LARGE_OS_PAGES", "TCMALLOC_SAMPLE_PARAMETER", "ASAN_OPTIONS", "OMP_NUM_THREADS",
        "GIT_DIR", "GIT_CONFIG_COUNT", "PYTHONPATH", "MPLBACKEND"})
    CHECK(is_telling(name));
  for (const char* name : {"LANG", "OLDPWD", "EDITOR", "LS_COLORS", "SECRET_TOKEN"}) CHECK_FALSE(is_telling(name));
}

TEST_CASE("environment: a program is never taken from the working directory") {
  IN_A_CHILD([] {
    ::setenv("PATH", "::.:bin:/bin:", 1);
    return program_folders() == std::vector<std::string>{"/bin"} && find_program("sh") == "/bin/sh" &&
           find_program("there is none").empty();
  });
  IN_A_CHILD([] { return ::unsetenv("PATH") == 0 && !find_program("sh").empty(); });
}

TEST_CASE("settings: signals are put right, and told; nohup is respected") {
  IN_A_CHILD([] {
    (void)settle_signals();  // whatever this test was started with
    for (const int s : {SIGPIPE, SIGXFSZ}) ::signal(s, SIG_DFL);
    for (const int s : {SIGCHLD, SIGTERM, SIGHUP}) ::signal(s, SIG_IGN);
    sigset_t some;
    ::sigemptyset(&some);
    ::sigaddset(&some, SIGSEGV);
    ::sigprocmask(SIG_BLOCK, &some, nullptr);
    const short_text found = settle_signals();
    struct sigaction chld {
    }, hup{};
    ::sigaction(SIGCHLD, nullptr, &chld);
    ::sigaction(SIGHUP, nullptr, &hup);
    ::sigprocmask(SIG_SETMASK, nullptr, &some);
    return found == "HUP ignored, SEGV blocked, TERM ignored, CHLD ignored" && chld.sa_handler == SIG_DFL &&
           hup.sa_handler == SIG_IGN && ::sigismember(&some, SIGSEGV) == 0;
  });
}

TEST_CASE("settings: open files are raised to what is allowed, other limits are told") {
  IN_A_CHILD([] {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    const rlimit few{20, files.rlim_max}, small{65536, 65536};
    ::setrlimit(RLIMIT_NOFILE, &few);
    ::setrlimit(RLIMIT_FSIZE, &small);
    bool stack = false;
    const std::string found = settle_limits(stack).str();
    rlimit now{};
    ::getrlimit(RLIMIT_NOFILE, &now);
    return now.rlim_cur == files.rlim_max && found.find("nofile 20 (now ") == 0 &&
           found.find("fsize 65536") != std::string::npos;
  });
}

TEST_CASE("settings: the owner can use what is made, and others get no more than was wished") {
  IN_A_CHILD([] {
    ::umask(0777);
    return settle_umask() == "0777" && ::umask(0) == 077;
  });
}

TEST_CASE("streams: closed ones are open, and refuse what was meant for them") {
  IN_A_CHILD([] {
    for (int fd = 0; fd < 3; ++fd) ::close(fd);
    if (settle_streams() != "stdin stdout stderr") return false;
    const int next = ::open("/dev/null", O_RDONLY);
    char one = 0;
    if (next < 3 || ::read(0, &one, 1) >= 0) return false;
    say("lost, and nothing else");
    try {
      write_out("x");
    } catch (const failure& e) {
      return e.code == exit_code::internal && std::string(e.what()) == "stdout: cannot write: Bad file descriptor";
    }
    return false;
  });
}

TEST_CASE("streams: a full one loses a remark, and fails a result") {
  IN_A_CHILD([] {
    const int full = ::open("/dev/full", O_WRONLY);
    ::dup2(full, 1);
    ::dup2(full, 2);
    say("lost");
    try {
      write_out("x");
    } catch (const failure&) {
      return true;
    }
    return false;
  });
}

TEST_CASE("inherited: what one start tells the next arrives, and only there") {
  inherited_facts facts, back;
  facts.environment = "LD_PRELOAD=x";
  facts.signals = "CHLD ignored";
  facts.preloaded = "a b";
  const std::string text = detail::encode(facts, 42);
  CHECK(detail::decode(text, 42, back));
  CHECK((back.environment == "LD_PRELOAD=x" && back.signals == "CHLD ignored" && back.preloaded == "a b"));
  CHECK_FALSE(detail::decode(text, 43, back));
  for (const char* wrong : {"", "42", "42\n", "x\n\n\n\n\n\n\n\n\n"}) CHECK_FALSE(detail::decode(wrong, 42, back));
}

TEST_CASE("loaded: a program is on the allocator that serves it, whatever it is called") {
  const std::string server = server_of("malloc");
  CHECK_FALSE(server.empty());
  CHECK(server_of("there is no such function").empty());
  if (!kSanitized && server.find("libc.so") == 0) {
    CHECK(served_by_strangers("glibc").empty());
    CHECK(served_by_strangers("mimalloc") == "malloc is served by " + server);
  }
}

}  // namespace
}  // namespace copycost
