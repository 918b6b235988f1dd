// SPDX-License-Identifier: Apache-2.0
// Goal: a process that a signal ends says what it was at, and ends by that signal. Method: children that crash.
#include "harness/process/last_words.h"

#include <csignal>
#include <cstring>
#include <string>

#include "property_tests/catch.h"
#include "property_tests/child.h"

namespace copycost {
namespace {

template <class Work>
test::last_words child(const Work& work) {
  return test::words_of_child([&] {
    tell_last_words();
    work();
  });
}

TEST_CASE("last words: the innermost work is named, and the signal ends the process") {
  for (const int signal_number : {SIGSEGV, SIGABRT, SIGFPE}) {
    const test::last_words e = child([&] {
      const at_work outer("all");
      { const at_work done("the first"); }
      const at_work now("the audit of a/b/c");
      raise(signal_number);
    });
    CHECK(e.end == 1000 + signal_number);
    CHECK(e.said == "copycost: the audit of a/b/c: the process ended by signal " + std::to_string(signal_number) +
                        " (" + sigabbrev_np(signal_number) + ")\n");
  }
}

TEST_CASE("last words: who was at nothing says nothing") {
  const test::last_words e = child([] {
    { const at_work done("something"); }
    raise(SIGSEGV);
  });
  CHECK((e.end == 1000 + SIGSEGV && e.said.empty()));
}

}  // namespace
}  // namespace copycost
