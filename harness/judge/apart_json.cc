// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/apart_json.h"

#include "harness/base/json.h"

namespace copycost {

std::string to_text(const law_outcome& out) {
  json drawn = json::object{};
  for (const auto& [name, count] : out.drawn) drawn.set(name, count);
  return json::of({{"verdict", static_cast<int>(out.verdict)},
                   {"cases", out.cases},
                   {"counterexample", out.counterexample},
                   {"code", static_cast<int>(out.code)},
                   {"replay", out.replay},
                   {"drawn", drawn}})
      .dump();
}

void read_into(law_outcome& out, std::string_view text) {
  const json said = json::parse(text, "outcome");
  out.verdict = static_cast<law_verdict>(said["verdict"].integer());
  out.cases = static_cast<int>(said["cases"].integer());  // fits: an int that was written before
  out.counterexample = said["counterexample"].text();
  out.replay = said["replay"].text();
  for (const auto& [name, count] : said["drawn"].members())
    out.drawn.emplace(name, static_cast<std::uint64_t>(count.integer()));
  out.code = static_cast<exit_code>(said["code"].integer());
}

std::string to_text(const equality& e) {
  return json::of({{"said", static_cast<int>(e.said)}, {"code", static_cast<int>(e.code)}, {"why", e.why}}).dump();
}

equality equality_from(std::string_view text) {
  const json told = json::parse(text, "comparison");
  equality out;
  out.said = static_cast<likeness>(told["said"].integer());
  out.code = static_cast<exit_code>(told["code"].integer());
  out.why = told["why"].text();
  return out;
}

}  // namespace copycost
