// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>

#include "harness/cli/commands.h"
#include "harness/cli/selection.h"
#include "harness/out/console.h"
#include "harness/out/document.h"
#include "harness/out/progress.h"
#include "harness/out/result_dir.h"
#include "harness/process/streams.h"

namespace copycost {

exit_code command_run(const options& o) {
  run_request request;
  request.cells = select(o), request.how = o.how(), request.seed = o.seed, request.launches = o.launches;
  if (o.replayed_launch >= 0) request.launches = 1, request.first_launch = o.replayed_launch;
  say(fmt::format("copycost: {} cells, seed {}\n", request.cells.size(), o.seed));
  if (!o.output.empty()) prepare_result_dir(o.output);
  run_samples samples;
  {
    progress_line line;
    samples = run_cells(request, line.function());
  }
  if (samples.launches == 0)
    throw failure(g_interrupted ? exit_code::interrupted : exit_code::internal,
                  "no launch was finished: " + samples.why);
  const run_rows rows = evaluate(request, samples);
  if (!o.output.empty()) {
    const std::string where = write_result_dir(o.output, request, samples, rows);
    say(fmt::format("copycost: wrote {}\n", where));
  }
  if (!samples.complete)
    say(fmt::format("copycost: incomplete after {} launches: {}\n", samples.launches, samples.why));
  json doc = document(o.seed, rows.cells, rows.correct && samples.complete);
  doc.set("noise_floor", rows.noise_floor).set("complete", samples.complete).set("launches", samples.launches);
  print(o, doc, run_text(rows.cells, rows.noise_floor));
  if (!rows.correct) return exit_code::incorrect;
  if (samples.complete) return exit_code::ok;
  return g_interrupted ? exit_code::interrupted : exit_code::internal;
}

}  // namespace copycost
