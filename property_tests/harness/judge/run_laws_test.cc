// SPDX-License-Identifier: Apache-2.0
// Goal: a law that does not hold is found, shrunk and found again; one that proved nothing does not hold. Method: laws
// about numbers, over facades that hold nothing.
#include "harness/judge/run_laws.h"

#include <rapidcheck.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <cstdlib>

#include "harness/base/failure.h"
#include "harness/base/refused.h"
#include "harness/base/sanitizer.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

std::unique_ptr<facade_base> nothing() { return std::make_unique<facade_base>(); }

// How often a law was checked, in memory that it shares with us: it may run in a process of its own.
std::atomic<int>& checks() {
  static void* memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return *static_cast<std::atomic<int>*>(memory);
}

bool mended = false;

constexpr law kLaws[] = {
    {"mended_later", "is false above 41, until it is mended",
     [](facade_maker) { RC_ASSERT(*rc::gen::inRange(0, 1000) < 42 || mended); }},
    {"true_law", "holds",
     [](facade_maker) {
       ++checks();
       RC_ASSERT(*rc::gen::inRange(0, 100) < 100);
     }},
    {"small_numbers", "is false above 41", [](facade_maker) { RC_ASSERT(*rc::gen::inRange(0, 1000) < 42); }},
    {"impossible", "has preconditions that nothing meets", [](facade_maker) { RC_PRE(*rc::gen::inRange(0, 10) > 10); }},
    {"absent", "asks for what the design has not", [](facade_maker) { throw not_offered{"rebind"}; }},
    {"throws", "fails by throwing", [](facade_maker) { throw std::runtime_error("no room"); }},
    {"crashes", "ends its process above 41",
     [](facade_maker) {
       if (*rc::gen::inRange(0, 1000) > 41) std::_Exit(3);
     }},
    {"classes", "says what it draws",
     [](facade_maker) {
       const int n = *rc::gen::inRange(0, 10);
       drawn("odd", n % 2 == 1);
       drawn("a case");
     }},
    {"no_room", "cannot be asked above 41",
     [](facade_maker) {
       if (*rc::gen::inRange(0, 1000) > 41) throw failure(exit_code::internal, "no room");
     }},
    {"refuses", "says above 41 that the machine could not do what must succeed",
     [](facade_maker) {
       if (*rc::gen::inRange(0, 1000) > 41) throw refused(exit_code::internal, "unexpected error: io_failed");
     }},
    {"killed", "is ended by somebody else above 41",
     [](facade_maker) {
       if (*rc::gen::inRange(0, 1000) > 41) std::raise(SIGKILL);
     }},
    {"dear", "costs ten times as much", [](facade_maker) { ++checks(); }, 10},
};
constexpr facade_entry kFacade{"toy", "plain", nothing};

const law& named(std::string_view name) {
  for (const law& l : kLaws)
    if (l.name == name) return l;
  throw failure(exit_code::internal, "no such law");
}
law_outcome run(std::string_view name, int cases = 100, std::uint64_t seed = 7) {
  return run_law(named(name), kFacade, seed, cases);
}

std::string complaint(std::string_view replay) {
  try {
    replay_law(replay);
    return "none";
  } catch (const failure& e) {
    CHECK(e.code == exit_code::usage);
    return e.what();
  }
}

TEST_CASE("laws: one that holds ran every case that was asked for") {
  checks() = 0;
  const law_outcome o = run("true_law", 250);
  CHECK((o.verdict == law_verdict::holds && o.cases == 250 && checks() == 250));
  CHECK((o.counterexample.empty() && o.replay.empty()));
  CHECK((o.system == "toy" && o.design == "plain" && o.law == "true_law"));
}

TEST_CASE("laws: a broken one is shrunk to the smallest case, and the replay finds it again") {
  const law_outcome o = run("small_numbers");
  REQUIRE(o.verdict == law_verdict::broken);
  CHECK(o.counterexample.find("42") != std::string::npos);
  CHECK(o.replay.rfind("toy/plain/small_numbers@", 0) == 0);
  const law_outcome again = replay_law(o.replay);
  CHECK(again.verdict == law_verdict::broken);
  CHECK(again.counterexample == o.counterexample);
  CHECK(again.replay == o.replay);
}

TEST_CASE("laws: a replay of what is mended holds, and one of a law that draws something else is refused") {
  const law_outcome o = run("mended_later");
  REQUIRE(o.verdict == law_verdict::broken);
  mended = true;
  const law_outcome again = replay_law(o.replay);
  mended = false;
  CHECK((again.verdict == law_verdict::holds && again.cases == 1));
  CHECK((again.counterexample.empty() && again.replay.empty()));
  const std::string code = o.replay.substr(o.replay.find('@'));
  CHECK(complaint("toy/plain/dear" + code).starts_with("replay: the law draws other values than the one of this code"));
}

