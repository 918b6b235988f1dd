// SPDX-License-Identifier: Apache-2.0
#include "harness/recount/ask.h"

#include <system_error>
#include <utility>

#include "harness/base/child.h"
#include "harness/base/failure.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"
#include "harness/clock/recount.h"

namespace copycost {
namespace {

namespace fs = std::filesystem;

// Empty when the program ended well.
std::string run(const fs::path& program, const fs::path& hooks, std::vector<std::string> arguments) {
  try {
    start_options how;
    how.arguments = std::move(arguments);
    how.variables = {"LD_PRELOAD=" + hooks.string()};
    const ending end = child::start(program.string(), how).wait();
    return end.well() ? "" : "ended with " + end.text();
  } catch (const std::system_error& e) {
    throw failure(exit_code::internal, program.string() + ": cannot start: " + e.what());
  }
}

}  // namespace

recount_answer ask_for_counts(const fs::path& program, const fs::path& hooks, const plan& p) {
  for (const fs::path& needed : {program, hooks})
    if (!fs::exists(needed))
      throw failure(exit_code::internal, needed.string() + ": not there; scripts/build makes it");
  const temp_dir scratch("recount");
  const fs::path plan_path = scratch.path() / "plan.json", out_path = scratch.path() / "out.jsonl";
  replace_file(plan_path, to_json(p).dump());
  recount_answer out;
  out.why = run(program, hooks, {"--plan", plan_path.string(), "--out", out_path.string()});
  std::error_code error;
  if (fs::exists(out_path, error))
    for (const std::string& line : split(read_file(out_path), '\n'))
      out.rows.push_back(recount_from_json(json::parse(line, out_path.string())));
  return out;
}

}  // namespace copycost
