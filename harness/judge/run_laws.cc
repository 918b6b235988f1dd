// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/run_laws.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include "harness/core/failure.h"
#include "harness/core/rng.h"
#include "harness/core/text.h"

namespace copycost {
namespace {

using reproduce_map = std::unordered_map<std::string, rc::detail::Reproduce>;

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
};

// Base 64 with the alphabet for file names (RFC 4648, section 5), without padding.
constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string replay_code(const rc::detail::Reproduce& of) {
  std::vector<std::uint8_t> bytes;
  rc::detail::serialize(of, std::back_inserter(bytes));
  std::string code;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 6) {
    const unsigned next = bit / 8 + 1 < bytes.size() ? bytes[bit / 8 + 1] : 0u;
    code += kDigits[((unsigned{bytes[bit / 8]} << 8 | next) >> (10 - bit % 8)) & 63u];
  }
  return code;
}

// Throws failure{usage} when the text is no code.
rc::detail::Reproduce from_replay_code(std::string_view code) {
  std::vector<std::uint8_t> bytes;
  unsigned held = 0, bits = 0;
  for (const char c : code) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) throw failure(exit_code::usage, std::string("replay: '") + c + "' is no digit of a code");
    held = held << 6 | static_cast<unsigned>(digit), bits += 6;
    if (bits >= 8) bits -= 8, bytes.push_back(static_cast<std::uint8_t>(held >> bits));
  }
  rc::detail::Reproduce out{};
  try {
    rc::detail::deserialize(bytes.begin(), bytes.end(), out);
  } catch (const rc::detail::SerializationException&) {
    throw failure(exit_code::usage, "replay: the code behind '@' is cut off");
  }
  return out;
}

// With an empty map: searches for a case that fails. Otherwise: runs the one case in the map.
attempt run(const law& one, facade_maker make, const rc::detail::TestParams& at, const reproduce_map& again) {
  attempt done;
  shrink_counter shrinks;
  const auto property = [&] {
    if (!done.operation.empty() || shrinks.tried > kShrinksMax) return;
    try {
      one.check(make);
    } catch (const not_offered& what) {
      done.operation = what.operation;
    }
  };
  const std::string id(one.name);
  done.result = rc::detail::checkTestable(property, rc::detail::TestMetadata{id, id}, at, shrinks, again);
  return done;
}

std::string tell(const rc::detail::FailureResult& f) {
  std::string text;
  for (const auto& [name, value] : f.counterExample) text += name + ": " + value + "\n";
  return text + f.description;
}

// Runs the failing case once more: for its values (a bounded shrinking has lost them), and to see that it does fail.
void describe(law_outcome& out, const law& one, facade_maker make, const rc::detail::Reproduce& code) {
  out.verdict = law_verdict::broken;
  out.replay = out.system + '/' + out.design + '/' + out.law + '@' + replay_code(code);
  const attempt again = run(one, make, {}, {{out.law, code}});
  rc::detail::FailureResult failed;
  if (again.result.match(failed))
    out.counterexample = tell(failed);
  else
    out.counterexample = "failed, but not a second time: the outcome depends on more than what was drawn (threads?)";
}

law_outcome judged(const law& one, const facade_entry& of, const attempt& done, int asked) {
  law_outcome out;
  out.system = of.system, out.design = of.design, out.law = one.name;
  rc::detail::SuccessResult holds;
  rc::detail::FailureResult broken;
  rc::detail::GaveUpResult tired;
  rc::detail::Error error;
  if (!done.operation.empty()) {
    out.verdict = law_verdict::not_offered;
    out.counterexample = "not offered: " + done.operation;
  } else if (done.result.match(holds)) {
    out.cases = holds.numSuccess;
    out.verdict = holds.numSuccess >= asked && asked > 0 ? law_verdict::holds : law_verdict::broken;
    if (out.verdict == law_verdict::broken)
      out.counterexample = std::to_string(holds.numSuccess) + " cases ran, " + std::to_string(asked) + " were asked for";
  } else if (done.result.match(tired)) {
    out.cases = tired.numSuccess, out.verdict = law_verdict::gave_up, out.counterexample = tired.description;
  } else if (done.result.match(broken)) {
    out.cases = broken.numSuccess + 1;
    describe(out, one, of.make, broken.reproduce);
  } else if (done.result.match(error)) {
    out.counterexample = error.description;
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

std::string_view to_string(law_verdict v) {
  switch (v) {
    case law_verdict::holds: return "holds";
    case law_verdict::broken: return "broken";
    case law_verdict::gave_up: return "gave_up";
    case law_verdict::not_offered: return "not offered";
  }
  return "unknown";
}

int cases_of(const law& one, int cases) { return std::max(1, cases / static_cast<int>(std::max(1u, one.cost))); }

law_outcome run_law(const law& one, const facade_entry& of, std::uint64_t seed, int cases) {
  rc::detail::TestParams at;
  for (const char c : one.name) seed = rng::split(seed) ^ static_cast<unsigned char>(c);  // other laws, other cases
  at.seed = seed;
  at.maxSuccess = cases_of(one, cases);
  return judged(one, of, run(one, of.make, at, {}), at.maxSuccess);
}

law_outcome replay_law(std::string_view replay) {
  const std::size_t cut = replay.find('@');
  const auto path = split(replay.substr(0, cut), '/');
  if (cut == std::string_view::npos || path.size() != 3)
    throw failure(exit_code::usage, "replay: expected SYSTEM/DESIGN/LAW@CODE, got '" + std::string(replay) + "'");
  const auto& table = named(all_law_tables(), path[0], "system", [](const law_table& t) { return t.system; });
  std::vector<facade_entry> designs;
  std::ranges::copy_if(all_facades(), std::back_inserter(designs), [&](const facade_entry& f) { return f.system == path[0]; });
  const facade_entry of = named(designs, path[1], "design", [](const facade_entry& f) { return f.design; });
  const law& one = named(table.laws(), path[2], "law", [](const law& l) { return l.name; });
  const reproduce_map again{{path[2], from_replay_code(replay.substr(cut + 1))}};
  return judged(one, of, run(one, of.make, {}, again), 1);
}

}  // namespace copycost
