// SPDX-License-Identifier: Apache-2.0
//
// Part of pool.h: threads that run tasks and steal them from each other. A task is a place in memory that the function
// of all of them is called with.
//
//   push_here(x) --> this worker's stack <--- others steal from the other end
//   push_last(x) --> a queue for all
//
// It is a file of its own because ThreadSanitizer knows nothing of what happens inside oneTBB and would see a race in
// each task that it hands from one thread to another: this file is compiled without it.
//
// Lifetime: wait() before it is destroyed.
// Threads: push_here() from within a task; push_last() from any.
// Cost: an allocation of oneTBB's own a task.
// Source: oneTBB, task_arena and task_group.
#pragma once
#include <memory>

namespace copycost::graph {

class workers {
 public:
  using task = void (*)(void* place);
  workers(unsigned count, task run);
  ~workers();
  workers(const workers&) = delete;
  workers& operator=(const workers&) = delete;

  void push_here(void* place);
  void push_last(void* place);
  // Until no task is left.
  void wait();

 private:
  struct threads;
  std::unique_ptr<threads> is_;
};

}  // namespace copycost::graph
