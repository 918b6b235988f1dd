// SPDX-License-Identifier: Apache-2.0
#include "harness/base/json_rows.h"
#include "harness/clock/rows.h"
#include "harness/output/rows.h"

namespace copycost {

json to_json(const figure& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  const auto* word = std::get_if<std::string>(&value);
  return word != nullptr ? json(*word) : json();
}

json to_json(const law_row& r) {
  json row = json::of({{"system", r.system},
                       {"design", r.design},
                       {"law", r.law},
                       {"cases", r.cases},
                       {"verdict", to_string(r.said)},
                       {"replay", r.replay}});
  if (!r.counterexample.empty()) row.set("counterexample", r.counterexample);
  if (r.input) {
    if (!r.input->name.empty()) row.set("input", r.input->name).set("sha256", r.input->sha256);
    if (!r.input->made.mode.empty()) row.set("mode", r.input->made.mode);
    row.set("digest", r.input->made.digest).set("counts", r.input->made.counts);
  }
  if (r.why) row.set("why", *r.why);
  return r.code ? row.set("code", static_cast<int>(*r.code)) : row;
}

json to_json(const compare_row& r) {
  json row = json::of({{"cell", r.cell},
                       {"metric", r.metric},
                       {"base", to_json(r.base)},
                       {"head", to_json(r.head)},
                       {"ratio", or_null(r.ratio)},
                       {"low", or_null(r.low)},
                       {"high", or_null(r.high)},
                       {"detectable", or_null(r.detectable)},
                       {"verdict", to_string(r.said)}});
  return r.why ? row.set("why", *r.why) : row;
}

json to_json(const list_row& r) {
  json row = json::of({{"cell", r.what.name()},
                       {"system", r.what.system->name},
                       {"workload", r.what.workload->traits.name},
                       {"design", r.what.design->name},
                       {"params", to_json(r.what.at)},
                       {"estimate_s", or_null(r.estimate_s)}});
  return r.estimate_s ? row : row.set("why", r.why);
}

json env::to_json(const check& c) {
  return json::of({{"check", c.name}, {"state", c.state}, {"effect", c.effect}, {"remedy", c.remedy}});
}

}  // namespace copycost
