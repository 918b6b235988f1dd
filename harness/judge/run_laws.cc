// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/run_laws.h"

#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <vector>

#include "harness/base/refused.h"
#include "harness/base/rng.h"
#include "harness/base/text.h"
#include "harness/core/fault.h"
#include "harness/judge/apart.h"
#include "harness/judge/apart_json.h"
#include "harness/judge/replay_code.h"

namespace copycost {
namespace {

// What rapidcheck answers to a code whose case does not fail.
constexpr std::string_view kHoldsNow = "Reproduced result is not a failure";

using reproduce_map = std::unordered_map<std::string, rc::detail::Reproduce>;

// A law that takes longer hangs.
int patience_s(int cases) { return 120 + cases / 2; }

// Shrinking tries one smaller case after another; past this many the smallest one found so far is good enough.
constexpr int kShrinksMax = 2000;

// Counts the smaller cases that are tried, and says nothing.
class shrink_counter final : public rc::detail::TestListenerAdapter {
 public:
  void onShrinkTried(const rc::detail::CaseDescription&, bool) override { ++tried; }
  int tried = 0;
};

struct attempt {
  rc::detail::TestResult result = rc::detail::Error("did not run");
  std::string operation;  // what the design does not offer; empty where it offers everything that the law asks for
  std::optional<fault> could_not;  // why the law could not be asked
};

// With an empty map: searches for a case that fails. Otherwise: runs the one case in the map.
attempt run(const law& one, facade_maker make, const rc::detail::TestParams& at, const reproduce_map& again,
            last_case* last = nullptr) {
  take_drawn();
  attempt done;
  shrink_counter shrinks;
  const auto property = [&] {
    if (!done.operation.empty() || done.could_not || shrinks.tried > kShrinksMax) return;
    try {
      one.check(make);
    } catch (const not_offered& what) {
      done.operation = what.operation;
    } catch (const refused&) {
      throw;
    } catch (const std::exception&) {
      fault failed = fault_of_current_exception();
      if (failed.of_design()) throw;
      done.could_not = std::move(failed);
    }
  };
  const rc::detail::Property asked = rc::detail::toProperty(property);
  const rc::detail::Property noted = [&](const rc::Random& random, int size) {
    if (last != nullptr) last->note(random, size);
    return asked(random, size);
  };
  const std::string id(one.name);
  done.result = rc::detail::checkProperty(noted, {id, id}, at, shrinks, again);
  return done;
}

std::string replay_of(const law_outcome& out, const std::string& code) {
  return out.system + '/' + out.design + '/' + out.law + '@' + code;
}

std::string tell(const rc::detail::FailureResult& f) {
  std::string text;
  for (const auto& [name, value] : f.counterExample) text += name + ": " + value + "\n";
  return text + f.description;
}

// Runs the failing case once more: for its values (a bounded shrinking has lost them), and to see that it does fail.
void describe(law_outcome& out, const law& one, facade_maker make, const rc::detail::Reproduce& code) {
  out.verdict = law_verdict::broken;
  out.replay = replay_of(out, replay_code(code));
  const attempt again = run(one, make, {}, {{out.law, code}});
  rc::detail::FailureResult failed;
  if (again.result.match(failed))
    out.counterexample = tell(failed);
  else
    out.counterexample = "failed, but not a second time: the outcome depends on more than what was drawn (threads?)";
}

void say_not_asked(law_outcome& out, const fault& why) {
  out.verdict = law_verdict::not_asked;
  out.code = why.code;
  out.counterexample = "could not be asked: " + why.why;
}

law_outcome judged(const law& one, const facade_entry& of, const attempt& done, int asked) {
  law_outcome out;
  out.system = of.system;
  out.design = of.design;
  out.law = one.name;
  out.drawn = take_drawn();
  rc::detail::SuccessResult holds;
  rc::detail::FailureResult broken;
  rc::detail::GaveUpResult tired;
  rc::detail::Error error;
  if (!done.operation.empty()) {
    out.verdict = law_verdict::not_offered;
    out.counterexample = "not offered: " + done.operation;
  } else if (done.could_not) {
    say_not_asked(out, *done.could_not);
  } else if (done.result.match(holds)) {
    out.cases = holds.numSuccess;
    out.verdict = holds.numSuccess >= asked && asked > 0 ? law_verdict::holds : law_verdict::broken;
    if (out.verdict == law_verdict::broken)
      out.counterexample =
          std::to_string(holds.numSuccess) + " cases ran, " + std::to_string(asked) + " were asked for";
  } else if (done.result.match(tired)) {
    out.cases = tired.numSuccess;
    out.verdict = law_verdict::gave_up;
    out.counterexample = tired.description;
  } else if (done.result.match(broken)) {
    out.cases = broken.numSuccess + 1;
    describe(out, one, of.make, broken.reproduce);
    const std::string shortage = machine_short_of();
    if (!shortage.empty()) say_not_asked(out, {exit_code::internal, shortage + "; then\n" + out.counterexample});
  } else if (done.result.match(error)) {
    out.counterexample = error.description;
  }
  return out;
}

// The same in a child process, so that a design that crashes or hangs is a broken law and not the end of the run.
law_outcome judged_apart(const law& one, const facade_entry& of, const rc::detail::TestParams& at) {
  law_outcome out;
  out.system = of.system;
  out.design = of.design;
  out.law = one.name;
  last_case last;
  apart done;
  try {
    done = run_apart([&] { return to_text(judged(one, of, run(one, of.make, at, {}, &last), at.maxSuccess)); },
                     patience_s(at.maxSuccess));
  } catch (const failure& e) {
    say_not_asked(out, {e.code, e.what()});
    return out;
  }
  if (done.died.empty()) {
    read_into(out, done.text);
  } else {
    out.cases = last.cases();
    out.counterexample =
        "the process ended in case " + std::to_string(out.cases) + ", or while it was made smaller: " + done.died;
    if (done.code != exit_code::incorrect) {
      say_not_asked(out, {done.code, out.counterexample});
      return out;
    }
    out.replay = replay_of(out, last.code());
  }
  return out;
}

template <class Items, class Name>
const auto& named(const Items& items, std::string_view wanted, const char* what, Name name_of) {
  std::vector<std::string> names;
  for (const auto& item : items) {
    if (name_of(item) == wanted) return item;
    names.emplace_back(name_of(item));
  }
  const std::string near = nearest(wanted, names);
  throw failure(exit_code::usage, "replay: there is no " + std::string(what) + " '" + std::string(wanted) + "'" +
                                      (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

}  // namespace

int cases_of(const law& one, int cases) { return std::max(1, cases / static_cast<int>(std::max(1u, one.cost))); }

law_outcome run_law(const law& one, const facade_entry& of, std::uint64_t seed, int cases) {
  rc::detail::TestParams at;
  for (const char c : one.name) seed = rng::split(seed) ^ static_cast<unsigned char>(c);  // other laws, other cases
  at.seed = seed;
  at.maxSuccess = cases_of(one, cases);
  return kApart ? judged_apart(one, of, at) : judged(one, of, run(one, of.make, at, {}), at.maxSuccess);
}

law_outcome replay_law(std::string_view replay) {
  const std::size_t cut = replay.find('@');
  const auto path = split(replay.substr(0, cut), '/');
  if (cut == std::string_view::npos || path.size() != 3)
    throw failure(exit_code::usage, "replay: expected SYSTEM/DESIGN/LAW@CODE, got '" + std::string(replay) + "'");
  const auto& table = named(all_law_tables(), path[0], "system", [](const law_table& t) { return t.system; });
  std::vector<facade_entry> designs;
  std::ranges::copy_if(all_facades(), std::back_inserter(designs),
                       [&](const facade_entry& f) { return f.system == path[0]; });
  const facade_entry of = named(designs, path[1], "design", [](const facade_entry& f) { return f.design; });
  const law& one = named(table.laws(), path[2], "law", [](const law& l) { return l.name; });
  const reproduce_map again{{path[2], from_replay_code(replay.substr(cut + 1))}};
  attempt done = run(one, of.make, {}, again);
  rc::detail::Error error;
  if (done.operation.empty() && !done.could_not && done.result.match(error)) {
    if (error.description != kHoldsNow)
      throw failure(exit_code::usage,
                    "replay: the law draws other values than the one of this code (" + error.description + ")");
    done.result = rc::detail::SuccessResult{1, {}};  // the bug is fixed, or the case is another one now
  }
  return judged(one, of, done, 1);
}

}  // namespace copycost
