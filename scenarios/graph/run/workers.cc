// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/run/workers.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

namespace copycost::graph {

struct workers::threads {
  threads(unsigned count, task what)
      : run(what), most(tbb::global_control::max_allowed_parallelism, count + 1), arena(static_cast<int>(count), 0) {}
  const task run;
  const tbb::global_control most;  // without it there are no more than processors
  tbb::task_arena arena;
  tbb::task_group group;
};

workers::workers(unsigned count, task run) : is_(std::make_unique<threads>(count, run)) {}
workers::~workers() = default;

void workers::push_here(void* place) {
  is_->group.run([run = is_->run, place] { run(place); });
}
void workers::push_last(void* place) {
  is_->arena.enqueue(is_->group.defer([run = is_->run, place] { run(place); }));
}
void workers::wait() {
  is_->arena.execute([this] { is_->group.wait(); });
}

}  // namespace copycost::graph
