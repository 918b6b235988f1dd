// SPDX-License-Identifier: Apache-2.0
//
// The runner of laws, on laws whose fate is known. This program's only system is the toy below.
#include "harness/judge/run_laws.h"

#include <rapidcheck.h>

#include <cstdlib>

#include "harness/core/failure.h"
#include "property_tests/catch.h"

using namespace copycost;

namespace {

int draw_n() { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 1000)).as("n"); }

void small(facade_maker) { RC_ASSERT(draw_n() < 500); }
void anything(facade_maker) { RC_ASSERT(draw_n() < 1000); }
void impossible(facade_maker) { RC_PRE(draw_n() < 0); }
void elsewhere(facade_maker) { throw not_offered{"flying"}; }
void throws(facade_maker) {
  if (draw_n() > 100) throw std::runtime_error("the design threw");
}
void crashes(facade_maker) {
  if (draw_n() > 900) std::abort();
}

const law kLaws[] = {
    {"small", "fails from 500 on", small},
    {"anything", "always holds", anything, 10},
    {"impossible", "discards every case", impossible},
    {"elsewhere", "asks for what is not there", elsewhere},
    {"throws", "throws above 100", throws},
    {"crashes", "aborts above 900", crashes},
};
const law& named(std::string_view name) {
  for (const law& l : kLaws)
    if (l.name == name) return l;
  throw std::logic_error("no such law");
}

std::unique_ptr<facade_base> make_toy() { return std::make_unique<facade_base>(); }
const facade_entry kToys[] = {{"toy", "one", make_toy}, {"toy", "two", make_toy}};
std::span<const law> toy_laws() { return kLaws; }
const law_table kTables[] = {{"toy", &toy_laws, nullptr}};

law_outcome run(std::string_view name, int cases = 100, std::uint64_t seed = 1) {
  return run_law(named(name), kToys[0], seed, cases);
}

std::string refusal(std::string_view replay) {
  try {
    replay_law(replay);
  } catch (const failure& e) {
    CHECK(e.code == exit_code::usage);
    return e.what();
  }
  return "accepted";
}

}  // namespace

namespace copycost {
std::span<const facade_entry> all_facades() { return kToys; }
std::span<const law_table> all_law_tables() { return kTables; }
}  // namespace copycost

TEST_CASE("a law that holds ran all its cases") {
  const law_outcome out = run("anything");
  CHECK(out.verdict == law_verdict::holds);
  CHECK(out.cases == 10);  // ten times as dear
  CHECK(out.replay.empty());
  CHECK(out.counterexample.empty());
  CHECK(cases_of(named("anything"), 100) == 10);
  CHECK(cases_of(named("anything"), 5) == 1);
  CHECK(cases_of(named("small"), 5) == 5);
}

TEST_CASE("a broken law shows its smallest case, and how to run it again") {
  const law_outcome out = run("small");
  REQUIRE(out.verdict == law_verdict::broken);
  CHECK(out.cases > 0);
  CHECK(out.counterexample.find("n: 500\n") != std::string::npos);
  CHECK(out.counterexample.find("draw_n() < 500") != std::string::npos);
  CHECK(out.replay.rfind("toy/one/small@", 0) == 0);

  const law_outcome again = replay_law(out.replay);
  CHECK(again.verdict == law_verdict::broken);
  CHECK(again.counterexample == out.counterexample);
  CHECK(again.replay == out.replay);

  const law_outcome on_two = replay_law("toy/two/" + out.replay.substr(8));
  CHECK(on_two.design == "two");
  CHECK(on_two.counterexample == out.counterexample);
}

TEST_CASE("the same seed draws the same cases, another seed others") {
  CHECK(run("small", 100, 7).replay == run("small", 100, 7).replay);
  CHECK(run("small", 100, 7).replay != run("small", 100, 8).replay);
}

TEST_CASE("an exception out of a law breaks it") {
  const law_outcome out = run("throws");
  CHECK(out.verdict == law_verdict::broken);
  CHECK(out.counterexample.find("the design threw") != std::string::npos);
  CHECK(out.counterexample.find("n: 101\n") != std::string::npos);
}

TEST_CASE("a law that never met its preconditions gave up, which is not holding") {
  const law_outcome out = run("impossible");
  CHECK(out.verdict == law_verdict::gave_up);
  CHECK(out.cases == 0);
}

TEST_CASE("a law about an operation that the design does not have is not offered") {
  const law_outcome out = run("elsewhere");
  CHECK(out.verdict == law_verdict::not_offered);
  CHECK(out.cases == 0);
  CHECK(out.counterexample.find("flying") != std::string::npos);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if !defined(__has_feature)
#define COPYCOST_LAWS_APART
#elif !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define COPYCOST_LAWS_APART
#endif
#endif
#ifdef COPYCOST_LAWS_APART
TEST_CASE("a law that crashes is broken, says in which case, and the program lives on") {
  const law_outcome out = run("crashes");
  CHECK(out.verdict == law_verdict::broken);
  CHECK(out.cases > 0);
  CHECK(out.counterexample.find("signal 6") != std::string::npos);
  CHECK(out.replay.rfind("toy/one/crashes@", 0) == 0);
  // The same code on another law of the same draws: the case that crashed drew a number above 900.
  const law_outcome drawn = replay_law("toy/one/small" + out.replay.substr(15));
  CHECK(drawn.verdict == law_verdict::broken);
}
#endif

TEST_CASE("a replay string that means nothing is refused with a reason") {
  const std::string good = run("small").replay;
  CHECK(refusal("small") == "replay: expected SYSTEM/DESIGN/LAW@CODE, got 'small'");
  CHECK(refusal("toy/small@AAAA") == "replay: expected SYSTEM/DESIGN/LAW@CODE, got 'toy/small@AAAA'");
  CHECK(refusal("toi/one/small@AAAA") == "replay: there is no system 'toi'; did you mean 'toy'?");
  CHECK(refusal("toy/onee/small@AAAA") == "replay: there is no design 'onee'; did you mean 'one'?");
  CHECK(refusal("toy/one/smal@AAAA") == "replay: there is no law 'smal'; did you mean 'small'?");
  CHECK(refusal("toy/one/small@A*AA") == "replay: '*' is no digit of a code");
  CHECK(refusal("toy/one/small@AAAA") == "replay: the code behind '@' is cut off");
  CHECK(refusal(good.substr(0, 60)) == "replay: the code behind '@' is cut off");
  CHECK(refusal(good) == "accepted");
}
