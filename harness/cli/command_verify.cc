// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/cli/commands.h"
#include "harness/cli/input_fit.h"
#include "harness/cli/selection.h"
#include "harness/clock/launcher.h"
#include "harness/core/input.h"
#include "harness/core/input_door.h"
#include "harness/core/text.h"
#include "harness/judge/equality.h"
#include "harness/judge/law.h"
#include "harness/judge/run_laws.h"
#include "harness/out/console.h"
#include "harness/out/document.h"
#include "harness/out/result_dir.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

const law_table* laws_of(std::string_view system) {
  for (const law_table& t : all_law_tables())
    if (t.system == system) return &t;
  return nullptr;
}

const facade_entry& facade_of(const design_entry& d) {
  for (const facade_entry& f : all_facades())
    if (f.system == d.system && f.design == d.name) return f;
  throw failure(exit_code::internal, std::string(d.name) + ": the program has no facade of this design");
}

json row_of(const law_outcome& o) {
  const std::string_view said = to_string(o.verdict);
  json row = json::of({{"system", o.system},
                       {"design", o.design},
                       {"law", o.law},
                       {"cases", o.cases},
                       {"verdict", said},
                       {"replay", o.replay}});
  if (!o.counterexample.empty()) row.set("counterexample", o.counterexample);
  return row;
}

void tell(const law_outcome& o) {
  if (o.verdict == law_verdict::holds || o.verdict == law_verdict::not_offered) return;
  say(fmt::format("copycost: {}/{}: law {}: {}:\n{}\n  replay: copycost verify --replay '{}'\n", o.system, o.design,
             o.law, to_string(o.verdict), o.counterexample, o.replay));
}

std::vector<json> law_rows(const options& o, const std::vector<const design_entry*>& designs) {
  std::vector<json> rows;
  std::vector<std::string> names;
  for (const design_entry* d : designs) {
    const law_table* laws = laws_of(d->system);
    if (laws == nullptr) continue;
    for (const law& l : laws->laws()) {
      names.emplace_back(l.name);
      if (!o.law.empty() && l.name != o.law) continue;
      if (g_interrupted) throw failure(exit_code::interrupted, "interrupted");
      const law_outcome out = run_law(l, facade_of(*d), o.seed, o.cases);
      tell(out);
      rows.push_back(row_of(out));
    }
  }
  if (rows.empty() && !o.law.empty()) {
    const std::string near = nearest(o.law, names);
    throw failure(exit_code::usage, "no law '" + o.law + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
  return rows;
}

// Each workload of each design against the oracle: one row, as many cases as the workload has points.
std::vector<json> oracle_rows(const options& o) {
  std::vector<json> rows;
  std::map<std::string, std::size_t> at;
  for (const cell& c : select(o)) {
    const std::string law = "equals_oracle/" + std::string(c.workload->traits.name),
                      key = std::string(c.system->name) + "/" + std::string(c.design->name) + "/" + law;
    const auto [place, fresh] = at.emplace(key, rows.size());
    if (fresh)
      rows.push_back(json::of({{"system", c.system->name},
                               {"design", c.design->name},
                               {"law", law},
                               {"cases", 0},
                               {"verdict", "holds"},
                               {"replay", ""}}));
    json& row = rows[place->second];
    row.set("cases", row["cases"].integer() + 1);
    const equality e = compare_with_oracle(c, judged_ops(c));
    if (e.equal) continue;
    say(fmt::format("copycost: {}: {}\n", c.name(), e.why));
    row.set("verdict", "broken").set("why", e.why).set("replay", "--filter '^" + c.name() + "$'");
  }
  return rows;
}

// What every design makes of the real input, or of a file in the system's encoding; all must agree.
std::vector<json> input_rows(const options& o, const std::vector<const design_entry*>& designs) {
  std::vector<json> rows;
  const bool encoded = !o.encoded.empty();
  input_set inputs;
  if (encoded) inputs.add("", read_input(o.encoded));
  open_inputs(o);
  if (!encoded) inputs = current_inputs();
  std::map<std::string_view, input_result> first;
  for (const design_entry* d : designs) {
    const law_table* laws = laws_of(d->system);
    const input_check check = laws == nullptr ? nullptr : encoded ? laws->verify_encoded : laws->verify_input;
    const input_file* in = inputs.of(d->system);
    if (check == nullptr || in == nullptr) continue;
    if (encoded && in->directory) throw failure(exit_code::usage, needs_file(*in));
    if (const std::string why = encoded ? "" : refused_by(d->system, *in); !why.empty()) {
      rows.push_back(json::of({{"system", d->system},
                               {"design", d->name},
                               {"law", "input"},
                               {"cases", 0},
                               {"verdict", "not offered"},
                               {"replay", "--input " + shell_word_of_printable(in->name)},
                               {"digest", ""},
                               {"counts", json::object{}},
                               {"why", why}}));
      continue;
    }
    const input_result r = check(facade_of(*d).make, *in);
    const auto [expected, is_first] = first.emplace(d->system, r);
    const bool equal = is_first || (r.digest == expected->second.digest && r.counts == expected->second.counts);
    rows.push_back(json::of({{"system", d->system},
                             {"design", d->name},
                             {"law", encoded ? "encoded" : "input"},
                             {"cases", 1},
                             {"verdict", equal ? "holds" : "broken"},
                             {"replay", (encoded ? "--encoded " : "--input ") + shell_word_of_printable(in->name)},
                             {"input", in->name},
                             {"sha256", in->sha256},
                             {"digest", r.digest},
                             {"counts", r.counts}}));
  }
  return rows;
}

}  // namespace

exit_code command_verify(const options& o) {
  std::vector<json> rows;
  if (!o.replay.empty()) {
    const law_outcome out = replay_law(o.replay);
    tell(out);
    rows.push_back(row_of(out));
  } else {
    const std::vector<const design_entry*> designs = select_designs(o);
    if (!o.inputs.empty() || !o.encoded.empty()) {
      rows = input_rows(o, designs);
    } else {
      say(fmt::format("copycost: seed {}, {} cases\n", o.seed, o.cases));
      rows = law_rows(o, designs);
      if (o.law.empty()) {
        std::vector<json> more = oracle_rows(o);
        rows.insert(rows.end(), more.begin(), more.end());
      }
    }
  }
  if (rows.empty()) throw failure(exit_code::nothing_ran, "nothing was verified");
  const bool ok = std::all_of(rows.begin(), rows.end(), [](const json& r) {
    return r["verdict"].text() == "holds" || r["verdict"].text() == "not offered";
  });
  const json doc = document(o.seed, rows, ok);
  if (!o.output.empty()) {
    prepare_result_dir(o.output);
    replace_file(o.output + "/verify.json", doc.dump(1) + "\n");
  }
  print(o, doc, verify_text(rows));
  return ok ? exit_code::ok : exit_code::incorrect;
}

}  // namespace copycost
