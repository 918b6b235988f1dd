// SPDX-License-Identifier: Apache-2.0
//
// Laws about processes that are killed while they append to files (crash.h).
#include "harness/judge/run_laws.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/laws/crash.h"
#include "scenarios/event_store/laws/durable.h"

namespace copycost::event_store::properties {
namespace {

// Crashes in a row, in one directory.
void crash(facade& f, crash_plan plan, const std::function<void(crash_plan&)>& draw_moment) {
  for (std::uint64_t n = draw_number("crashes", 1, 3); n > 0; --n) {
    plan.moment = draw_number("moment", 0, 9999);
    draw_moment(plan);
    const crash_result r = crash_once(f, plan);
    if (!r.wrong.empty())
      RC_FAIL(r.wrong + "; acknowledged to " + std::to_string(r.acknowledged) + ", begun to " +
              std::to_string(r.begun));
    plan.log = r.log;
  }
}

void killed_process_loses_nothing(facade_maker make) {
  const auto f = design_of<facade>(make);
  const home files;
  crash_plan plan{.options = draw_durable(*f, files), .seed = draw_number("seed", 0, 999)};
  plan.truncates = draw_bool("truncates");
  crash(*f, plan, [](crash_plan& p) { p.microseconds = draw_number("microseconds", 0, 1500); });
}

void killed_between_bytes_loses_nothing(facade_maker make) {
  const auto f = design_of<facade>(make);
  if (!f->on_disk()) throw not_offered{"files through a disk"};
  const home files;
  crash_plan plan{.options = draw_durable(*f, files), .seed = draw_number("seed", 0, 999)};
  plan.truncates = draw_bool("truncates");
  crash(*f, plan, [](crash_plan& p) {
    p.fuse = draw_bool("early") ? draw_number("fuse", 1, 300) : draw_number("long fuse", 1, 40'000);
  });
}

}  // namespace

law_list crashing() {
  return {
      law_of<killed_process_loses_nothing>(
          "a process that is killed at any moment leaves what it acknowledged, and nothing else", {.cost = 10}),
      law_of<killed_between_bytes_loses_nothing>(
          "the same when it dies between two bytes of a record, or between two operations on its files", {.cost = 4}),
  };
}

}  // namespace copycost::event_store::properties
