// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <random>

#include "harness/cli/commands.h"
#include "harness/cli/selection.h"
#include "harness/output/console.h"
#include "harness/output/document.h"
#include "harness/output/progress.h"
#include "harness/output/result_dir.h"
#include "harness/process/streams.h"

namespace copycost {

namespace {

// Sixteen digits that no other run has.
std::string new_run_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

void tell_of_companions(const options& o, const std::vector<cell>& cells) {
  if (o.designs.empty() || std::ranges::find(o.designs, "copy") != o.designs.end()) return;
  const auto count = std::ranges::count_if(cells, [](const cell& c) { return c.design->name == "copy"; });
  if (count > 0) say(fmt::format("copycost: {} of them of `copy`, for the ratio (--no-copy leaves them out)\n", count));
}

// Files that an earlier audit or verify left there are of another run now.
void tell_of_older_files(const std::string& dir) {
  for (const char* name : {"audit.json", "verify.json"}) {
    std::error_code error;
    if (std::filesystem::exists(dir + "/" + name, error))
      say(fmt::format("copycost: {}/{} is of an earlier run; `copycost {} -o {}` makes it anew\n", dir, name,
                      name[0] == 'a' ? "audit" : "verify", dir));
  }
}

exit_code code_of(const run_samples& samples, const run_rows& rows) {
  if (!rows.correct) return exit_code::incorrect;
  if (!samples.complete) return g_interrupted ? exit_code::interrupted : samples.code;
  return rows.said.code(exit_code::ok);
}

}  // namespace

exit_code command_run(const options& o) {
  run_request request;
  request.cells = select(o);
  request.how = o.how();
  request.seed = o.seed;
  request.launches = o.launches;
  request.id = new_run_id();
  request.selection = selection_of(o);
  if (o.replayed_launch >= 0) {
    request.launches = 1;
    request.first_launch = o.replayed_launch;
  }
  say(fmt::format("copycost: {} cells, seed {}\n", request.cells.size(), o.seed));
  tell_of_companions(o, request.cells);
  if (!o.output.empty()) prepare_result_dir(o.output);
  run_samples samples;
  {
    progress_line line;
    samples = run_cells(request, line.function());
  }
  const run_rows rows = evaluate(request, samples);
  if (samples.launches == 0 && !samples.complete && rows.correct)
    throw failure(g_interrupted ? exit_code::interrupted : samples.code, "no launch was finished: " + samples.why);
  if (!o.output.empty()) {
    const std::string where = write_result_dir(o.output, request, samples, rows);
    say(fmt::format("copycost: wrote {}\n", where));
    tell_of_older_files(where);
  }
  if (!samples.complete)
    say(fmt::format("copycost: incomplete after {} launches: {}\n", samples.launches, samples.why));
  const std::string missing = what_is_missing(rows.cells);
  if (!missing.empty()) say(fmt::format("copycost: {}\n", missing));
  if (samples.complete && missing.empty() && !rows.complete)
    say(fmt::format("copycost: some launches could not measure every cell: {}\n", rows.why));
  const bool complete = samples.complete && rows.complete;
  json doc = document(o.seed, json_rows(rows.cells), rows.correct && complete);
  doc.set("noise_floor", rows.noise_floor).set("complete", complete).set("launches", samples.launches);
  doc.set("why", samples.complete ? rows.why : samples.why);
  doc.set("run_id", request.id).set("selection", request.selection);
  print(o, doc, run_text(rows.cells, rows.noise_floor, output_columns()));
  return code_of(samples, rows);
}

}  // namespace copycost
