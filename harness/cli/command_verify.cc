// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "harness/base/input/input.h"
#include "harness/base/input/input_door.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/input_fit.h"
#include "harness/cli/selection.h"
#include "harness/clock/launcher.h"
#include "harness/core/fault.h"
#include "harness/core/verdict.h"
#include "harness/judge/apart.h"
#include "harness/judge/apart_json.h"
#include "harness/judge/equality.h"
#include "harness/judge/law.h"
#include "harness/judge/run_laws.h"
#include "harness/output/console.h"
#include "harness/output/document.h"
#include "harness/output/result_dir.h"
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

law_row row_of(std::string_view system, std::string_view design, std::string_view law) {
  law_row row;
  row.system = system;
  row.design = design;
  row.law = law;
  return row;
}

law_row row_of(const law_outcome& o) {
  law_row row = row_of(o.system, o.design, o.law);
  row.cases = o.cases;
  row.said = o.verdict;
  row.replay = o.replay;
  row.counterexample = o.counterexample;
  if (o.verdict == law_verdict::not_asked) {
    row.why = o.counterexample;
    row.code = o.code;
  }
  return row;
}

// Of a row of the oracle or of an input, by what failed.
law_verdict verdict_for(const fault& failed) {
  return failed.of_design() ? law_verdict::broken : law_verdict::not_asked;
}

// The comparison in a process of its own: a design that crashes is not equal, and the other cells are still compared.
equality compare_apart(const cell& c) {
  if (!kApart) return compare_with_oracle(c, judged_ops(c));
  constexpr int kPatienceS = 600;
  const apart done = run_apart([&] { return to_text(compare_with_oracle(c, judged_ops(c))); }, kPatienceS);
  if (done.died.empty()) return equality_from(done.text);
  const fault how{done.code, "the process ended: " + done.died};
  equality out;
  out.said = how.of_design() ? likeness::different : likeness::could_not;
  out.code = how.code;
  out.why = how.why;
  return out;
}

void tell(const law_outcome& o) {
  if (o.verdict == law_verdict::holds || o.verdict == law_verdict::not_offered) return;
  say(fmt::format("copycost: {}/{}: law {}: {}:\n{}\n  replay: copycost verify --replay '{}'\n", o.system, o.design,
                  o.law, to_string(o.verdict), o.counterexample, o.replay));
}

std::vector<law_row> law_rows(const options& o, const std::vector<const design_entry*>& designs) {
  std::vector<law_row> rows;
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
std::vector<law_row> oracle_rows(const options& o) {
  std::vector<law_row> rows;
  std::map<std::string, std::size_t> at;
  for (const cell& c : select(o)) {
    const std::string law = "equals_oracle/" + std::string(c.workload->traits.name),
                      key = std::string(c.system->name) + "/" + std::string(c.design->name) + "/" + law;
    const auto [place, fresh] = at.emplace(key, rows.size());
    if (fresh) rows.push_back(row_of(c.system->name, c.design->name, law));
    law_row& row = rows[place->second];
    ++row.cases;
    const equality e = compare_apart(c);
    if (e.equal()) continue;
    say(fmt::format("copycost: {}: {}\n", c.name(), e.why));
    if (row.said == law_verdict::broken) continue;  // the first that is wrong is shown
    row.said = verdict_for({e.code, e.why});
    row.why = e.why;
    row.code = e.code;
    row.replay = "--filter '^" + c.name() + "$'";
  }
  return rows;
}

// The row with what was made of the input; broken where another design or mode makes something else of it.
law_row agreeing(law_row row, const input_result& made, const input_result& before) {
  if (made.digest != before.digest || !(made.counts == before.counts)) row.said = law_verdict::broken;
  row.input->made = made;
  return row;
}

// What every design makes of the real input, or of a file in the system's encoding; all must agree.
std::vector<law_row> input_rows(const options& o, const std::vector<const design_entry*>& designs) {
  std::vector<law_row> rows;
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
    law_row row = row_of(d->system, d->name, encoded ? "encoded" : "input");
    row.replay = (encoded ? "--encoded " : "--input ") + shell_word_of_printable(in->name);
    row.input.emplace();
    if (const std::string why = encoded ? "" : refused_by(d->system, *in); !why.empty()) {
      row.said = law_verdict::not_offered;
      row.why = why;
      rows.push_back(std::move(row));
      continue;
    }
    row.input->name = in->name;
    row.input->sha256 = in->sha256;
    std::vector<law_row> others;  // of the system's other modes
    try {
      input_result made = check(facade_of(*d).make, *in);
      const std::vector<input_result> modes = std::exchange(made.other_modes, {});
      row.cases = 1;
      const input_result& before = first.emplace(d->system, made).first->second;
      for (const input_result& other : modes) others.push_back(agreeing(row, other, before));
      row = agreeing(std::move(row), made, before);
    } catch (...) {
      const fault failed = fault_of_current_exception();
      if (failed.code == exit_code::usage) throw;  // the input is to blame, and so for every design
      say(fmt::format("copycost: {}/{}: {}\n", d->system, d->name, failed.why));
      row.said = verdict_for(failed);
      row.why = failed.why;
      row.code = failed.code;
    }
    rows.push_back(std::move(row));
    std::ranges::move(others, std::back_inserter(rows));
  }
  return rows;
}

bool holds(const law_row& row) { return row.said == law_verdict::holds || row.said == law_verdict::not_offered; }

// 1 for what does not hold; else as for every command, where a law that could not be asked was not measured.
exit_code code_of(const std::vector<law_row>& rows) {
  verdict_count count;
  for (const law_row& row : rows)
    count.add(holds(row)                           ? verdict::holds
              : row.said == law_verdict::not_asked ? verdict::not_measured
                                                   : verdict::broken,
              row.code.value_or(exit_code::internal));
  return count.code();
}

}  // namespace

exit_code command_verify(const options& o) {
  std::vector<law_row> rows;
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
        std::vector<law_row> more = oracle_rows(o);
        rows.insert(rows.end(), more.begin(), more.end());
      }
    }
  }
  if (rows.empty()) throw failure(exit_code::nothing_ran, "nothing was verified");
  const bool ok = std::ranges::all_of(rows, holds);
  json doc = document(o.seed, json_rows(rows), ok);
  belongs_to_run(doc, o);
  if (!o.output.empty()) {
    prepare_result_dir(o.output);
    replace_file(o.output + "/verify.json", doc.dump(1) + "\n");
  }
  print(o, doc, verify_text(rows, output_columns()));
  if (const std::string missing = what_is_missing(rows); !missing.empty()) say(fmt::format("copycost: {}\n", missing));
  return code_of(rows);
}

}  // namespace copycost
