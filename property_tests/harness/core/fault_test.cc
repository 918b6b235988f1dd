// SPDX-License-Identifier: Apache-2.0
// Goal: what a design does wrong and what could not be done are told apart by what they are, not by their words.
// Method: exceptions of every kind, processes that end in every way, and a process that is short of something.
#include "harness/core/fault.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <new>
#include <stdexcept>
#include <system_error>

#include "harness/core/verdict.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

fault of(const std::function<void()>& what) {
  try {
    what();
  } catch (...) {
    return fault_of_current_exception();
  }
  return {exit_code::ok, "nothing"};
}

// How a child ends that does that.
fault death_by(const std::function<void()>& what) {
  return fault_of_death(child::fork_apart([&] {
                          const rlimit none{0, 0};
                          setrlimit(RLIMIT_CORE, &none);
                          for (const int s : {SIGABRT, SIGSEGV, SIGTERM, SIGFPE, SIGBUS, SIGILL})
                            std::signal(s, SIG_DFL);
                          what();
                          return 0;
                        }).wait());
}

TEST_CASE("fault: what a design throws is its own") {
  for (const fault& f :
       {of([] { throw failure(exit_code::incorrect, "w"); }), of([] { throw std::logic_error("w"); })}) {
    CHECK((f.of_design() && f.why == "w"));
    CHECK(verdict_of(f.code) == verdict::broken);
  }
  CHECK(of([] { throw 7; }).of_design());
  CHECK(of([] { throw std::bad_alloc(); }).of_design());  // there is no limit: such a request is the design's mistake
}

TEST_CASE(
    "fault: what the input, the harness or the operating system could not do keeps its exit code and breaks nothing") {
  CHECK(of([] { throw failure(exit_code::usage, "i:7: w"); }).code == exit_code::usage);
  CHECK(of([] { throw failure(exit_code::internal, "w"); }).code == exit_code::internal);
  CHECK(of([] { throw failure(exit_code::interrupted, "w"); }).code == exit_code::interrupted);
  CHECK(of([] { throw std::system_error(ENOSPC, std::generic_category(), "w"); }).code == exit_code::internal);
  for (const exit_code c : {exit_code::usage, exit_code::internal, exit_code::interrupted})
    CHECK(verdict_of(c) == verdict::not_measured);
}

TEST_CASE("fault: a crash is the design's, a signal from outside is not") {
  for (const int s : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
    const fault f = death_by([s] { raise(s); });
    CAPTURE(s, f.why);
    CHECK(f.of_design());
    CHECK(f.why.rfind("signal " + std::to_string(s) + " (", 0) == 0);
  }
  for (const int s : {SIGKILL, SIGTERM, SIGHUP, SIGXCPU, SIGXFSZ, SIGPIPE, SIGUSR1}) {
    const fault f = death_by([s] {
      std::signal(s, SIG_DFL);
      raise(s);
    });
    CAPTURE(s, f.why);
    CHECK(f.code == exit_code::internal);
  }
  CHECK(death_by([] { _exit(3); }).of_design());
  CHECK(death_by([] { _exit(70); }).code == exit_code::internal);
  CHECK(death_by([] { _exit(2); }).code == exit_code::usage);
}

TEST_CASE("fault: a design that fails where there is no room is not called wrong") {
  for (const int resource : {RLIMIT_FSIZE, RLIMIT_DATA}) {
    const fault f = death_by([resource] {
      rlimit limit{};
      getrlimit(static_cast<__rlimit_resource>(resource), &limit);
      limit.rlim_cur = resource == RLIMIT_FSIZE ? 65'536 : std::uint64_t{2} << 30;
      setrlimit(static_cast<__rlimit_resource>(resource), &limit);
      const fault inside = of([] { throw std::logic_error("w"); });
      _exit(inside.of_design() || machine_short_of().empty() ? 1 : 70);
    });
    CHECK(f.code == exit_code::internal);
  }
  setenv("TMPDIR", "/proc/self/no such folder", 1);
  const std::string shortage = machine_short_of();
  unsetenv("TMPDIR");
  CHECK(shortage == "/proc/self/no such folder: No such file or directory");
}

TEST_CASE("fault: success is no reason") {
  CHECK(reason_of(0) == "the system gives no reason");
  CHECK(reason_of(ENOSPC) == "No space left on device");
}

TEST_CASE("verdict: the exit code says what is broken before what is missing") {
  verdict_count none, some, all, input, wrong;
  none.add(verdict::holds);
  none.add(verdict::no_honest_copy);
  none.add(verdict::not_separated);
  CHECK(none.code() == exit_code::ok);
  some.add(verdict::holds);
  some.add(verdict::not_measured, exit_code::internal);
  CHECK((some.code() == exit_code::internal && some.code(exit_code::ok) == exit_code::ok));
  all.add(verdict::not_measured, exit_code::internal);
  all.add(verdict::not_measured, exit_code::internal);
  CHECK((all.code() == exit_code::nothing_ran && all.code(exit_code::ok) == exit_code::nothing_ran));
  input.add(verdict::not_measured, exit_code::usage);
  CHECK(input.code() == exit_code::usage);
  wrong.add(verdict::not_measured, exit_code::usage);
  wrong.add(verdict::broken, exit_code::incorrect);
  CHECK(wrong.code(exit_code::ok) == exit_code::incorrect);
  for (const auto& [value, word] : kVerdictWords) CHECK(to_string(value) == word);
}

}  // namespace
}  // namespace copycost