TEST_CASE("laws: a seed draws the same cases") {
  CHECK(run("small_numbers", 100, 1).replay == run("small_numbers", 100, 1).replay);
  CHECK(run("small_numbers", 100, 1).cases == run("small_numbers", 100, 1).cases);
}

TEST_CASE("laws: one whose preconditions nothing meets gave up, which is not holding") {
  CHECK(run("impossible").verdict == law_verdict::gave_up);
}

TEST_CASE("laws: an operation that the design does not have is not offered, with its name") {
  const law_outcome o = run("absent");
  CHECK(o.verdict == law_verdict::not_offered);
  CHECK(o.counterexample == "not offered: rebind");
}

TEST_CASE("laws: an exception breaks a law and is told") {
  const law_outcome o = run("throws");
  CHECK(o.verdict == law_verdict::broken);
  CHECK(o.counterexample.find("no room") != std::string::npos);
}

#if !COPYCOST_ADDRESS_SANITIZER && !COPYCOST_THREAD_SANITIZER
TEST_CASE("laws: a design that ends its process breaks this law and no other") {
  const law_outcome o = run("crashes");
  CHECK(o.verdict == law_verdict::broken);
  CHECK(o.counterexample.find("the process ended in case ") != std::string::npos);
  CHECK(o.replay.rfind("toy/plain/crashes@", 0) == 0);
  CHECK(run("true_law").verdict == law_verdict::holds);
}
#endif

TEST_CASE("laws: what their cases were is counted, run by run, and what was not met is not there") {
  for (int run_ = 0; run_ < 2; ++run_) {
    const law_outcome o = run("classes", 60);
    CHECK(o.drawn.at("a case") == 60);
    CHECK((o.drawn.at("odd") > 0 && o.drawn.at("odd") < 60));
    CHECK(o.drawn.size() == 2);
  }
  CHECK(run("true_law").drawn.empty());
}

TEST_CASE("laws: what the machine could not do says nothing of the design") {
  const law_outcome o = run("no_room");
  CHECK(o.verdict == law_verdict::not_asked);
  CHECK((o.code == exit_code::internal && o.replay.empty()));
  CHECK(o.counterexample == "could not be asked: no room");
}

TEST_CASE("laws: what must succeed and did not is the design's, also where the design blames the machine") {
  const law_outcome o = run("refuses");
  CHECK(o.verdict == law_verdict::broken);
  CHECK(o.counterexample.find("unexpected error: io_failed") != std::string::npos);
  CHECK(!o.replay.empty());
}

#if !COPYCOST_ADDRESS_SANITIZER && !COPYCOST_THREAD_SANITIZER
TEST_CASE("laws: a signal from outside ends the asking and breaks nothing") {
  const law_outcome o = run("killed");
  CHECK(o.verdict == law_verdict::not_asked);
  CHECK(o.counterexample.find("signal 9 (Killed)") != std::string::npos);
}

TEST_CASE("laws: a design that fails where files have no room is not called broken") {
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit little{65'536, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &little) == 0);
  const law_outcome o = run("small_numbers");
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  CHECK(o.verdict == law_verdict::not_asked);
  CHECK(o.counterexample.find("files are limited to 65536 bytes") != std::string::npos);
  CHECK(run("small_numbers").verdict == law_verdict::broken);
}
#endif

TEST_CASE("laws: dear ones run fewer cases, never none") {
  checks() = 0;
  CHECK(run("dear", 100).cases == 10);
  CHECK(checks() == 10);
  CHECK(cases_of(named("dear"), 3) == 1);
}

TEST_CASE("laws: what is no replay of this program is refused") {
  CHECK(complaint("nonsense") == "replay: expected SYSTEM/DESIGN/LAW@CODE, got 'nonsense'");
  CHECK(complaint("chunk/plain/true_law@AA") == "replay: there is no system 'chunk'");
  CHECK(complaint("toy/plane/true_law@AA") == "replay: there is no design 'plane'; did you mean 'plain'?");
  CHECK(complaint("toy/plain/true_lav@AA") == "replay: there is no law 'true_lav'; did you mean 'true_law'?");
  CHECK(complaint("toy/plain/true_law@!") == "replay: '!' is no digit of a code");
  CHECK(complaint("toy/plain/true_law@AAAA") == "replay: the code behind '@' is cut off");
}

TEST_CASE("laws: verdicts have the names that the results use") {
  CHECK(to_string(law_verdict::holds) == "holds");
  CHECK(to_string(law_verdict::broken) == "broken");
  CHECK(to_string(law_verdict::gave_up) == "gave_up");
  CHECK(to_string(law_verdict::not_offered) == "not offered");
  CHECK(to_string(law_verdict::not_asked) == "not asked");
}

}  // namespace

// The generated tables of this test program.
std::span<const facade_entry> all_facades() { return {&kFacade, 1}; }
std::span<const law_table> all_law_tables() {
  static constexpr law_table kTable{
      "toy", [] { return std::span<const law>(kLaws); }, nullptr, nullptr, nullptr, nullptr, nullptr};
  return {&kTable, 1};
}

}  // namespace copycost
