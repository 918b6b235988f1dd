// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/batch_timer.h"

#include <sched.h>

#include <algorithm>

#include "harness/base/now.h"

namespace copycost {
namespace {
unsigned processors_here() {
  cpu_set_t allowed;
  return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? static_cast<unsigned>(CPU_COUNT(&allowed)) : 1;
}
}  // namespace

window_time window_of(std::span<const role_record> roles) {
  std::int64_t first = roles[0].opened_ns, last = roles[0].closed_ns, latest_open = first, earliest_close = last,
               paused = 0;
  for (const role_record& r : roles) {
    first = std::min(first, r.opened_ns);
    latest_open = std::max(latest_open, r.opened_ns);
    last = std::max(last, r.closed_ns);
    earliest_close = std::min(earliest_close, r.closed_ns);
    paused = std::max(paused, r.paused_ns);
  }
  const auto wall = static_cast<double>(last - first);
  const auto shared = static_cast<double>(std::max<std::int64_t>(0, earliest_close - latest_open));
  return {wall, wall > 0 ? shared / wall : 1, static_cast<double>(paused)};
}

double crowd_overlap(std::span<const role_record> roles, unsigned processors) {
  const window_time all = window_of(roles);
  if (roles.size() <= processors || all.wall_ns <= 0) return all.overlap;
  if (processors < 2) return 0;
  double sum = 0;
  for (const role_record& r : roles) sum += static_cast<double>(r.closed_ns - r.opened_ns);
  return std::clamp((sum / all.wall_ns - 1) / (processors - 1), 0.0, 1.0);
}

double scenery_share(std::span<const role_record> roles, unsigned scenery) {
  const auto timed = roles.subspan(scenery);
  std::int64_t first = timed[0].opened_ns, last = timed[0].closed_ns;
  for (const role_record& r : timed) {
    first = std::min(first, r.opened_ns);
    last = std::max(last, r.closed_ns);
  }
  std::int64_t from = first, to = last;
  for (const role_record& r : roles.first(scenery)) {
    from = std::max(from, r.opened_ns);
    to = std::min(to, r.closed_ns);
  }
  return last > first ? static_cast<double>(std::max<std::int64_t>(0, to - from)) / static_cast<double>(last - first)
                      : 1;
}

batch_timer::batch_timer(const cell& what, std::int64_t period_ns)
    : what_(what), form_(what.form()), period_ns_(period_ns) {}

void batch_timer::fresh() {
  if (stage_ != nullptr) add_up();
  const std::int64_t start = now_ns();
  stage_options options;
  options.period_ns = period_ns_;
  stage_ = std::make_unique<stage>(what_, by_, options);
  stage_->setup();
  setup_ns_ = static_cast<double>(now_ns() - start);
}

window_time batch_timer::run(std::uint64_t n) {
  if (stage_ == nullptr || !form_.repeatable()) fresh();
  stage_->run(n);
  const auto timed = stage_->records().subspan(form_.scenery);
  window_time t = window_of(timed);
  t.overlap = crowd_overlap(timed, processors_here());
  if (form_.scenery > 0) t.overlap = scenery_share(stage_->records(), form_.scenery);
  if (what_.workload->traits.thread_time()) {
    std::int64_t sum = 0;
    for (const role_record& r : timed) sum += r.processor_ns;
    t.wall_ns = static_cast<double>(sum) / static_cast<double>(timed.size());
  }
  return t;
}

void batch_timer::add_up() {
  const tally t = stage_->finish();
  ops_ += static_cast<double>(t.ops);
  items_ += static_cast<double>(t.items);
  bytes_ += static_cast<double>(t.payload_bytes);
  if (form_.open_loop())
    for (unsigned role = 0; role < form_.roles(); ++role)
      latencies_.merge(*static_cast<latency_histogram*>(stage_->scratch(role)));
  stage_.reset();
}

void batch_timer::finish() {
  if (stage_ != nullptr) add_up();
}

}  // namespace copycost
